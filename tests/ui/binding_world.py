"""What stands behind the desk while its binding is tried: a shop whose news come in any order, and
an engine that does at once what needs no server and notes for which conversation it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from textual.screen import Screen

from revivatui.engine.changes import Undone
from revivatui.state import changes as making
from revivatui.state import drafts, events, journal
from revivatui.state.models import (
    INCOMING,
    OUTGOING,
    Change,
    Counts,
    ListView,
    Message,
    SendEntry,
    Sender,
)
from revivatui.state.order import in_filter, in_tab
from revivatui.state.store import Store
from tests.ui.scene import NOW, OPENED, Scene, SceneApp

NUMBERS: Final = tuple(OPENED - n for n in range(12))
LISTED_AT_FIRST: Final = 8
"""The other rows come with a later page."""


def name_of(number: int) -> str:
    """A name that no other customer has and that no bar cuts."""
    return f"Person{OPENED - number:02d}"


class People(Scene):
    """The fixed day with customers who can be told apart by their names alone."""

    def __init__(self) -> None:
        super().__init__()
        self.names = [name_of(number) for number in NUMBERS]

    def all(self) -> Iterator[events.Event]:
        for event in super().all():
            if isinstance(event, events.ConversationsLoaded):
                event = replace(
                    event, conversations=event.conversations[:LISTED_AT_FIRST], last=False
                )
            yield event


class TriedApp(SceneApp):
    """A desk whose changes are shown when the trial says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "nordic")
        self.people = People()
        self._told = tuple(self.people.all())

    def get_default_screen(self) -> Screen[Any]:
        screen = super().get_default_screen()
        assert self.session is not None
        self.session.store._schedule = lambda flush: None
        return screen


class Intent(NamedTuple):
    """Something the engine was asked to do to a conversation."""

    kind: str
    conversation_id: int
    detail: object = None


