"""What the agent does to conversations: shown at once, confirmed or taken back.

What reaches the customer or cannot be taken back waits a few seconds, visibly, and undo cancels
it. Every request sets a value, so one whose answer was lost may be looked at and sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
)
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.engine.health import Health
from revivatui.state import changes as making
from revivatui.state.events import ChangeMoved, ConversationsRead
from revivatui.state.models import Change

if TYPE_CHECKING:
    from revivatui.api.answers import ConversationRead
    from revivatui.api.client import ChatwootClient
    from revivatui.engine.reread import Reread

MOST_TRIES = 3
NO_CONNECTION = "There is no connection."
KEPT = "The conversation is as it was."


class Undone(NamedTuple):
    """What undo took back."""

    change: Change
    said: str
    """What the change had done, in words."""
    had_left: bool
    """The server had been asked already: the opposite is on its way."""


class Changes:
    """Owns what becomes of every change."""

    def __init__(self, desk: Desk, health: Health, reread: Reread) -> None:
        self._desk = desk
        self._health = health
        self._reread = reread
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One request at a time per conversation, in the order of the keys."""
        self._released: dict[str, asyncio.Event] = {}
        """Held changes -> set when there is reason to look whether they still wait."""
        self._go_now: set[str] = set()
        """Held changes that need not wait any longer."""
        self._paused_at: float | None = None
        """Since when no held change leaves by itself."""
        self._left: set[str] = set()
        """Changes whose request is under way."""
        self._opposites: set[str] = set()
        """Changes made by undo: undoing again goes further back."""

    # --- what the agent asks for --------------------------------------------------------------

    def make(self, kind: Callable[..., Change], conversation_id: int, *given: object) -> None:
        """Make a change with one of the functions of `state.changes`, and set it going."""
        try:
            change = kind(self._desk.state, conversation_id, *given)
        except making.UnknownConversation:
            self._desk.tell("warning", "This conversation is not here any more.")
            return
        if not making.is_noop(change):
            self._propose(change)

    def _propose(self, change: Change) -> None:
        """Show it at once; it leaves now, or when its hold is over."""
        hold = making.hold_seconds(self._desk.state, change)
        if hold:
            self._released[change.id] = asyncio.Event()
            change = making.waiting(change, self._desk.now() + hold)
        else:
            change = making.sending(change)
        self._desk.dispatch(ChangeMoved(change))
        self._desk.spawn(self._carry_out(change.id), f"changing ({change.kind})")

    def read_with(self, conversation_id: int) -> None:
        """Answering and resolving are reading: marked so, and not a step of its own for undo."""
        shown = self._desk.state.shown(conversation_id)
        if shown is not None and shown.unread_count:
            change = making.mark_read(self._desk.state, conversation_id)
            self._opposites.add(change.id)
            self._propose(change)

    def send_now(self, change_id: str) -> None:
        """Do not wait for the end of a hold."""
        released = self._released.get(change_id)
        if released is not None:
            self._go_now.add(change_id)
            released.set()

    def pause(self) -> None:
        """Nothing that is held leaves by itself: a dialog stands before the key that undoes."""
        if self._paused_at is None:
            self._paused_at = self._desk.now()
            self._look_again()

    def resume(self) -> None:
        """What is held goes on waiting for the seconds it had left."""
        if self._paused_at is None:
            return
        paused = self._desk.now() - self._paused_at
        self._paused_at = None
        for change in making.all_held(self._desk.state):
            assert change.due_at is not None
            self._desk.dispatch(ChangeMoved(making.waiting(change, change.due_at + paused)))
        self._look_again()

    def _look_again(self) -> None:
        for released in self._released.values():
            released.set()

    def undo(self) -> Undone | None:
        """Cancel the newest change where it has not left, else do its opposite; says what."""
        state = self._desk.state
        change = next(
            (
                one
                for one in reversed(state.changes.values())
                if one.state in making.UNDOABLE and one.id not in self._opposites
            ),
            None,
        )
        if change is None:
            return None
        said = making.words(state, change)
        has_left = change.state == "done" or change.id in self._left
        self._desk.dispatch(ChangeMoved(making.undone(change)))
        if has_left:
            with contextlib.suppress(making.UnknownConversation):
                opposite = making.inverse(state, change)
                self._opposites.add(opposite.id)
                self._propose(opposite)
        else:
            self.send_now(change.id)  # it wakes, finds itself undone, and ends
        return Undone(change, said, has_left)

    def drop_held(self) -> None:
        """The desk closes: what still waited does not happen, and the agent is told."""
        state = self._desk.state
        for change in making.all_held(state):
            said = making.words(state, change)
            self._desk.dispatch(ChangeMoved(making.undone(change)))
            self._desk.tell("warning", f"Not done, because the desk closed: {said}.", KEPT)

    # --- carrying out -------------------------------------------------------------------------

    def _current(self, change_id: str) -> Change | None:
        """The change, unless it was undone meanwhile."""
        change = self._desk.state.changes.get(change_id)
        return change if change is not None and change.state in making.ACTIVE else None

    async def _carry_out(self, change_id: str) -> None:
        await self._hold(change_id)
        change = self._current(change_id)
        if change is None:
            return
        async with self._turns[change.conversation_id]:
            if self._current(change_id) is None:
                return
            self._left.add(change_id)
            change = making.sending(change)
            self._desk.dispatch(ChangeMoved(change))
            reason = await self._try(change)
        self._left.discard(change_id)
        if self._current(change_id) is None:
            return
        if not reason:
            self._desk.dispatch(ChangeMoved(making.done(change)))
            if change.after.get("status") == "resolved":
                self.read_with(change.conversation_id)
            return
        said = making.words(self._desk.state, change)
        self._desk.dispatch(ChangeMoved(making.failed(change, reason)))
        self._desk.tell("error", f"Not done: {said}. {reason}", KEPT)

    async def _hold(self, change_id: str) -> None:
        """Wait until its time has come, or until somebody decides otherwise."""
        released = self._released.get(change_id)
        while released is not None and change_id not in self._go_now:
            change = self._current(change_id)
            if change is None or change.due_at is None:
                break
            left = None if self._paused_at is not None else change.due_at - self._desk.now()
            if left is not None and left <= 0:
                break
            released.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await released.wait()
        self._released.pop(change_id, None)
        self._go_now.discard(change_id)

    async def _try(self, change: Change) -> str:
        """Ask until the server has answered; gives the reason where it did not do it."""
        patience = self._desk.timing.change_patience
        until = self._desk.now() + patience
        reason = NO_CONNECTION
        for _try in range(MOST_TRIES):
            try:
                async with asyncio.timeout(max(0.0, until - self._desk.now())):
                    await self._health.online.wait()
            except TimeoutError:
                break
            try:
                return await self._request(change)
            except (AuthExpired, Forbidden, Invalid, NotFound) as error:
                return sentence(error)
            except RateLimited as error:
                return sentence(error)
            except ApiError as error:
                LOG.info("change %s: %s", change.kind, error.plain)
                reason = sentence(error)
            if await self._is_so(change):
                return ""
            await asyncio.sleep(self._desk.timing.first_retry)
        return reason

    async def _is_so(self, change: Change) -> bool:
        """After a lost answer: whether the server has it."""
        if change.kind in ("read", "unread"):
            return False
        try:
            found = await self._desk.ask(lambda client: client.conversation(change.conversation_id))
        except ApiError:
            return False
        return all(
            getattr(found.conversation, name) == value for name, value in change.after.items()
        )

    async def _request(self, change: Change) -> str:
        """One request. Gives a reason where the server answered and did something else.

        Raises any `ApiError`.
        """
        asked = self._desk.state.sequence
        number, after = change.conversation_id, change.after
        ask = self._desk.ask
        if change.kind == "assign":
            agent_id = after["assignee_id"]
            given = await ask(lambda client: client.assign(number, agent_id))
            return "" if given == agent_id else "The server does not know this agent."
        if change.kind == "team":
            team_id = after["team_id"]
            given = await ask(lambda client: client.assign_team(number, team_id))
            return "" if given == team_id else "The server does not know this team."
        if change.kind == "priority":
            await ask(lambda client: client.set_priority(number, after["priority"]))
        elif change.kind == "labels":
            await ask(lambda client: client.set_labels(number, after["labels"]))
        elif change.kind in ("status", "snooze"):
            await self._set_status(change)
        else:
            await self._mark(change, asked)
        return ""

    async def _set_status(self, change: Change) -> None:
        """And the assignee where the change names one that the server does not set by itself:
        an agent who opens a conversation takes it (contract 2.4)."""
        number, after, me = change.conversation_id, change.after, self._desk.state.me
        until = after.get("snoozed_until")
        await self._desk.ask(lambda client: client.set_status(number, after["status"], until))
        if after.get("assignee_kind") != "User":
            return
        agent_id = after["assignee_id"]
        if after["status"] != "open" or me is None or agent_id != me.id:
            await self._desk.ask(lambda client: client.assign(number, agent_id))

    async def _mark(self, change: Change, asked: int) -> None:
        """Read or unread: no event tells of it, the answer does (contract 2.4)."""
        number = change.conversation_id

        def call(client: ChatwootClient) -> Awaitable[ConversationRead]:
            if change.kind == "read":
                return client.update_last_seen(number)
            return client.mark_unread(number)

        found = await self._desk.ask(call)
        contacts = (found.contact,) if found.contact else ()
        self._desk.dispatch(
            ConversationsRead((found.conversation,), contacts, asked, self._desk.now())
        )
