"""What a thread shows where: messages wrapped when seen, the view held to what is read.

The view's last line is its own: it says who is typing and how many new messages are below.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.segment import Segment
from textual.cache import LRUCache
from textual.strip import Strip

from revivatui.state.select import ThreadView
from revivatui.widgets.line_view import LineView
from revivatui.widgets.symbols import symbols
from revivatui.widgets.thread_foot import foot
from revivatui.widgets.thread_intents import CursorMoved, OlderWanted
from revivatui.widgets.thread_items import ItemBuilder
from revivatui.widgets.thread_layout import ThreadLayout
from revivatui.widgets.thread_lines import BlockLine, BlockView, Piece, SendKeys
from revivatui.widgets.thread_look import THREAD_GROUNDED, THREAD_STYLES
from revivatui.widgets.thread_news import ThreadNews, held_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from revivatui.state.models import SendEntry


GUTTER: Final = 2
_EDGE: Final = 1
_NEAR_START: Final = 2
"""Screens above the view at which older messages are asked for."""
_NO_MARK: Final = Piece("  ")
_LAID_OUT: Final = 500
"""Messages of a thread that are laid out at once."""


class ThreadPane(LineView):
    """The messages of one conversation, oldest first: what is shown where."""

    STYLE_PREFIX = "thread"
    GROUNDED = THREAD_GROUNDED
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"thread--{name}" for name in THREAD_STYLES}

    def __init__(
        self,
        content_of: Callable[[int], ThreadView],
        *,
        clock: Callable[[], float] = time.time,
        tz: tzinfo | None = None,
        send_keys: SendKeys | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """Make an empty pane.

        Args:
            content_of: What a conversation's thread shows now (`state.select.thread`).
            clock: Now, in epoch seconds.
            tz: The reader's zone; None for the machine's.
            send_keys: The keys named beside a message that did not arrive.
        """
        super().__init__(id=id, classes=classes)
        self._content_of = content_of
        self._clock = clock
        self._tz = tz
        self._empty = ""
        self._edge = ""
        self._more = False
        self._me: int | None = None
        self._my_name = ""
        self._send_keys = send_keys or SendKeys()
        self._strips: LRUCache[tuple[str, int, str], tuple[BlockLine, Strip]] = LRUCache(256)
        self._cursor_key: str | None = None
        self.news = ThreadNews()
        self._start(None)

    def _start(self, conversation_id: int | None) -> None:
        self._conversation_id = conversation_id
        self._content = ThreadView(conversation_id or 0)
        self._given: ThreadView | None = None
        """What was shown last, before what is new in it was marked."""
        self.layout_of_items = ThreadLayout()
        self._builder = ItemBuilder()
        self._cursor = None
        self._follow = True
        self._held: tuple[str, int] | None = None
        self._moving = False
        self._below = 0
        self._newest_id = 0
        self._own_sends: frozenset[str] = frozenset()
        self._own_failed: frozenset[str] = frozenset()
        self._older_asked: int | None = None
        self._oldest_id: int | None = None
        self._to_start = False
        """On the way to the oldest message: older ones are asked for until the start."""
        self._strips.clear()

    # --- the cursor ------------------------------------------------------------------------

    @property
    def _cursor(self) -> str | None:
        """The key of the item under the cursor."""
        return self._cursor_key

    @_cursor.setter
    def _cursor(self, key: str | None) -> None:
        if key != self._cursor_key:
            self._cursor_key = key
            self._point()
            self.post_message(CursorMoved(self))

    def focus_changed(self) -> None:
        self._point()
        self.repaint()

    def _point(self) -> None:
        """Keys act on the cursor's item while the thread has the focus."""
        layout = self.layout_of_items
        before = layout.total
        layout.acted_on = self._cursor_key if self.has_focus else None
        if layout.total != before:
            self._settle()

    def _find_failed(self, content: ThreadView) -> None:
        """A send that has just failed, on screen, gets a cursor that stands nowhere."""
        failed = [send.reference for send in content.sends if send.state == "failed"]
        new = [reference for reference in failed if reference not in self._own_failed]
        self._own_failed = frozenset(failed)
        if new and self._cursor is None and self._follow:
            self._cursor = f"s{new[-1]}"

    # --- what it shows ---------------------------------------------------------------------

    @property
    def conversation_id(self) -> int | None:
        return self._conversation_id

    @property
    def follows(self) -> bool:
        """Whether the newest message is on screen and stays there."""
        return self._follow

    @property
    def below(self) -> int:
        """Messages that came below the view since it was scrolled up."""
        return self._below

    def show(
        self, conversation_id: int | None, known: int = 0, edge: tuple[str, bool] = ("", False)
    ) -> None:
        """Show a conversation from its newest message up, or nothing.

        What is known of it now, up to message `known`, counts as seen; `edge` as of `set_edge`.
        """
        if edge != (self._edge, self._more):
            self._edge, self._more = edge
            self._older_asked = None
        if conversation_id != self._conversation_id:
            self._start(conversation_id)
            self.news.opened(known)
            self._take_width()
        self.changed()

    def set_empty(self, text: str) -> None:
        """What to say where no conversation is shown."""
        if text != self._empty:
            self._empty = text
            if self._conversation_id is None:
                self.repaint()

    def set_me(self, agent_id: int | None, name: str = "") -> None:
        """Who is signed in: called "You" wherever the thread would say the name."""
        if (agent_id, name) != (self._me, self._my_name):
            self._me, self._my_name = agent_id, name
            self._take_width()
            self.changed()

    def set_edge(self, text: str, *, more: bool = False) -> None:
        """What stands above the oldest loaded message; `more`: older ones come when asked for."""
        if (text, more) != (self._edge, self._more):
            self._edge, self._more = text, more
            self._older_asked = None
            self.changed()

    @property
    def _edge_words(self) -> str:
        messages = self._content.messages
        asked = bool(messages) and self._older_asked == messages[0].id
        return f"loading older messages{symbols.ellipsis}" if self._more and asked else self._edge

    def changed(self) -> None:
        """The thread may show something else now: take it over without moving what is read."""
        if self._conversation_id is None:
            self.set_line_count(0)
            self.repaint()
            return
        held = self._take(self._content_of(self._conversation_id))
        self._settle()
        if held is not None:
            self._show_what_holds(held)
        self.repaint()
        self._ask_older()

    def news_came(self) -> None:
        """As `changed`, where something of this thread may be other than it was shown last."""
        if self._conversation_id is None or self._given != self._content_of(self._conversation_id):
            self.changed()

    def typing_changed(self) -> None:
        """Only who is typing may have changed."""
        if self._conversation_id is not None:
            self._content = self.news.marked(self._content_of(self._conversation_id))
            self.repaint([self.view_height - 1])

    def _take(self, content: ThreadView) -> SendEntry | None:
        """Take over what the thread is now; gives a reply that is held from now on."""
        self._given = content
        newest = content.messages[-1].id if content.messages else 0
        sends = frozenset(send.reference for send in content.sends)
        news = self.news.take(content, self._me)
        if sends - self._own_sends:
            self._follow = True
            self.news.answered()
        elif not self._follow:
            self._below += sum(message.id > self._newest_id for message in news)
        self._newest_id = max(newest, self._newest_id)
        self._own_sends = sends
        self._content = self.news.marked(content)
        self._build()
        self._move_cursor_along(content)
        self._find_failed(content)
        return self.news.newly_held(content)

    def _show_what_holds(self, held: SendEntry) -> None:
        """Bring what a reply is held for on screen, unless something older is being read."""
        first = held_for(self._content, held, self._me)
        layout = self.layout_of_items
        place = layout.place_of(f"m{first}")
        if self._follow and place is not None and layout.heights.start(place) < self._top:
            self._go(layout.settle(place, 0, self._page))

    def _build(self) -> None:
        built = self._builder.build(
            self._content, self._clock(), self._tz, edge=self._edge_words, start=self._left_out,
            me=self._me,
        )  # fmt: skip
        self.layout_of_items.set_items(*built)

    @property
    def _left_out(self) -> int:
        """How many of the oldest messages are not laid out, until somebody scrolls there."""
        messages = self._content.messages
        if self._oldest_id is None and len(messages) > _LAID_OUT:
            self._oldest_id = messages[-_LAID_OUT].id
        return bisect_left(messages, self._oldest_id or 0, key=attrgetter("id"))

    def reach(self, message_id: int) -> bool:
        """Lay out the thread up to this message. False: it is not in the thread."""
        messages = self._content.messages
        place = bisect_left(messages, message_id, key=attrgetter("id"))
        if place < self._left_out:
            self._oldest_id = messages[max(0, place - _LAID_OUT)].id
            self._build()
            self._settle()
        return place < len(messages) and messages[place].id == message_id

    def _move_cursor_along(self, content: ThreadView) -> None:
        """A cursor on a send goes to the message that the send became."""
        if self._cursor is None or self.layout_of_items.place_of(self._cursor) is not None:
            return
        reference = self._cursor.removeprefix("s")
        for message in reversed(content.messages[-50:]):
            if message.reference == reference:
                self._cursor = f"m{message.id}"
                return
        self._cursor = None

    # --- where things are ------------------------------------------------------------------

    @property
    def _block_view(self) -> BlockView:
        cells = max(16, self.view_width - GUTTER - _EDGE)
        return BlockView(cells, self._tz, self._me, self._send_keys, self._my_name)

    def _take_width(self) -> None:
        """Wrap for the width on screen; where that is not known yet, `fitted` does it."""
        if self.is_fitted:
            self.layout_of_items.view = self._block_view

    @property
    def _page(self) -> int:
        """Lines of the view that show messages."""
        return max(1, self.view_height - 1)

    @property
    def _top(self) -> int:
        """The thread's line at the top of the view; negative where the thread is short."""
        return self.scroll_offset.y - max(0, self._page - self.layout_of_items.total)

    def _settle(self) -> None:
        """Put the view where it belongs after anything changed."""
        layout = self.layout_of_items
        if not self.is_fitted:
            return  # Nothing is wrapped before the width is known.
        if self._follow or not layout.items:
            top = layout.settle_end(self._page)
        else:
            key, row = self._held or ("", 0)
            place = layout.place_of(key)
            if place is None:
                top = self._top
                place, offset = layout.heights.find(top)
                row = -offset
            top = layout.settle(place, row, self._page)
        self._go(top)

    def _go(self, top: int) -> None:
        self._moving = True
        self.set_line_count(max(self.layout_of_items.total, self._page) + 1)
        self.scroll_to(y=top, animate=False, force=True)
        self._moving = False
        self._hold()
        self.look()

    def _hold(self) -> None:
        """Remember which message is where, to keep it there."""
        layout = self.layout_of_items
        self._held = None
        self._follow = self.scroll_offset.y >= layout.total - self._page
        if self._follow:
            self._below = 0
        if not layout.items:
            return
        top = max(0, self._top)
        place, _offset = layout.heights.find(top)
        line = layout.heights.start(place)
        while place < len(layout.items) - 1 and not layout.items[place].chosen:
            line += layout.heights[place]
            place += 1
        self._held = layout.items[place].key, line - top

    # --- what is seen ------------------------------------------------------------------------

    def seen_id(self) -> int:
        """The newest message of the open thread that was seen; 0: none."""
        return self.news.sightings.seen_id()

    def look(self) -> None:
        """Note which messages end in the view."""
        self.news.sightings.look(self._ends_in_view())

    def _ends_in_view(self) -> Iterator[int]:
        layout, top = self.layout_of_items, max(0, self._top)
        if not layout.items or not self.view_height:
            return
        place, _offset = layout.heights.find(top)
        line = layout.heights.start(place)
        for at in range(place, len(layout.items)):
            line += layout.heights[at]
            if line > self._top + self._page:
                return
            if (message := layout.items[at].message) is not None:
                yield message.id

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._attend, init=False)
        self.app.screen_change_signal.subscribe(self, self._attend, immediate=True)

    def _attend(self, _now: object) -> None:
        self.news.sightings.attend(self.app.app_focus and self.app.screen is self.screen)

    def on_show(self) -> None:
        self.look()

    def on_hide(self) -> None:
        self.news.sightings.look(())

    def scrolled(self, old: int, new: int) -> None:
        if self._moving or not self.layout_of_items.items:
            return
        layout = self.layout_of_items
        if self._held is not None and abs(new - old) <= 3 * self._page:
            place = layout.place_of(self._held[0]) or 0
            top = layout.settle(place, self._held[1] - (new - old), self._page)
        else:
            place, offset = layout.heights.find(new)
            top = layout.settle(place, -offset, self._page)
        self._go(top)
        self._ask_older()

    def _ask_older(self) -> None:
        """Near the start: lay out more of what is known, or else ask for more."""
        content = self._content
        if self.scroll_offset.y >= _NEAR_START * self._page or not self.view_height:
            return
        if left_out := self._left_out:
            self.reach(content.messages[left_out - 1].id)
            self.repaint()
        elif content.messages and not content.start_reached:
            oldest = content.messages[0].id
            if self._older_asked != oldest:
                self._older_asked = oldest
                self.post_message(OlderWanted(self))
                if self._more:
                    self._build()
                    self._settle()
                    self.repaint()

    def fitted(self) -> None:
        self.layout_of_items.view = self._block_view
        self._settle()
        self._ask_older()

    # --- drawing -----------------------------------------------------------------------------

    def forget_drawn(self) -> None:
        self._strips.clear()

    def _pieces(self, line: int) -> BlockLine:
        place, offset = self.layout_of_items.heights.find(line)
        lines = self.layout_of_items.block(place)
        return lines[offset] if offset < len(lines) else ()

    def draw_line(self, y: int) -> Strip:
        cells = self.view_width
        if self._conversation_id is None:
            words = self._empty.split("\n")
            text = words[y - 2] if self._empty and 0 <= y - 2 < len(words) else ""
            return self._drawn([Piece(f"  {text}", ("edge",))], cells)
        if y >= self._page:
            return self._drawn(self._foot(cells), cells)
        line = y + self._top
        layout = self.layout_of_items
        if not layout.items or not 0 <= line < layout.total:
            return Strip.blank(cells, self.rich_style)
        place, offset = layout.heights.find(line)
        item = layout.items[place]
        pieces = self._pieces(line)
        mark = self._mark if item.key == self._cursor and pieces else _NO_MARK
        key = (item.key, offset, mark.text)
        drawn = self._strips.get(key)
        if drawn is None or drawn[0] is not pieces:
            drawn = self._strips[key] = pieces, self._drawn([mark, *pieces], cells)
        strip = drawn[1]
        selection = self.text_selection
        span = selection.get_span(line) if selection is not None else None
        if span is not None:
            strip = self._selected(strip, *span)
        return strip

    @property
    def _mark(self) -> Piece:
        """The cursor: another glyph where keys do not act on it."""
        if self.has_focus:
            return Piece(f"{symbols.cursor} ", ("cursor",))
        return Piece(f"{symbols.resting} ", ("edge",))

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        # Where a line is in the thread is for selecting by mouse; it shows nothing.
        line = y + self._top
        return strip.apply_offsets(0, line) if y < self._page and line >= 0 else strip

    def _drawn(self, pieces: list[Piece], cells: int) -> Strip:
        segments = [Segment(piece.text, self.part_style(*piece.styles)) for piece in pieces]
        return Strip(segments).crop_extend(0, cells, self.rich_style)

    def _selected(self, strip: Strip, start: int, end: int) -> Strip:
        """The strip with its characters from `start` to `end` (-1: the last) shown as selected."""
        style = self.screen.get_component_rich_style("screen--selection")
        segments: list[Segment] = []
        at = 0
        for text, own, _control in strip:
            left = max(0, min(len(text), start - at))
            right = len(text) if end == -1 else max(left, min(len(text), end - at))
            marked = style if own is None else own + style
            parts = ((text[:left], own), (text[left:right], marked), (text[right:], own))
            segments += [Segment(part, part_style) for part, part_style in parts if part]
            at += len(text)
        return Strip(segments, strip.cell_length)

    def _foot(self, cells: int) -> list[Piece]:
        return foot(cells, self._content.typing, self._below, at_end=self._follow)

    def __rich_repr__(self) -> Any:
        yield "conversation_id", self._conversation_id
        yield "items", len(self.layout_of_items.items)
