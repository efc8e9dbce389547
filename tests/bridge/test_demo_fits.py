"""The demo's CRM, filled over real sockets: it knows what the chats are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from revivatui.cli_demo import PLACE
from revivatui.crm.workflow import STATUSES
from revivatui.shop.seed.catalogue import DEVICES
from tests.bridge.demo_chain import Chain, running_chain

pytestmark = pytest.mark.timeout(500)
MODELS = [model for models in DEVICES.values() for model in models]
MOST = 0.9
"""Of the chats that name a device, how many the CRM has to fit."""
ABOUT = """
    SELECT devices.model, repairs.status, repairs.id FROM chat_conversations
    JOIN repairs ON repairs.ticket_id = crm_ticket_id JOIN devices ON devices.id = device_id
    WHERE installation = ? AND chatwoot_id = ?
"""
THEIRS = """
    SELECT devices.model FROM external_refs JOIN devices ON devices.customer_id = local_id
    WHERE kind = 'contact' AND external_id = ?
"""
SAID = re.compile(r"(\d{2,4}) €")
BETWEEN = re.compile(r"(\d{2,4})(?: €)? (?:and|to|e|a) (\d{2,4}) €")
NEWS = re.compile(r"is my .* ready\?|any news about|já está pronto\?|any update on", re.IGNORECASE)


@dataclass(frozen=True)
class Talk:
    """An open conversation with the words of both sides, newest page."""

    number: int
    contact: int
    noted: str
    customers: list[str]
    agents: list[str]

    @property
    def named(self) -> str:
        """The device its customer names, by the shop's own list; of several the chat's own."""
        text = " ".join(self.customers).lower()
        found = [model for model in MODELS if model.lower() in text]
        return self.noted if self.noted in found else found[0] if len(found) == 1 else ""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with running_chain(tmp_path_factory.mktemp("fits")) as chain:
        yield chain


@pytest.fixture(scope="module")
def talks(chain: Chain) -> list[Talk]:
    found: list[Talk] = []
    page = 1
    while rows := _page(chain, page):
        found += (_talk(chain, row) for row in rows)
        page += 1
    return found


def _page(chain: Chain, page: int) -> list[Any]:
    listed = chain.as_administrator("conversations", status="open", page=page)
    return list(listed["data"]["payload"])


def _talk(chain: Chain, row: dict[str, Any]) -> Talk:
    messages = chain.as_administrator(f"conversations/{row['id']}/messages")["payload"]
    said = [one for one in messages if one["content"] and not one["private"]]
    return Talk(
        row["id"],
        row["meta"]["sender"]["id"],
        row["custom_attributes"].get("device", ""),
        [one["content"] for one in said if one["message_type"] == 0],
        [one["content"] for one in said if one["message_type"] == 1],
    )


def test_a_device_that_a_customer_names_is_theirs_in_the_crm_and_its_repair_is_the_chats(
    chain: Chain, talks: list[Talk]
) -> None:
    naming = [one for one in talks if one.named]
    assert len(naming) > 100
    owned = [one for one in naming if (one.named,) in chain.ask(THEIRS, (str(one.contact),))]
    about = [
        one
        for one in naming
        if [model for model, *_ in chain.ask(ABOUT, (PLACE, one.number))] == [one.named]
    ]
    print(f"{len(naming)} name a device, {len(owned)} have it, {len(about)} are about its repair")
    assert len(owned) >= MOST * len(naming)
    assert len(about) >= MOST * len(naming)


def test_who_asks_for_news_last_has_a_device_in_the_house(chain: Chain, talks: list[Talk]) -> None:
    asking = [one for one in talks if one.named and NEWS.search(one.customers[-1])]
    assert asking
    for one in asking:
        ((_, status, _),) = chain.ask(ABOUT, (PLACE, one.number))
        assert status not in ("booked", "cancelled", "completed"), one


def test_a_quote_is_within_what_the_agents_said(chain: Chain, talks: list[Talk]) -> None:
    checked = 0
    for one in talks:
        told = [int(amount) for text in one.agents for amount in _amounts(text)]
        for _, _, repair in chain.ask(ABOUT, (PLACE, one.number)) if told else ():
            for (total,) in chain.ask(
                "SELECT total_cost_minor / 100.0 FROM quotes WHERE repair_id = ?", (repair,)
            ):
                checked += 1
                assert min(told) <= float(total) <= max(told), (one, total)
    assert checked > 10


def _amounts(text: str) -> list[str]:
    return [*SAID.findall(text), *(end for ends in BETWEEN.findall(text) for end in ends)]


def test_the_repairs_have_every_state_and_the_rare_things_are_there(chain: Chain) -> None:
    assert {status for (status,) in chain.ask("SELECT DISTINCT status FROM repairs")} == set(
        STATUSES
    )
    now = "strftime('%Y-%m-%d %H:%M:%S', 'now')"
    for what, question in {
        "overdue": f"SELECT 1 FROM repairs WHERE status = 'in_repair' AND promised_at < {now}",
        "declined": "SELECT 1 FROM quotes WHERE status = 'declined'",
        "expired": f"SELECT 1 FROM quotes WHERE status = 'pending' AND valid_until < {now}",
        "warranty": "SELECT 1 FROM repairs WHERE is_warranty AND status != 'completed'",
        "merged": "SELECT 1 FROM customers WHERE merged_into_id IS NOT NULL",
        "two devices": "SELECT 1 FROM devices GROUP BY customer_id HAVING count(*) > 1",
    }.items():
        assert chain.ask(question), what