class Shop:
    """The server's side: what it holds, and what of it the desk has not heard yet."""

    def __init__(self, store: Store, people: People) -> None:
        self.store = store
        self.people = people
        self.rows = {number: people.conversation(n) for n, number in enumerate(NUMBERS)}
        self.late: list[Callable[[], Iterator[events.Event]]] = []
        """Answers under way; each is made when it is delivered."""
        self._ids = 20_000
        self._at = NOW - 500

    def _next(self) -> int:
        self._ids += 1
        return self._ids

    def _later(self) -> float:
        self._at += 1
        return self._at

    def tell(self, event: events.Event) -> None:
        self.store.dispatch(event)

    # --- what happens there -------------------------------------------------------------------

    def somebody_writes(self, number: int, who: str) -> None:
        """The customer or a colleague writes: the row goes to the top."""
        place = NUMBERS.index(number)
        at = self._later()
        kind, sender = INCOMING, Sender("contact", 100 + place, name_of(number))
        if who == "colleague":
            kind, sender = OUTGOING, Sender("user", 2, "Cleo Bench")
        message = Message(
            self._next(), number, 1, kind, f"news {self._ids}", at, sender=sender, updated_at=at
        )
        row = self.rows[number]
        self.rows[number] = replace(row, last_activity_at=at, preview=message, updated_at=at)
        self.tell(events.MessageArrived(message, NOW, row.unread_count + 1, at))

    def somebody_changes(self, number: int, **fields: Any) -> None:
        """A colleague resolves it, takes it, opens it again: it may leave the list or come back."""
        self.rows[number] = replace(self.rows[number], updated_at=self._later(), **fields)
        self.tell(self._read(number))

    def _read(self, *numbers: int) -> events.Event:
        rows = tuple(self.rows[number] for number in numbers)
        contacts = tuple(self.people.contact(NUMBERS.index(number)) for number in numbers)
        return events.ConversationsRead(rows, contacts, self.store.state.sequence, NOW)

    def vanishes(self, number: int) -> None:
        self.tell(events.ConversationGone(number, "not found"))

    def comes_back(self, number: int) -> None:
        self.tell(self._read(number))

    def somebody_types(self, number: int, on: bool) -> None:
        place = NUMBERS.index(number)
        self.tell(
            events.TypingChanged(number, "contact", 100 + place, name_of(number), False, on, NOW)
        )

    def counts(self, some: int) -> None:
        self.tell(events.CountsLoaded(self.store.state.view, Counts(some, 3, some + 7), NOW))

    def link(self, state: str) -> None:
        self.tell(events.LinkChanged(state, NOW, "Nobody answers." if state != "live" else ""))

    # --- answers that come late ---------------------------------------------------------------

    def deliver(self, place: int) -> None:
        """One of the answers under way arrives; which one is anybody's guess."""
        if self.late:
            for event in self.late.pop(place % len(self.late))():
                self.tell(event)

    def page(self, view: ListView) -> None:
        self.late.append(lambda: self._page(view))

    def _page(self, view: ListView) -> Iterator[events.Event]:
        me = self.people.me.id
        inside = [
            row
            for row in self.rows.values()
            if in_filter(view, row)
            and in_tab(view.tab, row, me)
            and row.id not in self.store.state.gone
        ]
        inside.sort(key=lambda row: -row.last_activity_at)
        contacts = tuple(self.people.contact(NUMBERS.index(row.id)) for row in inside)
        counts = Counts(len(inside), 0, len(inside))
        asked = self.store.state.sequence
        yield events.ConversationsLoaded(view, 1, tuple(inside), contacts, counts, True, asked, NOW)

    def thread(self, number: int) -> None:
        self.late.append(lambda: self._thread(number))

    def _thread(self, number: int) -> Iterator[events.Event]:
        preview = self.rows[number].preview
        held = [preview] if preview is not None else []
        first = self.people.message(number, number, "Hello", NOW - 9000)
        asked = self.store.state.sequence
        yield events.MessagesLoaded(number, (first, *held), "newest", True, asked, NOW)

    def change_answered(self, change: Change) -> None:
        self.late.append(lambda: self._change_answered(change))

    def _change_answered(self, change: Change) -> Iterator[events.Event]:
        now = self.store.state.changes.get(change.id)
        if now is not None and now.state in making.ACTIVE:
            number = change.conversation_id
            row = replace(self.rows[number], updated_at=self._later(), **change.after)
            self.rows[number] = row
            yield events.ChangeMoved(making.done(now))
            yield self._read(number)

    def send_answered(self, entry: SendEntry) -> None:
        self.late.append(lambda: self._send_answered(entry))

    def _send_answered(self, entry: SendEntry) -> Iterator[events.Event]:
        now = self.store.state.sends.get(entry.reference)
        if now is None or now.state != journal.QUEUED:
            return
        fate = self._next() % 3
        if fate == 0:
            yield events.SendChanged(journal.held(now, "Somebody wrote meanwhile."))
            return
        if fate == 1:
            yield events.SendChanged(replace(now, state=journal.FAILED, reason="Refused."))
            return
        at, me = self._later(), self.people.me
        message = Message(
            self._next(), now.conversation_id, 1, OUTGOING, now.content, at,
            private=now.private, sender=Sender("user", me.id, me.name), reference=now.reference,
        )  # fmt: skip
        yield events.SendChanged(journal.sent(now, message.id), message)


