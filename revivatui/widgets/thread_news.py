"""What others said in a thread since it was opened, and what of it its reader has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from revivatui.state import journal
from revivatui.state.gate import is_news_to
from revivatui.state.models import INCOMING
from revivatui.widgets.seen import Sightings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.state.models import Message, SendEntry
    from revivatui.state.select import ThreadView


class ThreadNews:
    """Follows one thread while it is on screen."""

    def __init__(self) -> None:
        self.sightings = Sightings()
        self.writing: Callable[[], bool] = lambda: False
        """Whether the reader is writing an answer."""
        self.opened(0)

    def opened(self, known: int) -> None:
        """Another thread is shown; its messages up to `known` (0: not known) are old news."""
        self.sightings.opened(known)
        self._known = known
        self._was_read = bool(known)
        self._before: Sequence[Message] = ()
        self._held: frozenset[str] = frozenset()
        self._mark: int | None = None
        """The first message of a colleague that came while the reader wrote."""

    def take(self, content: ThreadView, me: int | None) -> list[Message]:
        """What others said since the last time, oldest first."""
        if not self._was_read:
            # Nothing at all was known of it: what is there first was there when it was opened.
            self._was_read = bool(content.messages) or content.start_reached
            self._known = content.messages[-1].id if content.messages else 0
            self.sightings.opened(self._known)
        came = arrived(self._before, content.messages, self._known)
        self._before = content.messages
        news = [message for message in came if is_news_to(me, message)]
        self.sightings.arrived(message.id for message in news)
        by_colleagues = [one.id for one in news if one.message_type != INCOMING]
        if by_colleagues and self._mark is None and self.writing():
            self._mark = by_colleagues[0]
        return news

    def answered(self) -> None:
        """The reader sent something: nothing is new any more."""
        self._mark = None

    def marked(self, content: ThreadView) -> ThreadView:
        """The thread with its mark before the first of all that is new.

        The server counts a customer's messages as unread until they are read; a colleague's never.
        """
        marks = [one for one in (self._mark, content.new_from) if one is not None]
        first = min(marks, default=None)
        return content if first == content.new_from else replace(content, new_from=first)

    def newly_held(self, content: ThreadView) -> SendEntry | None:
        """A reply that is held and was not the last time."""
        held = {one.reference: one for one in content.sends if one.state == journal.HELD}
        new = [one for reference, one in held.items() if reference not in self._held]
        self._held = frozenset(held)
        return new[-1] if new else None


def held_for(content: ThreadView, held: SendEntry, me: int | None) -> int | None:
    """The first message that a reply is held for."""
    later = (one for one in content.messages if one.id > (held.seen_id or 0))
    return next((one.id for one in later if is_news_to(me, one)), None)


def arrived(before: Sequence[Message], after: Sequence[Message], known: int) -> list[Message]:
    """The messages of a thread that were not there before; its older history is not meant.

    Where nothing was there, it is what came after message `known`.
    """
    if before and len(before) == len(after) and before[-1].id == after[-1].id:
        return []
    oldest = before[0].id if before else known
    held = {message.id for message in before}
    return [one for one in after if one.id > oldest and one.id not in held]
