"""What a desk shows, held against the server's own rows: past the wire, past the proxy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import QueryParams

from revivatui.api import convert
from revivatui.api.calls_conversations import view_params
from revivatui.api.schemas import conversations as wire
from revivatui.api.schemas import messages as wire_messages
from revivatui.shop import lists
from revivatui.shop.db import Row
from revivatui.shop.render import rest
from revivatui.shop.world import Shop
from revivatui.state import order
from revivatui.state.hold import interned
from revivatui.state.models import Contact, Conversation, Counts, ListView, Message
from revivatui.state.select import counts, list_state, thread, visible_ids
from revivatui.state.state import State

COMPARED: Final = (
    *("inbox_id", "status", "contact_id", "created_at", "last_activity_at", "assignee_id"),
    *("assignee_kind", "team_id", "priority", "labels", "unread_count", "snoozed_until"),
    *("waiting_since", "first_reply_at", "custom_attributes"),
)
"""Of a conversation: what its row or the pane beside it shows."""
COMPARED_CONTACT: Final = ("name", "email", "phone_number", "custom_attributes")
COMPARED_MESSAGE: Final = (
    *("id", "message_type", "content", "private", "status", "content_type", "deleted"),
    "created_at",
)


@dataclass
class Findings:
    """What was looked at, and what was wrong."""

    views: int = 0
    threads: int = 0
    wrong: list[str] = field(default_factory=list)
    """In a sealed view."""
    doubted: list[str] = field(default_factory=list)
    """The same, where the desk has already marked what is wrong to be read again."""
    names: list[str] = field(default_factory=list)
    """What is wrong about a customer in a sealed list."""
    bylines: list[str] = field(default_factory=list)
    """A customer's old name beside a message in a sealed thread."""


class Truth:
    """The server as the desk's agent may see it, now."""

    def __init__(self, shop: Shop, user: Row) -> None:
        self._shop = shop
        self._user = user
        self._rows: dict[int, Conversation] = {}
        self._contacts: dict[int, Contact] = {}

    def refresh(self) -> None:
        """Forget what was looked up."""
        self._rows.clear()
        self._contacts.clear()

    def conversation(self, number: int) -> Conversation:
        if number not in self._rows:
            row = self._shop.db.find("conversations", account_id=1, display_id=number)
            assert row is not None
            told = wire.Conversation.model_validate(rest.conversation(self._shop, row, self._user))
            self._rows[number] = interned(convert.conversation(told))
            person = convert.contact_of(told)
            assert person is not None
            self._contacts[person.id] = person
        return self._rows[number]

    def contact(self, conversation: Conversation) -> Contact:
        return self._contacts[conversation.contact_id]

    def list_of(self, view: ListView) -> tuple[list[int], Counts]:
        """The server's rows of a list in its order, and the numbers of its tabs."""
        asker = lists.Asker(1, self._user["id"], False, self._shop.version, self._shop.clock.now())
        ids: list[int] = []
        page = 1
        while True:
            params = {**view_params(view), "page": page}
            found = lists.list_conversations(self._shop.db, asker, _query(params))
            ids += found.ids
            if len(found.ids) < lists.CONVERSATIONS_PER_PAGE:
                told = found.counts
                return self._numbers(ids), Counts(told.mine, told.unassigned, told.all)
            page += 1

    def _numbers(self, ids: Sequence[int]) -> list[int]:
        marks = ",".join("?" * len(ids))
        pairs = self._shop.db.all(
            f"SELECT id, display_id FROM conversations WHERE id IN ({marks})", list(ids)
        )
        number = {row["id"]: row["display_id"] for row in pairs}
        return [number[one] for one in ids]

    def messages(self, number: int, from_id: int) -> list[Message]:
        rows = self._shop.db.all(
            "SELECT messages.* FROM messages JOIN conversations ON conversations.id ="
            " conversation_id WHERE display_id = ? AND messages.id >= ? ORDER BY messages.id",
            (number, from_id),
        )
        return [
            convert.message(
                wire_messages.Message.model_validate(rest.message(self._shop, row)), number
            )
            for row in rows
        ]


def _query(params: dict[str, Any]) -> QueryParams:
    pairs = []
    for name, value in params.items():
        many = value if isinstance(value, list) else [value]
        pairs += [(name, str(one)) for one in many]
    return QueryParams(pairs)


# --- comparing -----------------------------------------------------------------------------------


def judge(state: State, truth: Truth, threads: Iterable[int]) -> Findings:
    """Everything that calls itself sealed."""
    truth.refresh()
    findings = Findings()
    for view in list(state.views):
        if view.text or not list_state(state, view).sealed:
            continue
        findings.views += 1
        _judge_list(state, truth, view, findings)
    for number in threads:
        shown = thread(state, number)
        if shown.sealed:
            findings.threads += 1
            _judge_thread(state, truth, number, findings)
    return findings


def _judge_list(state: State, truth: Truth, view: ListView, findings: Findings) -> None:
    shown = visible_ids(state, view)
    real, numbers = truth.list_of(view)
    problem = _wrong_order(state, truth, view, shown, real)
    if problem:
        doubted = bool(state.doubts or state.unknown)
        (findings.doubted if doubted else findings.wrong).append(f"{_name(view)}: {problem}")
    for number in shown:
        held = state.conversations.get(number)
        if held is None:
            continue
        for words in wrong_row(held, truth.conversation(number)):
            known = number in state.doubts or number in state.unknown
            (findings.doubted if known else findings.wrong).append(f"{_name(view)}: {words}")
        for words in _wrong_contact(state, truth, number):
            known = held.contact_id in state.contact_doubts
            (findings.doubted if known else findings.names).append(f"{_name(view)}: {words}")
    everything = ListView(**{**_fields(view), "tab": "all"})
    told = counts(state, view)
    whole = list_state(state, everything)
    if whole.complete and whole.sealed and told != numbers:
        doubted = bool(state.doubts or state.unknown)
        words = f"{_name(view)}: counts {told}, not {numbers}"
        (findings.doubted if doubted else findings.wrong).append(words)


