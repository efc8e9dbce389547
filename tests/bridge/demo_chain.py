"""Everything that the demo runs beside its desk: shop, CRM and bridge, each a process of its own.

with running_chain(folder) as chain:
    regular = chain.regular()
    regular.writes("Is it ready?")
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from revivatui import config
from revivatui.bridge_demo import BridgeBeside, bridge_beside
from revivatui.cli_demo import PLACE, running_shop, settings_for
from revivatui.crm_demo import filled_beside
from revivatui.paths import Paths
from tests.support.shops import NONE_IDLE

PATIENCE = 240.0
"""Seconds after which a test gives up: filling a CRM takes seconds of a core of one's own."""
WAITING = "SELECT count(*) FROM bridge_inbox WHERE state = 'new'"
REGULAR = """
    SELECT customers.id, repairs.number FROM external_refs
    JOIN customers ON customers.id = local_id JOIN repairs ON repairs.customer_id = customers.id
    WHERE kind = 'contact' AND external_id = ? AND status NOT IN ('completed', 'cancelled')
    ORDER BY repairs.created_at DESC
"""


@dataclass(frozen=True)
class Regular:
    """A customer of the API inbox who has an open repair, and an open chat of the agent's."""

    chain: Chain
    conversation: int
    contact: int
    customer_id: str
    repair: str
    """The number of their newest open repair."""
    path: str

    def writes(self, text: str) -> int:
        """They say something as their phone's app does; the message's id."""
        answer = self.chain.http.post(f"{self.path}/messages", json={"content": text})
        return int(answer.raise_for_status().json()["id"])


class Chain:
    """Shop and CRM while they run; the bridge can be ended and begun again."""

    def __init__(self, shop: dict[str, Any], folder: Path, http: httpx.Client) -> None:
        self.shop = shop
        self.http = http
        self.paths = Paths.under(folder / "desk")
        self.settings = settings_for(shop, config.Settings())
        self.crm = self.paths.data / self.settings.crm_url

    @contextmanager
    def bridge(self) -> Iterator[BridgeBeside]:
        """A bridge at work, everything caught up with."""
        log = self.paths.logs / "bridge.log"
        began = time.time()
        with bridge_beside(self.crm, self.shop, PLACE, log, first_days=1, nice=0) as beside:
            self.until(lambda: beside.trouble or self.caught_up_at() >= began, "caught up")
            assert not beside.trouble, log.read_text()
            self.at_rest()
            yield beside

    # --- asking ----------------------------------------------------------------------------------

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[Any]:
        """What the CRM's file says; nothing while there is none."""
        if not self.crm.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.crm}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA busy_timeout = 5000")
            try:
                return database.execute(question, values).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):  # the bridge has not made its own yet
                    return []
                raise

    def caught_up_at(self) -> float:
        rows = self.ask("SELECT value FROM bridge_state WHERE name = 'backfill:until'")
        return float(rows[0][0]) if rows else 0.0

    def at_rest(self) -> None:
        """Until everything that came in is in the CRM. What is to be written into Chatwoot may
        wait for a minute to be over."""
        self.until(lambda: self.ask(WAITING) == [(0,)], "at rest")

    def until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"never: {what}"
            time.sleep(0.05)

    def comments_of(self, conversation: int) -> list[tuple[int, str, bool]]:
        """Message, text, whether for agents alone; in the order of the chat."""
        return self.ask(
            "SELECT chatwoot_message_id, content, is_internal FROM ticket_comments"
            " JOIN chat_conversations ON crm_ticket_id = ticket_comments.ticket_id"
            " WHERE chatwoot_id = ? ORDER BY chatwoot_message_id",
            (conversation,),
        )

    def as_administrator(self, path: str, **query: Any) -> Any:
        answer = self.http.get(
            f"/api/v1/accounts/{self.shop['account_id']}/{path}",
            params=query,
            headers={"api_access_token": self.shop["administrator"]["token"]},
        )
        return answer.raise_for_status().json()

    def as_agent(self, path: str, **query: Any) -> Any:
        answer = self.http.get(
            f"/api/v1/accounts/{self.shop['account_id']}/{path}",
            params=query,
            headers={"api_access_token": self.shop["agent"]["token"]},
        )
        return answer.raise_for_status().json()

    # --- the people ------------------------------------------------------------------------------

    def regular(self) -> Regular:
        inboxes = {
            one["id"]: one["inbox_identifier"]
            for one in self.as_administrator("inboxes")["payload"]
            if one["channel_type"] == "Channel::Api"
        }
        listed = self.as_agent("conversations", assignee_type="me", status="open")
        for row in listed["data"]["payload"]:
            contact = row["meta"]["sender"]["id"]
            known = self.ask(REGULAR, (str(contact),))
            if row["inbox_id"] in inboxes and known:
                source = self._source_of(contact, row["inbox_id"])
                path = f"/public/api/v1/inboxes/{inboxes[row['inbox_id']]}/contacts/{source}"
                path = f"{path}/conversations/{row['id']}"
                return Regular(self, row["id"], contact, known[0][0], known[0][1], path)
        raise AssertionError("none of the agent's customers has an open repair")

    def _source_of(self, contact: int, inbox: int) -> str:
        found = self.as_administrator(f"contacts/{contact}")["payload"]["contact_inboxes"]
        return next(str(one["source_id"]) for one in found if one["inbox"]["id"] == inbox)


@contextmanager
def running_chain(folder: Path, chatwoot: str = "4.10.1") -> Iterator[Chain]:
    """Shop and CRM as the demo has them, without anybody who writes by themselves."""
    with ExitStack() as stack:
        shop = stack.enter_context(running_shop(chatwoot, "demo", "none", "none", folder / "shop"))
        http = stack.enter_context(
            httpx.Client(base_url=shop["url"], limits=NONE_IDLE, trust_env=False, timeout=30)
        )
        chain = Chain(shop, folder, http)
        chain.paths.make()
        stack.enter_context(filled_beside(chain.crm, shop, PLACE, nice=0))
        chain.until(chain.crm.exists, "a filled CRM")
        yield chain


def children_of(pid: int) -> dict[int, str]:
    """The processes that a process started, with their command lines (Linux)."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if parent == pid:
            found[int(folder.name)] = words
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
