"""The administration without a server: hours, holidays, files, macros, refusals, previews."""

from __future__ import annotations

import json

import pytest

from revivatui.state import admin_inboxes, admin_people, admin_texts, canned_files
from revivatui.state.admin import (
    Canned,
    DayHours,
    Holdings,
    HookSetup,
    InboxSetup,
    MacroStep,
    Staff,
)
from revivatui.state.admin_change import HIDDEN, Preview, bare_url
from revivatui.state.admin_refusals import explain
from revivatui.state.holidays import BadHolidays, read_holidays
from revivatui.state.macro_words import Names, lines_of, steps_of
from tests.api.recordings import VERSIONS, rows

NAMES = Names({2: "Ben Counter", 3: "Cleo"}, {1: "bench"}, frozenset({"urgent", "quote"}))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9-18", DayHours(1, False, False, 9, 0, 18, 0)),
        (" 09:30 - 18:15 ", DayHours(1, False, False, 9, 30, 18, 15)),
        ("9.30–18", DayHours(1, False, False, 9, 30, 18, 0)),
        ("all day", DayHours(1, False, True, 0, 0, 23, 59)),
        ("Closed", DayHours(1, True, False, 9, 0, 17, 0)),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: DayHours) -> None:
    assert admin_inboxes.day_of(typed, 1) == hours


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("18-9", "close at 09:00 before it opens at 18:00"),
        ("9-9", "before it opens"),
        ("25-26", "no 25 o'clock"),
        ("nine to five", "no time"),
        ("9", "type hours like"),
        ("9-18-20", "type hours like"),
        ("9:5-10", "no time"),
    ],
)
def test_hours_that_cannot_be_get_a_sentence_with_the_day(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match="Monday") as error:
        admin_inboxes.day_of(typed, 1)
    assert says in str(error.value)


def test_a_closed_day_keeps_its_hours_for_when_it_opens_again() -> None:
    before = DayHours(1, False, False, 10, 15, 16, 45)
    closed = admin_inboxes.day_of("closed", 1, before)
    assert closed == DayHours(1, True, False, 10, 15, 16, 45)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[holiday]]\nname = 'x'\nclosed = true", "give a date"),
        ("[[holiday]]\ndate = 2026-12-25", "either closed = true or hours"),
        ("[[holiday]]\ndate = 2026-12-25\nclosed = true\nhours = '9-10'", "either"),
        ("[[holiday]]\ndate = 2026-12-25\nhours = '18-9'", "before it opens"),
        ("[[holiday]]\ndate = 2026-12-25\nclosed = true\ncolour = 'red'", "colour"),
        ("[[holidays]]\ndate = 2026-12-25\nclosed = true", "holidays"),
        ("[[holiday]]\ndate = 2026-13-45", "no TOML"),
        ("[[holiday]]\ndate = 2026-12-25\nclosed = true\n" * 2, "two entries"),
    ],
)
def test_a_file_of_holidays_that_cannot_be_says_where(text: str, says: str) -> None:
    with pytest.raises(BadHolidays, match=says):
        read_holidays(text)


def test_what_was_agreed_to_is_exactly_this_entry() -> None:
    text = "[[holiday]]\ndate = 2026-12-25\nname = 'x'\nclosed = true\n"
    (one,) = read_holidays(text)
    (same,) = read_holidays(f"# a comment\n{text}")
    (other,) = read_holidays(text.replace("closed = true", "hours = '9-10'"))
    assert one.mark == same.mark
    assert one.mark != other.mark
    assert one.weekday == 5


STEPS = (
    MacroStep("add_label", ("urgent", "quote")),
    MacroStep("remove_label", ("quote",)),
    MacroStep("assign_team", (1,)),
    MacroStep("assign_agent", (2,)),
    MacroStep("assign_agent", ("self",)),
    MacroStep("assign_agent", ("nil",)),
    MacroStep("remove_assigned_team"),
    MacroStep("change_priority", ("high",)),
    MacroStep("change_priority", ("nil",)),
    MacroStep("change_status", ("pending",)),
    MacroStep("send_message", ("Olá\nand \\n stays: yes",)),
    MacroStep("add_private_note", ("n",)),
    MacroStep("mute_conversation"),
    MacroStep("snooze_conversation"),
    MacroStep("resolve_conversation"),
    MacroStep("send_email_transcript", ("x@example.com",)),
    MacroStep("send_webhook_event", ("https://example.com",)),
    MacroStep("send_attachment", (17, {"a": "é"})),
    MacroStep("assign_agent", (99,)),
)


def test_every_action_of_a_macro_is_written_as_a_line_and_read_back() -> None:
    text = lines_of(STEPS, NAMES)
    assert len(text.splitlines()) == len(STEPS)
    assert steps_of(text, NAMES) == STEPS