def _fields(view: ListView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in ListView.__slots__}


def _name(view: ListView) -> str:
    return f"list {view.tab}/{view.status}/{view.sort}"


def _wrong_order(
    state: State, truth: Truth, view: ListView, shown: list[int], real: list[int]
) -> str:
    """Rows that tie in whole seconds may stand in any order; at the end of what is loaded some of
    a tie may be missing."""
    key = order.sort_key(view.sort)
    whole = list_state(state, view).complete
    if whole and set(shown) != set(real):
        more, less = sorted(set(shown) - set(real)), sorted(set(real) - set(shown))
        return f"has {more} too many, {less} too few of {len(real)}"
    keys = [key(truth.conversation(one))[:-1] for one in shown]
    if keys != sorted(keys):
        at = next(place for place in range(1, len(keys)) if keys[place] < keys[place - 1])
        return f"order wrong at row {at}: {shown[at - 1]}, {shown[at]}"
    if not whole and shown:
        above = {one for one in real if key(truth.conversation(one))[:-1] < keys[-1]}
        tied = {one for one in real if key(truth.conversation(one))[:-1] == keys[-1]}
        missing, extra = above - set(shown), set(shown) - above - tied
        if missing or extra:
            return f"misses {sorted(missing)}, has {sorted(extra)} too many of {len(shown)} rows"
    return ""


def wrong_row(held: Conversation, real: Conversation) -> list[str]:
    """What is not as the server has it, in words."""
    found = []
    for name in COMPARED:
        if name == "waiting_since" and real.status == "resolved":
            continue  # 4.x clears it there and tells nobody
        ours, theirs = getattr(held, name), getattr(real, name)
        if ours != theirs:
            found.append(f"conversation {held.id} {name} is {ours!r}, not {theirs!r}")
    ours, theirs = held.preview, real.preview
    pair = [
        (one.id, one.content, one.deleted, one.private) if one is not None else None
        for one in (ours, theirs)
    ]
    if pair[0] != pair[1]:
        found.append(f"conversation {held.id} preview is {pair[0]}, not {pair[1]}")
    return found


def _wrong_contact(state: State, truth: Truth, number: int) -> list[str]:
    real = truth.contact(truth.conversation(number))
    held = state.contacts.get(real.id)
    if held is None:
        return [f"contact {real.id} of {number} is not known"]
    return [
        f"contact {real.id} {name} is {getattr(held, name)!r}, not {getattr(real, name)!r}"
        for name in COMPARED_CONTACT
        if getattr(held, name) != getattr(real, name)
    ]


def _judge_thread(state: State, truth: Truth, number: int, findings: Findings) -> None:
    shown = thread(state, number)
    from_id = 0 if shown.start_reached or not shown.messages else shown.messages[0].id
    real = truth.messages(number, from_id)
    wrong = wrong_messages(shown.messages, real)
    findings.wrong += [f"thread {number}: {one}" for one in wrong]
    if not wrong and _customer_is_sealed(state, number):
        findings.bylines += [
            f"thread {number}: message {ours.id} is by {ours.sender.name!r}, not {their.name!r}"
            for ours, one in zip(shown.messages, real, strict=True)
            if ours.sender is not None and (their := one.sender) and ours.sender.name != their.name
        ]


def _customer_is_sealed(state: State, number: int) -> bool:
    """A thread's seal covers what was said and by whom; the name is the customer's own view, which
    is read with the contact, and with the rows of a list."""
    row = state.conversations.get(number)
    if row is None:
        return False
    read_in, _at = state.contacts_read.get(row.contact_id, (-1, 0.0))
    listed = any(
        not view.text and list_state(state, view).sealed and number in visible_ids(state, view)
        for view in state.views
    )
    return listed or read_in == state.epoch


def wrong_messages(held: Sequence[Message], real: Sequence[Message]) -> list[str]:
    """How two rows of messages differ, in words."""
    ours, theirs = [one.id for one in held], [one.id for one in real]
    if ours != theirs:
        more, less = sorted(set(ours) - set(theirs)), sorted(set(theirs) - set(ours))
        return [f"has messages {more} too many, {less} too few, {len(ours)} of {len(theirs)}"]
    found = [
        f"message {one.id} {name} is {getattr(one, name)!r}, not {getattr(other, name)!r}"
        for one, other in zip(held, real, strict=True)
        for name in COMPARED_MESSAGE
        if getattr(one, name) != getattr(other, name)
    ]
    return found + [
        f"message {one.id} by and with {_parts(one)}, not {_parts(other)}"
        for one, other in zip(held, real, strict=True)
        if _parts(one) != _parts(other)
    ]


def _parts(message: Message) -> tuple[object, ...]:
    """Who wrote it and which files it has. (The demo's messages share files: where one is deleted
    the others' names go too, as they would on no real server.)"""
    by = None if message.sender is None else (message.sender.kind, message.sender.id)
    return by, *(one.id for one in message.attachments)
