"""The conversation list: a view over ids, drawn line by line.

It holds no rows. What a row shows is asked of `row_of` when the row comes on screen, so that ten
thousand conversations cost what the visible ones cost, and a change repaints the cells that
changed and no others.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.strip import Strip

from revivatui.widgets.conversation_rows import RowView, row_lines
from revivatui.widgets.line_view import LineView
from revivatui.widgets.sure_hand import SureHand
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import tzinfo

    from rich.style import Style
    from textual import events

    from revivatui.state.select import Row

_GUTTER: Final = 2
"""The cursor's mark and a space."""
_COMPACT_BELOW: Final = 10
"""Lines of height under which a row takes one line."""
_STYLES: Final = (
    "name",
    "name-unread",
    "muted",
    "unread",
    "waiting",
    "badge",
    "count",
    "priority",
    "typing",
    "draft",
    "failed",
    "note",
    "note-text",
    "label",
    "inbox",
    "status",
    "assignee",
    "mark",
)


class _RowKey(NamedTuple):
    """Everything a drawn row depends on but the row itself."""

    id: int
    width: int
    lines: int
    ground: str
    opened: bool


class ConversationList(LineView, can_focus=True):
    """Conversations in the order it is given, with a cursor that stays on its conversation."""

    ALLOW_SELECT = False
    STYLE_PREFIX = "conversation-list"
    GROUNDED = frozenset({"cursor", "cursor-blurred", "badge"})
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "conversation-list--cursor",
        "conversation-list--cursor-blurred",
        *(f"conversation-list--{name}" for name in _STYLES),
    }
    DEFAULT_CSS = """
    ConversationList {
        & > .conversation-list--cursor { background: $primary 15%; }
        & > .conversation-list--cursor-blurred { background: $foreground 8%; }
        & > .conversation-list--name { color: $foreground; }
        & > .conversation-list--name-unread { color: $foreground; text-style: bold; }
        & > .conversation-list--muted { color: $text-muted; }
        & > .conversation-list--unread { color: $foreground; }
        & > .conversation-list--waiting { color: $text-warning; }
        & > .conversation-list--badge { background: $accent; color: $background; text-style: bold; }
        & > .conversation-list--count { color: $text-accent; text-style: bold; }
        & > .conversation-list--priority { color: $text-error; text-style: bold; }
        & > .conversation-list--typing { color: $text-success; text-style: italic; }
        & > .conversation-list--draft { color: $text-accent; }
        & > .conversation-list--failed { color: $text-error; text-style: bold; }
        & > .conversation-list--note { color: $text-warning; text-style: bold; }
        & > .conversation-list--note-text { color: $text-muted; }
        & > .conversation-list--label { color: $text-secondary; }
        & > .conversation-list--inbox { color: $text-muted; }
        & > .conversation-list--status { color: $text-muted; text-style: italic; }
        & > .conversation-list--assignee { color: $text-muted; }
        & > .conversation-list--mark { color: $accent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False, id="list.up"),
        Binding("down,j", "cursor_down", "Down", show=False, id="list.down"),
        Binding("pageup", "page_up", "Page up", show=False, id="list.page_up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="list.page_down"),
        Binding("home,g", "first", "First", show=False, id="list.first"),
        Binding("end,G", "last", "Last", show=False, id="list.last"),
        Binding("enter", "open", "Open", show=False, id="list.open"),
    ]

    class _Chosen(Message):
        def __init__(self, sender: ConversationList, conversation_id: int) -> None:
            super().__init__()
            self.list = sender
            self.conversation_id = conversation_id

        @property
        def control(self) -> ConversationList:
            return self.list

    class Highlighted(_Chosen):
        """The cursor moved to this conversation, by a key or a click."""

    class Opened(_Chosen):
        """The agent wants this thread; `sure`: its row was there long enough to be meant."""

        def __init__(
            self, sender: ConversationList, conversation_id: int, *, sure: bool = True
        ) -> None:
            super().__init__(sender, conversation_id)
            self.sure = sure

    class EndReached(Message):
        """The last row came on screen: more could be loaded. Once for each number of rows."""

        def __init__(self, sender: ConversationList) -> None:
            super().__init__()
            self.list = sender

        @property
        def control(self) -> ConversationList:
            return self.list

    def __init__(
        self,
        row_of: Callable[[int], Row | None],
        *,
        clock: Callable[[], float] = time.time,
        tz: tzinfo | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """Make an empty list.

        Args:
            row_of: What a conversation's row shows now, None where it is not known (any more);
                called for rows on screen only.
            clock: Now, in epoch seconds; read when rows are drawn.
            tz: The reader's zone; None for the machine's.
        """
        super().__init__(id=id, classes=classes)
        self._row_of = row_of
        self._clock = clock
        self._tz = tz
        self._ids: Sequence[int] = ()
        self._places: dict[int, int] = {}
        self._cursor_id: int | None = None
        self._opened_id: int | None = None
        self._tail = self._empty = ""
        self._show_assignee = self._show_inbox = False
        self._end_told = -1
        self._height = 0
        """Lines of the view when it was last on screen."""
        self._strips: LRUCache[_RowKey, list[Strip]] = LRUCache(512)
        self.hand = SureHand()
        self._by_news = False
        """The cursor is being moved, and by no wish of the agent."""

    # --- what it shows ---------------------------------------------------------------------

    @property
    def ids(self) -> Sequence[int]:
        """The conversations in order. Not to be changed by the caller after `show`."""
        return self._ids

    @property
    def cursor_id(self) -> int | None:
        """The conversation the keys act on."""
        return self._cursor_id

    @property
    def around_cursor(self) -> Sequence[int]:
        """The cursor's conversation, between the one above and the one below."""
        place = self._place_of(self._cursor_id) or 0
        return self._ids[max(0, place - 1) : place + 2]

    @property
    def opened_id(self) -> int | None:
        """The conversation whose thread is on screen: marked."""
        return self._opened_id

    @opened_id.setter
    def opened_id(self, conversation_id: int | None) -> None:
        before, self._opened_id = self._opened_id, conversation_id
        self._repaint_rows({i for i in (before, conversation_id) if i is not None})

    def show(self, ids: Sequence[int], taken_away: Collection[int] = ()) -> None:
        """Show these conversations in this order; `taken_away` by the agent just now.

        The cursor stays on its conversation. A list that stands at its top stays there as long as
        that keeps the cursor on screen; otherwise the cursor's row stays on its screen line. A
        cursor whose conversation is gone goes to the row that took its place.
        """
        if ids == self._ids:
            return
        lines = self._shown_lines()
        place = self._place_of(self._cursor_id)
        screen_line = None if place is None else place * self._row_height - self.scroll_offset.y
        self._ids = ids
        self._places = {}
        cursor = self._cursor_id
        if ids and self._place_of(cursor) is None:
            cursor = ids[min(place or 0, len(ids) - 1)]
        before, self._cursor_id = self._cursor_id, cursor if ids else None
        top = self.scroll_offset.y
        if screen_line is not None and (place := self._place_of(self._cursor_id)) is not None:
            line = place * self._row_height
            keeps = top == 0 and line + self._row_height <= self.view_height
            if not keeps and 0 <= screen_line < self.view_height:
                top = max(0, line - screen_line)
        self._resize_content()
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        self._news_moved(self._cursor_id if before in taken_away else before, lines)
        self.repaint()
        self._tell_end()

    def _news_moved(self, cursor: int | None, lines: Sequence[int | None]) -> None:
        """Say what is not where it was: `cursor` and the `lines` of the view before."""
        if not self._painted:
            return
        if cursor != self._cursor_id:
            self.hand.cursor_was_moved()
        pairs = enumerate(zip(lines, self._shown_lines(), strict=True))
        self.hand.lines_were_moved(y for y, (was, now) in pairs if was != now)

    def _shown_lines(self) -> list[int | None]:
        """The conversation at every line of the view."""
        top = self.scroll_offset.y
        return [self._at_line(y + top) for y in range(self.view_height)]

    def rows_changed(self, ids: Iterable[int]) -> None:
        """These rows may show something else now: repaint the cells of theirs that do."""
        changed = set(ids)
        for key in [k for k in self._strips.keys() if k.id in changed]:  # noqa: SIM118
            self._strips.discard(key)
        self._repaint_rows(changed)

    def minute_passed(self) -> None:
        """Times in words may read differently now."""
        self._strips.clear()
        self.repaint()

    def set_tail(self, text: str) -> None:
        """A line after the last row: "loading more", or why nothing more comes. "" for none."""
        if text != self._tail:
            self._tail = text
            self._resize_content()
            self.repaint()

    def set_empty(self, text: str) -> None:
        """What to say where there is no row, one or more lines."""
        if text != self._empty:
            self._empty = text
            self.repaint()

    def set_columns(self, *, assignee: bool, inbox: bool) -> None:
        """Whether rows tell who has them (the All tab) and their inbox (several inboxes)."""
        if (assignee, inbox) != (self._show_assignee, self._show_inbox):
            self._show_assignee, self._show_inbox = assignee, inbox
            self._strips.clear()
            self.repaint()

    # --- the cursor ------------------------------------------------------------------------

    def move_cursor(self, conversation_id: int) -> bool:
        """Put the cursor on a conversation and bring it on screen. False: it is not listed."""
        place = self._place_of(conversation_id)
        if place is None:
            return False
        self._move_to(place)
        return True

    def action_cursor_up(self) -> None:
        self._move_by(-1)

    def action_cursor_down(self) -> None:
        self._move_by(1)

    def action_page_up(self) -> None:
        self._move_by(1 - self._page_rows)

    def action_page_down(self) -> None:
        self._move_by(self._page_rows - 1)

    def action_first(self) -> None:
        self._move_to(0)

    def action_last(self) -> None:
        self._move_to(len(self._ids) - 1)

    def to_first(self, *, asked: bool) -> None:
        """Put the cursor on the first row; `asked` by the agent, or moved by news."""
        if asked:
            self._move_to(0)
        elif self._ids:
            before, lines = self._cursor_id, self._shown_lines()
            self._by_news = True
            self._put_cursor(0)
            self._by_news = False
            self._news_moved(before, lines)

    def action_open(self) -> None:
        if self._cursor_id is not None:
            self.post_message(self.Opened(self, self._cursor_id, sure=self.hand.cursor_is_sure))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        y = event.y - self.content_offset.y
        clicked = self._at_line(y + self.scroll_offset.y)
        if clicked is None:
            return
        sure = self.hand.line_is_sure(y)
        if sure:
            self.move_cursor(clicked)
        self.post_message(self.Opened(self, clicked, sure=sure))

    def _move_by(self, rows: int) -> None:
        place = self._place_of(self._cursor_id)
        self._move_to(0 if place is None else place + rows)

    def _move_to(self, place: int) -> None:
        if not self._ids:
            return
        self.hand.agent_moved(cursor=True)
        self._put_cursor(max(0, min(place, len(self._ids) - 1)))

    def _put_cursor(self, place: int) -> None:
        before, self._cursor_id = self._cursor_id, self._ids[place]
        self._scroll_to_row(place)
        if before != self._cursor_id:
            self._repaint_rows({i for i in (before, self._cursor_id) if i is not None})
            if not self._by_news:
                self.post_message(self.Highlighted(self, self._cursor_id))

    def _scroll_to_row(self, place: int) -> None:
        if not self.view_height:
            return  # Not on screen: `fitted` looks for the cursor when it is again.
        top, line = self.scroll_offset.y, place * self._row_height
        if line < top:
            self.scroll_to(y=line, animate=False)
        elif line + self._row_height > top + self.view_height:
            self.scroll_to(y=line + self._row_height - self.view_height, animate=False)
        if place == len(self._ids) - 1 and self._tail:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    # --- where things are ------------------------------------------------------------------

    @property
    def _row_height(self) -> int:
        return 2 if (self.view_height or self._height) >= _COMPACT_BELOW else 1

    @property
    def _page_rows(self) -> int:
        return max(2, self.view_height // self._row_height)

    def _place_of(self, conversation_id: int | None) -> int | None:
        if conversation_id is None:
            return None
        if not self._places:
            self._places = {id_: place for place, id_ in enumerate(self._ids)}
        return self._places.get(conversation_id)

    def _at_line(self, line: int) -> int | None:
        place = line // self._row_height
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def _resize_content(self) -> None:
        tail = 1 if self._tail and self._ids else 0
        self.set_line_count(len(self._ids) * self._row_height + tail)

    def fitted(self) -> None:
        self._height = self.view_height
        place = self._place_of(self._cursor_id)
        self._resize_content()
        if place is not None:
            top, line = self.scroll_offset.y, place * self._row_height
            if not top <= line <= top + self.view_height - self._row_height:
                self.scroll_to(y=max(0, line - self.view_height // 2), animate=False)
        self._tell_end()

    def scrolled(self, old: int, new: int) -> None:
        if not self._by_news:
            self.hand.agent_moved(cursor=False)
        self._tell_end()

    def _tell_end(self) -> None:
        rows = len(self._ids)
        if rows == self._end_told or not rows or not self.view_height:
            return
        if self.scroll_offset.y + self.view_height >= (rows - 1) * self._row_height:
            self._end_told = rows
            self.post_message(self.EndReached(self))

    # --- drawing ---------------------------------------------------------------------------

    def draw_line(self, y: int) -> Strip:
        return self._line(y + self.scroll_offset.y)

    def _line(self, line: int) -> Strip:
        width = self.view_width
        if not self._ids:
            return self._message_line(line, width)
        place, part = divmod(line, self._row_height)
        if place < len(self._ids):
            return self._row_strips(self._ids[place], width)[part]
        if self._tail and line == len(self._ids) * self._row_height:
            return self._words(f"  {self._tail}", width)
        return Strip.blank(width, self.rich_style)

    def _message_line(self, line: int, width: int) -> Strip:
        words = self._empty.split("\n")
        top = min(2, max(0, self.view_height - len(words)))
        if self._empty and 0 <= line - top < len(words):
            return self._words(f"  {words[line - top]}", width)
        return Strip.blank(width, self.rich_style)

    def _words(self, text: str, width: int) -> Strip:
        strip = Strip([Segment(text, self._style("", "muted"))])
        return strip.crop_extend(0, width, self.rich_style)

    def _row_strips(self, conversation_id: int, width: int) -> list[Strip]:
        cursor = conversation_id == self._cursor_id
        ground = ("cursor" if self.has_focus else "cursor-blurred") if cursor else ""
        opened = conversation_id == self._opened_id
        key = _RowKey(conversation_id, width, self._row_height, ground, opened)
        strips = self._strips.get(key)
        if strips is None:
            strips = self._strips[key] = self._draw_row(key)
        return strips

    def _draw_row(self, key: _RowKey) -> list[Strip]:
        view = RowView(
            max(4, key.width - _GUTTER - 1),
            self._clock(),
            self._tz,
            key.lines == 2,
            self._show_assignee,
            self._show_inbox,
        )
        mark, mark_style = " ", "mark"
        if key.ground == "cursor":
            mark = symbols.cursor
        elif key.opened:
            mark = symbols.opened
        elif key.ground:
            mark, mark_style = symbols.resting, "muted"
        gutter = Segment(f"{mark} ", self._style(key.ground, mark_style))
        strips = []
        row = self._row_of(key.id)
        lines = [[(f"#{key.id}", "muted")], []] if row is None else row_lines(row, view)
        for pieces in lines:
            segments = [Segment(text, self._style(key.ground, style)) for text, style in pieces]
            edge = Segment(" ", self._style(key.ground, ""))
            strip = Strip([gutter, *segments, edge]).simplify()
            strips.append(strip.crop_extend(0, key.width, edge.style))
        return strips

    def _style(self, ground: str, name: str) -> Style:
        return self.part_style(*(part for part in (ground, name) if part))

    def forget_drawn(self) -> None:
        self._strips.clear()

    def _repaint_rows(self, ids: Collection[int]) -> None:
        height = self._row_height
        for id_ in ids:
            place = self._place_of(id_)
            if place is not None:
                top = place * height - self.scroll_offset.y
                self.repaint(range(max(0, top), min(top + height, self.view_height)))

    def __rich_repr__(self) -> Any:
        yield "rows", len(self._ids)
        yield "cursor_id", self._cursor_id