@pytest.mark.parametrize("version", VERSIONS)
def test_every_recorded_macro_is_written_as_lines_and_read_back(version: str) -> None:
    seen = 0
    for row in rows(version, "admin-http"):
        if row["method"] in ("POST", "PUT") and "/macros" in row["path"]:
            steps = tuple(
                MacroStep(one["action_name"], tuple(one["action_params"]))
                for one in row["body"].get("actions", ())
            )
            assert not steps or steps_of(lines_of(steps, NAMES), NAMES) == steps
            seen += bool(steps)
    assert seen >= 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("explode", "no action known"),
        ("add label: nope", "no label is called 'nope'"),
        ("assign agent: Nobody Known", "no agent is called"),
        ("set status: closed", "none of open"),
        ("send:", "say what behind"),
        ("", "one action at least"),
    ],
)
def test_a_line_that_is_no_action_says_which_and_why(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        steps_of(f"resolve\n{line}" if line else "", NAMES)
    if line:
        assert str(error.value).startswith("Line 2")


@pytest.mark.parametrize("kind", ["csv", "toml"])
def test_canned_responses_survive_a_file_in_either_form(kind: str) -> None:
    known = [
        Canned(1, "hi", 'Olá, "{{contact.name}}"\nsecond line, with comma\\'),
        Canned(2, "emoji", "😀\tб"),
    ]
    text = canned_files.written(known, kind)
    found = canned_files.read(text, kind)
    assert found[0] == ("hi", known[0].content)
    assert found[1][0] == "emoji"


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("code,text\na,b\n", "csv", "first line"),
        ("short_code,content\na\n", "csv", "Row 2 has 1 columns"),
        ("short_code,content\na,\n", "csv", "Row 2: the text is missing"),
        ("short_code,content\na,b\na,c\n", "csv", "in the file twice"),
        ("short_code,content\n", "csv", "no canned response"),
        ("canned = 5", "toml", r"begin with \[\[canned\]\]"),
        ("[[canned]]\nshort_code = 'a'", "toml", "Entry 1 needs"),
        ("[[canned", "toml", "no TOML"),
    ],
)
def test_a_file_of_canned_responses_that_cannot_be_says_where(
    text: str, kind: str, says: str
) -> None:
    with pytest.raises(canned_files.BadFile, match=says):
        canned_files.read(text, kind)


def test_an_import_says_each_response_that_is_added_or_changed_and_none_that_is_the_same() -> None:
    known = (Canned(1, "a", "A"), Canned(2, "b", "B"), Canned(3, "only-here", "x"))
    change = admin_texts.import_canned(known, [("a", "A"), ("b", "BB"), ("c", "C")])
    assert change.more == ("changed /b: B -> BB", "added /c: C")
    assert [one.method for one in change.requests] == ["PATCH", "POST"]
    assert "1 added, 1 changed, 1 the same" in change.title


def test_a_preview_shows_method_path_and_every_field_and_no_secret() -> None:
    hook = HookSetup(-1, "https://ann:pass@h.example/a?key=s3cret#x", "B", ("message_created",))
    preview = Preview(admin_texts.add_webhook(hook, True), "/api/v1/accounts/1/")
    ((called, body),) = preview.requests()
    assert called == "POST /api/v1/accounts/1/webhooks"
    assert body == (
        f"webhook.url = https://h.example/a {HIDDEN}",
        "webhook.name = B",
        "webhook.subscriptions = [message_created]",
    )
    told = json.dumps([one.after for one in preview.differences()])
    assert "s3cret" not in told
    assert "pass" not in told


def test_what_looks_like_a_token_in_an_address_is_hidden() -> None:
    assert "Ab3dEfGh1jKlMnOpQrStUv" not in bare_url("https://h.example/Ab3dEfGh1jKlMnOpQrStUv/x")
    assert bare_url("https://h.example:8443/hook") == "https://h.example:8443/hook"


def test_removing_an_agent_says_what_they_hold_and_wants_the_name() -> None:
    ben = Staff(2, "Ben Counter", "ben@shop.example", "agent")
    change = admin_people.remove_agent(ben, Holdings(3, ("Website",), ("bench",)))
    told = "\n".join(change.warnings)
    assert "3 open conversations" in told
    assert "Website" in told
    assert "bench" in told
    assert change.confirm == "Ben Counter"
    assert change.undo is None


def test_a_custom_role_survives_a_change_of_name() -> None:
    ben = Staff(2, "Ben", "b@x.example", "agent", custom_role_id=7)
    body = admin_people.change_agent(ben, "Benny", "agent").requests[0].body
    assert body == {"name": "Benny", "role": "agent", "custom_role_id": 7}


def test_the_way_back_of_a_change_is_the_change_backwards() -> None:
    before = InboxSetup(7, "Website", hours=tuple(DayHours(day) for day in range(7)))
    week = admin_inboxes.week_of(dict.fromkeys(range(7), "10-12"), before)
    after = InboxSetup(7, "Website", hours=week, timezone="Europe/Lisbon", hours_enabled=True)
    change = admin_inboxes.change_hours(before, after)
    assert change.undo is not None
    back = change.undo(None)
    assert back.differences == tuple(
        type(one)(one.field, one.after, one.before) for one in change.differences
    )


REFUSED = {
    "same e-mail": ("agents", "email"),
    "bad e-mail": ("agents", "email"),
    "same name": ("teams", "name"),
    "no such user": ("", ""),
    "same title": ("labels", "title"),
    "empty": ("canned", "content"),
    "same URL": ("webhooks", "url"),
    "bad URL": ("webhooks", "url"),
    "bad subscription": ("webhooks", "events"),
    "bad action": ("macros", "steps"),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_recorded_refusal_gets_a_sentence_at_its_field(version: str) -> None:
    seen = set()
    for row in rows(version, "admin-http"):
        kind, field = REFUSED.get(row.get("label") or "", ("", ""))
        if not kind or row["status"] < 400:
            continue
        answer = row["answer"]
        said = answer.get("message") or str(answer.get("error"))
        told = explain(kind, said, "invalid")
        assert told.words.endswith(".")
        assert told.words != said
        assert told.field == field or (kind, told.field) == ("canned", "short_code"), row["label"]
        seen.add(row["label"])
    assert seen == {one for one, (kind, _) in REFUSED.items() if kind}


def test_a_refusal_by_role_is_explained_and_says_that_one_stays_signed_in() -> None:
    told = explain("labels", "You are not authorized to do this action", "not_allowed")
    assert "administrator" in told.words
    assert "stay signed in" in told.words
