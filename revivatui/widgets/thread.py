"""The thread: one conversation's messages, and a cursor that acts on one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.text.width import width
from revivatui.widgets import thread_intents
from revivatui.widgets.thread_acts import ACTS, why_not
from revivatui.widgets.thread_items import Item
from revivatui.widgets.thread_lines import BlockLine, Piece, copy_text
from revivatui.widgets.thread_look import THREAD_CSS
from revivatui.widgets.thread_pane import GUTTER, ThreadPane

if TYPE_CHECKING:
    from textual import events
    from textual.selection import Selection


class Thread(ThreadPane, can_focus=True):
    """The messages of one conversation, oldest first, and a cursor on one of them."""

    DEFAULT_CSS = THREAD_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False, id="thread.up"),
        Binding("down,j", "cursor_down", "Down", show=False, id="thread.down"),
        Binding("pageup", "page_up", "Page up", show=False, id="thread.page_up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="thread.page_down"),
        Binding("home,g", "first", "Oldest", show=False, id="thread.first"),
        Binding("end,G", "last", "Newest", show=False, id="thread.last"),
        Binding("enter", "act", "Open", show=False, id="thread.act"),
        Binding("o", "attachment", "Open file", show=False, id="thread.attachment"),
        Binding("y", "copy", "Copy", show=False, id="thread.copy"),
        Binding("r", "retry", "Send again", show=False, id="thread.retry"),
        Binding("e", "take_back", "Take back", show=False, id="thread.take_back"),
        Binding("q", "quote", "Quote", show=False, id="thread.quote"),
        Binding("d", "delete", "Delete", show=False, id="thread.delete"),
    ]

    CursorMoved = thread_intents.CursorMoved
    OlderWanted = thread_intents.OlderWanted
    Copied = thread_intents.Copied
    AttachmentChosen = thread_intents.AttachmentChosen
    LinkChosen = thread_intents.LinkChosen
    Refused = thread_intents.Refused
    RetryWanted = thread_intents.RetryWanted
    TakeBackWanted = thread_intents.TakeBackWanted
    QuoteWanted = thread_intents.QuoteWanted
    DeleteWanted = thread_intents.DeleteWanted

    _wanted: int | None = None
    """The message to go to once it is held."""

    @property
    def cursor_item(self) -> Item | None:
        """The message or send the keys act on."""
        place = self._place_of_cursor()
        return None if place is None else self.layout_of_items.items[place]

    @property
    def acts(self) -> frozenset[str]:
        """What can be done with the message under the cursor."""
        return frozenset(one for one in ACTS if not why_not(one, self.cursor_item))

    def _may(self, act: str) -> bool:
        """Whether this can be done with the message under the cursor; says why not."""
        words = why_not(act, self.cursor_item)
        if words:
            self.post_message(self.Refused(self, words))
        return not words

    # --- the cursor and the keys -------------------------------------------------------------

    def _place_of_cursor(self) -> int | None:
        return None if self._cursor is None else self.layout_of_items.place_of(self._cursor)

    def want(self, message_id: int | None) -> None:
        """Go to a message as soon as the thread holds it and has a size; None: no longer."""
        self._wanted = message_id
        self._to_start = self._to_start and message_id is None
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        if self._wanted is None or not self.is_fitted:
            return
        if self.go_to_message(self._wanted):
            self._wanted = None

    def go_to_message(self, message_id: int) -> bool:
        """Put the cursor on a message and bring it on screen, with what stands around it. False:
        the thread does not hold it."""
        if not self.reach(message_id):
            return False
        layout = self.layout_of_items
        place = layout.place_of(f"m{message_id}")
        if place is None:
            return False
        height, start = layout.measure(place), layout.heights.start(place)
        if start < self._top or start + height > self._top + self._page:
            self._go(layout.settle(place, max(0, (self._page - height) // 3), self._page))
        self._choose(place)
        return True

    def _start(self, conversation_id: int | None) -> None:
        super()._start(conversation_id)
        self._wanted = None

    def changed(self) -> None:
        super().changed()
        if self._to_start and self.is_fitted:
            self._go_to_start()
        self._go_to_wanted()

    def fitted(self) -> None:
        super().fitted()
        self._go_to_wanted()

    def action_cursor_up(self) -> None:
        self._step(-1)

    def action_cursor_down(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        layout = self.layout_of_items
        place = self._place_of_cursor()
        if place is None:
            place = self._last_visible()
            if place is not None:
                self._choose(place)
            return
        start, height = layout.heights.start(place), layout.measure(place)
        # A message taller than the view is read through before the cursor leaves it.
        if step < 0 and start < self._top:
            self._scroll_lines(-min(self._page - 2, self._top - start))
            return
        if step > 0 and start + height > self._top + self._page:
            self._scroll_lines(min(self._page - 2, start + height - self._top - self._page))
            return
        place += step
        while 0 <= place < len(layout.items) and not layout.items[place].chosen:
            place += step
        if 0 <= place < len(layout.items):
            self._choose(place)
        elif step > 0:
            self.action_last()
        else:
            self._scroll_lines(-self._page)

    def _last_visible(self) -> int | None:
        layout = self.layout_of_items
        if not layout.items:
            return None
        place, _offset = layout.heights.find(self._top + self._page - 1)
        while place >= 0 and not layout.items[place].chosen:
            place -= 1
        return place if place >= 0 else None

    def _choose(self, place: int) -> None:
        """Put the cursor on an item and bring it on screen."""
        self._to_start = False
        layout = self.layout_of_items
        self._cursor = layout.items[place].key
        height = layout.measure(place)
        start = layout.heights.start(place)
        if start < self._top:
            # What is taller than the view is read from the side it was reached from.
            self._go(layout.settle(place, min(0, self._page - height), self._page))
        elif height >= self._page:
            self._go(layout.settle(place, 0, self._page))
        elif start + height > self._top + self._page:
            self._go(layout.settle(place, self._page - height, self._page))
        self.repaint()
        self._ask_older()

    def _scroll_lines(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_page_up(self) -> None:
        self._cursor = None
        self._scroll_lines(1 - self._page)
        self.repaint()

    def action_page_down(self) -> None:
        self._cursor = None
        self._scroll_lines(self._page - 1)
        self.repaint()

    def action_first(self) -> None:
        """To the oldest message; older ones are loaded up to the start, or until another key."""
        self._to_start = True
        self._older_asked = None
        self._go_to_start()

    def _go_to_start(self) -> None:
        layout, content = self.layout_of_items, self._content
        if content.messages:
            self.reach(content.messages[0].id)
        place = next((place for place, item in enumerate(layout.items) if item.chosen), None)
        self._cursor = None if place is None else layout.items[place].key
        self._go(layout.settle(0, 0, self._page))
        self.repaint()
        self._to_start = self._to_start and not content.start_reached
        self._ask_older()

    def scrolled(self, old: int, new: int) -> None:
        if not self._moving:
            self._to_start = False
        super().scrolled(old, new)

    def action_last(self) -> None:
        """To the newest message."""
        self._to_start = False
        self._cursor = None
        self._follow = True
        self._settle()
        self.repaint()

    # --- what can be done with a message -----------------------------------------------------

    def action_act(self) -> None:
        """Show what is folded, or open the file, or go to what is quoted."""
        place = self._place_of_cursor()
        if place is None:
            self._may("attachment")
            return
        layout = self.layout_of_items
        targets = [piece.target for line in layout.block(place) for piece in line if piece.target]
        if "unfold" in targets or layout.is_unfolded(place):
            self._toggle_fold(place)
        elif any(target.startswith("attachment:") for target in targets):
            self.action_attachment()
        elif quotes := [target for target in targets if target.startswith("quote:")]:
            self._do(quotes[0], place)
        else:
            self.post_message(self.Refused(self, "There is nothing to open in this message."))

    def _toggle_fold(self, place: int) -> None:
        layout = self.layout_of_items
        row = layout.heights.start(place) - self._top
        layout.toggle_fold(place)
        self._strips.clear()
        self._go(layout.settle(place, row if row >= 0 else 0, self._page))
        self.repaint()

    def action_attachment(self) -> None:
        item = self.cursor_item
        if not self._may("attachment") or item is None or item.message is None:
            return
        files = item.message.attachments
        chosen = files[0].id if len(files) == 1 else None
        self.post_message(self.AttachmentChosen(self, item.message.id, chosen))

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, or else the message."""
        selected = self.screen.get_selected_text()
        item = self.cursor_item
        if not selected and not self._may("copy"):
            return
        text = selected or (copy_text(item) if item is not None else "")
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied(self, text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys that send a failed message again or take it back mean else what the screen
        says; all others are the thread's own."""
        if action in ("retry", "take_back"):
            return not why_not(action, self.cursor_item)
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        item = self.cursor_item
        if not self._may("retry") or item is None:
            return
        if item.send is not None:
            self.post_message(self.RetryWanted(self, item.send.reference, None))
        elif item.message is not None:
            self.post_message(self.RetryWanted(self, None, item.message.id))

    def action_take_back(self) -> None:
        item = self.cursor_item
        if self._may("take_back") and item is not None and item.send is not None:
            self.post_message(self.TakeBackWanted(self, item.send.reference))

    def action_quote(self) -> None:
        item = self.cursor_item
        if self._may("quote") and item is not None and item.message is not None:
            self.post_message(self.QuoteWanted(self, item.message.id))

    def action_delete(self) -> None:
        item = self.cursor_item
        if self._may("delete") and item is not None and item.message is not None:
            self.post_message(self.DeleteWanted(self, item.message.id))

    def _do(self, target: str, place: int) -> None:
        """What a click on a piece of text does."""
        what, _colon, which = target.partition(":")
        item = self.layout_of_items.items[place]
        message, send = item.message, item.send
        if what == "unfold":
            self._toggle_fold(place)
        elif what == "retry":
            self.action_retry()
        elif what == "take_back":
            self.action_take_back()
        elif send is not None and what == "send_anyway":
            self.post_message(self.RetryWanted(self, send.reference, None))
        elif send is not None and what == "edit_held":
            self.post_message(self.TakeBackWanted(self, send.reference))
        elif what == "link":
            self.post_message(self.LinkChosen(self, which))
        elif what == "attachment" and message is not None:
            self.post_message(self.AttachmentChosen(self, message.id, int(which)))
        elif what == "quote":
            self.go_to_message(int(which))

    # --- the mouse ---------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.chain > 1 or self.text_selection is not None:
            return
        x, y = event.x - self.content_offset.x, event.y - self.content_offset.y
        layout = self.layout_of_items
        if y >= self._page:
            if not self._follow:
                self.action_last()
            return
        if not layout.items or not 0 <= (line := y + self._top) < layout.total:
            return
        place, offset = layout.heights.find(line)
        lines = layout.block(place)
        if not layout.items[place].chosen:
            return
        self._choose(place)
        if offset < len(lines) and (piece := _piece_at(lines[offset], x - GUTTER)):
            self._do(piece.target, place)

    def text_select_all(self) -> None:
        """A double click selects no whole thread."""

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        layout = self.layout_of_items
        if not layout.items:
            return None
        first = self._top if selection.start is None else selection.start.y
        last = self._top + self._page if selection.end is None else selection.end.y
        texts = []
        for line in range(max(0, first), min(last, layout.total - 1) + 1):
            text = " " * GUTTER + "".join(piece.text for piece in self._pieces(line))
            start, end = selection.get_span(line) or (0, -1)
            texts.append(text[start : None if end == -1 else end].strip())
        return "\n".join(texts), "\n"


def _piece_at(line: BlockLine, x: int) -> Piece | None:
    """The piece with a target under a column."""
    for piece in line:
        cells = width(piece.text)
        if 0 <= x < cells:
            return piece if piece.target else None
        x -= cells
    return None
