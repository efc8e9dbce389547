"""What the demo reads in its chats, without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from revivatui.crm.chat_keys import Chat
from revivatui.crm.demo_affairs import DemoAffair
from revivatui.crm.demo_catalogue import services
from revivatui.crm_demo_chats import affairs_of
from revivatui.crm_demo_words import Spoken, device_in, fault_in, price_in, stage_in
from revivatui.shop.seed.catalogue import DEVICES
from revivatui.shop.seed.talk import LANGUAGES, scenarios

NOW = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # a Thursday
CODES = {one.code for one in services()}


def spoken(*turns: str) -> tuple[Spoken, ...]:
    """Turns of a talk; an agent's begin with ">"."""
    return tuple(
        Spoken.of(one.removeprefix("> "), is_customer=not one.startswith(">"), at=place)
        for place, one in enumerate(turns)
    )


def row(*turns: str, ago: timedelta = timedelta(hours=1), **more: Any) -> dict[str, Any]:
    at = int((NOW - ago).timestamp())
    messages = [
        {
            "content": one.removeprefix("> "),
            "message_type": 1 if one.startswith(">") else 0,
            "private": False,
            "created_at": at + place,
        }
        for place, one in enumerate(turns)
    ]
    kept = {"status": "open", "labels": [], "custom_attributes": {}, "inbox_id": 1}
    return {"id": 5, "meta": {"sender": {"id": 9}}, "messages": messages, **kept, **more}


def affair(*turns: str, **more: Any) -> DemoAffair:
    (found,) = affairs_of([row(*turns, **more)], Chat("demo", 1), NOW)[9]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_first_message_of_the_shops_scripts_that_names_a_device_is_understood(
    language: Any,
) -> None:
    values = {"years": "7", "days": "5", "day": "Monday", "time": "9:30", "ticket": "RT-2345"}
    told_nothing = set()
    for scenario in scenarios(language):
        kinds = ("phone", "laptop", "tablet") if scenario.devices == ("any",) else scenario.devices
        for model in (model for kind in kinds for model in DEVICES[kind]):
            for text in scenario.first[0].texts:
                if "{device}" not in text:
                    continue
                said = spoken(text.format(device=model, **values))
                assert device_in(said, "") == model
                code, fault = fault_in(said, model, [])
                assert not code or (code in CODES and fault)
                if not code:
                    told_nothing.add(scenario.name)
    assert told_nothing <= {"status", "estado", "appointment", "warranty"}


def test_a_device_that_the_chat_is_marked_with_goes_before_another_that_is_named() -> None:
    said = spoken("My Samsung T7 shows 0 bytes", "It was in a Dell XPS 13")
    assert device_in(said, "Samsung T7") == "Samsung T7"
    assert device_in(said, "") == "Dell XPS 13"
    assert device_in(spoken("Any update on RT-2345?"), "iPad 9") == "iPad 9"
    assert device_in(spoken("Hello"), "\x1b[31mx") == ""


def test_a_price_is_the_range_the_one_chosen_or_the_one_said_first() -> None:
    assert price_in(spoken("> Between 290 and 890 €, no data, no fee.")) == (290, 890)
    assert price_in(spoken("> Entre 290 e 890 €.")) == (290, 890)
    both = "> 119 € compatible, 359 € original, fitted in an hour"
    assert price_in(spoken(both)) == (119, 119)
    assert price_in(spoken(both, "Then the original please.")) == (359, 359)
    assert price_in(spoken("I paid 80 € last time")) is None


def test_the_newest_words_say_how_far_it_is() -> None:
    assert stage_in(spoken("I cracked the screen of my Pixel 7")) is None
    assert stage_in(spoken("How much?", "> 119 € compatible")) == "quoted"
    assert stage_in(spoken("> Quote attached", "Approved. Thanks")) == "approved"
    assert stage_in(spoken("Is my iPad 9 ready?", "> It is ready! 75 € to pay")) == "ready"
    assert stage_in(spoken("Boa tarde, o meu iPad 9 já está pronto?")) == "asks"


def test_who_asks_after_eleven_days_brought_it_in_eleven_days_ago() -> None:
    found = affair("Is my iPad 9 ready? It's been 11 days.")
    assert NOW - found.starts > timedelta(days=11)
    assert found.goal in ("in_repair", "ready", "awaiting_parts", "testing")


def test_a_day_that_was_agreed_is_the_visit_and_one_that_is_past_was_kept() -> None:
    turns = (
        "My Pixel 7 does not charge any more",
        "> Saturday at 9:45 is free",
        "See you Saturday",
    )
    found = affair(*turns)
    assert (found.goal, found.visit) == ("booked", datetime(2026, 11, 28, 9, 45, tzinfo=UTC))
    assert affair(*turns, ago=timedelta(days=7)).goal in ("received", "diagnosing")


def test_the_same_chats_make_the_same_affairs_and_a_case_that_is_none_is_left_out() -> None:
    turns = ("The screen you put into my iPad 9 5 weeks ago has lines.",)
    marked = {"device": "iPad 9", "ticket": "RT-1\x1b]0;x"}
    found = affair(*turns, custom_attributes=marked)
    assert found == affair(*turns, custom_attributes=marked)
    assert found.is_warranty
    assert found.case == ""
    assert found.title(found.fault) == "iPad 9: screen has lines"


def test_what_is_resolved_was_collected_unless_it_was_about_a_price() -> None:
    done: dict[str, Any] = {"status": "resolved", "last_activity_at": int(NOW.timestamp()) - 90_000}
    assert affair("My iPad 9 again", **done).goal == "completed"
    chats = [row("Price for a keyboard in a iPad 9?", labels=["quote"], **done)]
    assert affairs_of(chats, Chat("demo", 1), NOW) == {}