class NotingEngine:
    """Does at once what the real one does at once, and notes every intent of a conversation."""

    def __init__(self, app: TriedApp) -> None:
        assert app.session is not None
        self.session = app.session
        self.store = app.session.store
        self.shop = Shop(self.store, app.people)
        self.asked: list[Intent] = []
        self.aimed: Callable[[int], int] = lambda given: given
        self.written_to: Callable[[int], int] = lambda given: given
        """Where changes and writing go: broken on purpose by some tests."""
        app.session.engine = self  # type: ignore[assignment]

    @property
    def state(self) -> Any:
        return self.store.state

    def _note(self, kind: str, conversation_id: int, detail: object = None) -> None:
        self.asked.append(Intent(kind, conversation_id, detail))

    def __getattr__(self, intent: str) -> Callable[..., None]:
        return lambda *given: None

    # --- reading ------------------------------------------------------------------------------

    def open(self, conversation_id: int) -> None:
        self._note("open", conversation_id)
        self.store.dispatch(events.ConversationOpened(conversation_id))
        self.shop.thread(conversation_id)

    def choose_view(self, view: ListView) -> None:
        self.store.dispatch(events.ViewChosen(view))
        self.shop.page(view)

    def load_more(self) -> None:
        self.shop.page(self.state.view)

    def refresh(self) -> None:
        self.shop.page(self.state.view)

    # --- writing ------------------------------------------------------------------------------

    def draft(self, conversation_id: int, private: bool, text: str) -> None:
        conversation_id = self.written_to(conversation_id)
        self._note("draft", conversation_id, text)
        self.store.dispatch(
            events.DraftChanged(drafts.written(conversation_id, private, text, NOW))
        )

    def typing(self, conversation_id: int, on: bool, private: bool) -> None:
        if on:
            self._note("typing", conversation_id)

    def send(
        self, conversation_id: int, text: str, private: bool,
        in_reply_to: int | None = None, seen_id: int | None = None,
    ) -> str:  # fmt: skip
        conversation_id = self.written_to(conversation_id)
        self._note("send", conversation_id, text)
        reference = f"ref-{len(self.asked)}"
        entry = SendEntry(
            reference, conversation_id, 1, text, private, NOW + len(self.asked), seen_id=seen_id
        )
        self.store.dispatch(events.SendChanged(entry))
        self.shop.send_answered(entry)
        return reference

    def _entry(self, reference: str) -> SendEntry | None:
        found: SendEntry | None = self.state.sends.get(reference)
        return found

    def send_anyway(self, reference: str, seen_id: int | None = None) -> None:
        self._again("send_anyway", reference)

    def retry(self, reference: str) -> None:
        self._again("retry", reference)

    def _again(self, kind: str, reference: str) -> None:
        entry = self._entry(reference)
        if entry is not None:
            self._note(kind, entry.conversation_id)
            entry = replace(entry, state=journal.QUEUED, reason="")
            self.store.dispatch(events.SendChanged(entry))
            self.shop.send_answered(entry)

    def take_back(self, reference: str) -> str:
        entry = self._entry(reference)
        if entry is None or entry.state in (journal.SENDING, journal.SENT):
            return ""
        self._note("take_back", entry.conversation_id)
        self.store.dispatch(events.SendForgotten(reference))
        return entry.content

    def delete_message(self, conversation_id: int, message_id: int) -> None:
        self._note("delete", conversation_id)

    # --- changes ------------------------------------------------------------------------------

    def _make(
        self, kind: str, make: Callable[..., Change], conversation_id: int, *given: object
    ) -> None:
        conversation_id = self.aimed(conversation_id)
        self._note(kind, conversation_id, given)
        if self.state.shown(conversation_id) is None:
            return
        change = make(self.state, conversation_id, *given)
        if making.is_noop(change):
            return
        held = making.hold_seconds(self.state, change)
        change = making.waiting(change, NOW + held) if held else making.sending(change)
        self.store.dispatch(events.ChangeMoved(change))
        self.shop.change_answered(change)

    def assign(self, conversation_id: int, agent_id: int | None) -> None:
        self._make("assign", making.assign, conversation_id, agent_id)

    def assign_team(self, conversation_id: int, team_id: int | None) -> None:
        self._make("team", making.assign_team, conversation_id, team_id)

    def set_status(
        self, conversation_id: int, status: str, snoozed_until: float | None = None
    ) -> None:
        self._make("status", making.set_status, conversation_id, status, snoozed_until)

    def set_priority(self, conversation_id: int, word: str | None) -> None:
        self._make("priority", making.set_priority, conversation_id, word)

    def set_labels(self, conversation_id: int, labels: list[str]) -> None:
        self._make("labels", making.set_labels, conversation_id, labels)

    def mark_read(self, conversation_id: int) -> None:
        self._make("read", making.mark_read, conversation_id)

    def mark_unread(self, conversation_id: int) -> None:
        self._make("unread", making.mark_unread, conversation_id)

    def undo(self) -> Undone | None:
        change = making.undoable(self.state)
        if change is None:
            return None
        self.store.dispatch(events.ChangeMoved(making.undone(change)))
        return Undone(change, "as it was", False)
