"""A reply that is held because somebody wrote meanwhile: what is new, and one key for each answer.

What the bar named is what its keys act on: another reply that is held, or another conversation
that is opened between looking and pressing, is not meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.screens import inbox_view as view_of
from revivatui.state import gate, journal
from revivatui.text.inline import plain
from revivatui.text.width import truncate, width
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.screens.session import Session
    from revivatui.state.models import Message, SendEntry
    from revivatui.state.state import State

Chips = tuple[list[Chip], list[Chip]]
_NAME: Final = 14
_QUOTE: Final = 60
"""Cells of what is quoted, at most."""
_BESIDE: Final = 62
"""Cells of the bar beside a name and what is quoted."""
_ROOMY: Final = 100


class Gate:
    """The held reply of the open conversation."""

    def __init__(self, session: Session, seen: Callable[[], int]) -> None:
        """`seen` gives the newest message of the open thread that the agent has seen."""
        self._session = session
        self._seen = seen
        self._shown: SendEntry | None = None
        """The reply that the bar names."""
        self._named = 0
        """The newest message that stood in the bar when it came."""

    @property
    def reference(self) -> str:
        """The reply that the bar names, "" for none."""
        state, shown = self._session.state, self._shown
        now = state.sends.get(shown.reference) if shown is not None else None
        named = now is not None and now.state == journal.HELD
        return now.reference if named and now and now.conversation_id == state.open_id else ""

    def bar(self, cells: int, *, writing: bool) -> Chips:
        """What stands over the key bar: the held reply, or else what else waits or failed.

        `cells` are as broad as the bar is.
        """
        state = self._session.state
        entry = gate.held_in(state, state.open_id)
        if entry is not self._shown:
            self._shown = entry
            newer = () if entry is None else _news_for(state, entry)
            self._named = newer[-1].id if newer else 0
        if entry is None:
            return view_of.held_chips(self._session, writing)
        return self._chips(entry, cells)

    def _chips(self, entry: SendEntry, cells: int) -> Chips:
        newer = _news_for(self._session.state, entry)
        left = [_words_chip(entry, newer, cells)]
        if len(newer) > 1:
            left.append(Chip(f"(+{len(newer) - 1})", "warning", weight=NEVER))
        keys = self._session.keys
        anyway, edit = (BY_ID[one] for one in ("reply.send_anyway", "reply.edit_held"))
        return left, [
            Chip("send anyway", "accent", anyway.id, NEVER, lead=keys.first(anyway)),
            Chip("edit", "button", edit.id, NEVER, lead=keys.first(edit)),
        ]

    def send_anyway(self) -> None:
        """The agent knows what the bar and the thread show, and means it."""
        if reference := self.reference:
            self._session.engine.send_anyway(reference, max(self._seen(), self._named))

    def again(self, reference: str) -> None:
        """Send one that was not sent, whether it is held or failed."""
        entry = self._session.state.sends.get(reference)
        if reference == self.reference:
            self.send_anyway()
        elif entry is not None and entry.state == journal.HELD:
            self._session.engine.send_anyway(reference)
        else:
            self._session.engine.retry(reference)


def _news_for(state: State, entry: SendEntry) -> tuple[Message, ...]:
    return gate.moved(state, entry.conversation_id, entry.seen_id or 0)


def _words_chip(entry: SendEntry, newer: tuple[Message, ...], cells: int) -> Chip:
    """That it is not sent, who wrote, and how that begins."""
    if newer:
        words = quoted(newer[-1], _NAME if cells < _ROOMY else 2 * _NAME, cells - _BESIDE)
    else:
        words = entry.reason or "Somebody wrote meanwhile."
    yet = "" if cells < _ROOMY else " yet"
    return Chip(f"{symbols.held} Not sent{yet}: {words}", "warning", weight=NEVER)


def quoted(message: Message, name_cells: int, cells: int) -> str:
    """Who wrote what, about so broad: its first words in quotation marks."""
    name = message.sender.name if message.sender is not None else "The customer"
    words = " ".join(plain(message.content).split())
    if not words and message.attachments:
        words = message.attachments[0].name or message.attachments[0].file_type
    name = truncate(name, name_cells, symbols.ellipsis)
    words = truncate(words, max(8, min(_QUOTE, cells - width(name))), symbols.ellipsis)
    return f"{name} wrote: {symbols.says}{words}{symbols.said}"


def news_words(state: State, entry: SendEntry) -> str:
    """What a reply is held for, for where its thread is not shown; "" where nothing is known."""
    newer = _news_for(state, entry)
    more = f" (+{len(newer) - 1})" if len(newer) > 1 else ""
    return f"{quoted(newer[-1], 2 * _NAME, 2 * _QUOTE)}{more}" if newer else ""
