"""Where the answer is written: always to one named conversation, as a reply or as a private note.

What is typed belongs to the conversation that was on screen when the key was pressed (design rule
2): every message the composer posts carries that conversation's id.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widgets.text_area import Selection

from revivatui.text.safe import safe
from revivatui.widgets.completing import CANNED, Place, Query, query_at
from revivatui.widgets.composer_ghost import GhostArea

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from textual import events
    from textual.timer import Timer
    from textual.widgets.text_area import Edit, EditResult

    from revivatui.widgets.line_list import LineList

LARGE_PASTE: Final = 10_000
"""Characters above which a paste asks first."""
TAKEN_KEYS: Final = ("f6", "f7")
"""Keys that select text in every text area, and mean something else at this desk."""
TYPING_AGAIN: Final = 10.0
"""Seconds after which typing that goes on is told again."""
TYPING_OVER: Final = 5.0
"""Seconds without a key after which typing is over."""

_VARIABLE: Final = re.compile(r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}")


class Composer(GhostArea):
    """A text area that knows for whom it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Thread", show=False, id="reply.leave"),
    ]

    class _Posted(Message):
        def __init__(self, composer: Composer) -> None:
            super().__init__()
            assert composer.target is not None
            self.composer = composer
            self.conversation_id = composer.target
            self.private = composer.private

        @property
        def control(self) -> Composer:
            return self.composer

    class Submitted(_Posted):
        """Send this. The composer keeps it until `sent` is called."""

        def __init__(self, composer: Composer) -> None:
            super().__init__(composer)
            self.text = composer.text
            self.in_reply_to = composer.in_reply_to
            self.seen_id = None if composer.private else composer.seen(self.conversation_id)
            """The newest message its writer had seen; None for notes, which answer nobody."""

    class DraftEdited(_Posted):
        """What is written changed."""

        def __init__(self, composer: Composer) -> None:
            super().__init__(composer)
            self.text = composer.text

    class Typing(_Posted):
        """Writing began, goes on, or is over. Never told for private notes."""

        def __init__(self, composer: Composer, on: bool) -> None:
            super().__init__(composer)
            self.on = on

    class CompletionAsked(Message):
        """Something is looked for while it is typed; None: no more."""

        def __init__(self, query: Query | None) -> None:
            super().__init__()
            self.query = query

    class LargePaste(Message):
        """More than `LARGE_PASTE` characters were pasted; `Composer.insert_text` takes them."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class GhostTaken(_Posted):
        """What was shown before it was typed was taken, or some of it."""

        def __init__(self, composer: Composer, text: str) -> None:
            super().__init__(composer)
            self.text = text

    class Left(Message):
        """Escape: back to the thread."""

    def __init__(
        self,
        *,
        send_keys: Collection[str] = ("enter",),
        newline_keys: Collection[str] = ("ctrl+j", "shift+enter"),
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            id=id,
        )
        self.cursor_blink = False
        for key in TAKEN_KEYS:
            self._bindings.key_to_bindings.pop(key, None)
        self.target: int | None = None
        """The conversation that gets what is written."""
        self.private = False
        self.in_reply_to: int | None = None
        self._popup: LineList | None = None
        self.seen: Callable[[int], int] = lambda conversation_id: 0
        """Gives the newest message of a conversation that the writer has seen."""
        self._send_keys = frozenset(send_keys)
        self._newline_keys = frozenset(newline_keys)
        self._typing_told: float | None = None
        self._typing_ends: Timer | None = None
        self._query: Query | None = None
        self._asked_at: Place | None = None
        """Where canned responses were asked for by their key."""
        self._dismissed: Place | None = None
        """Where a list was sent away that is not to come back by itself."""

    @property
    def popup(self) -> LineList | None:
        """The list of what fits, while it is shown: it gets up, down, enter and escape."""
        return self._popup

    @popup.setter
    def popup(self, popup: LineList | None) -> None:
        self._popup = popup
        self.update_suggestion()

    def may_ghost(self) -> bool:
        """Replies only, and nothing while a list is open: the right arrow is then its."""
        return self.target is not None and not self.private and self._popup is None

    def ghost_taken(self, text: str) -> None:
        if self.target is not None:
            self.post_message(self.GhostTaken(self, text))

    # --- for whom --------------------------------------------------------------------------

    def aim(self, target: int | None, private: bool, text: str) -> None:
        """Write to this conversation from now on, going on with `text`."""
        self.typing_over()
        self.target, self.private = target, private
        self.in_reply_to = None
        self.disabled = target is None
        self._load(text)

    def _load(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)
        self._dismissed = None
        self._look_for(None)

    def sent(self) -> None:
        """What was submitted is on its way: start with nothing."""
        self.typing_over()
        self.in_reply_to = None
        self._load("")

    def insert_text(self, text: str) -> None:
        """Put text at the cursor, made safe, in place of what is selected."""
        result = self._replace_via_keyboard(safe(text), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)

    @property
    def unfilled(self) -> list[str]:
        """Variables that would be filled or dropped by the server, not by us."""
        return list(dict.fromkeys(_VARIABLE.findall(self.text)))

    def select_unfilled(self) -> None:
        """Select the first unfilled variable, so that the next key replaces it."""
        for row, line in enumerate(self.text.split("\n")):
            if found := _VARIABLE.search(line):
                self.selection = Selection((row, found.start()), (row, found.end()))
                return

    # --- edits -----------------------------------------------------------------------------

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        self._edited()
        return result

    def undo(self) -> None:
        super().undo()
        self._edited()

    def redo(self) -> None:
        super().redo()
        self._edited()

    def _watch_show_vertical_scrollbar(self) -> None:
        # The base looks for the cursor in the middle of an undo, where its line may be gone.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()
        elif self.wrap_width:
            self._rewrap_and_refresh_virtual_size()

    def _edited(self) -> None:
        if self.target is None:
            return
        self.post_message(self.DraftEdited(self))
        line = self.document.get_line(self.cursor_location[0])
        query = query_at(line, self.cursor_location, self._asked_at, private=self.private)
        if query is None or query.start != self._dismissed:
            self._dismissed = None
            self._look_for(query)
        self._tell_typing()

    # --- what is looked for while it is typed ----------------------------------------------

    def ask_canned(self) -> None:
        """Look for a canned response by what is typed from here on."""
        self._asked_at = self.cursor_location
        self._look_for(Query(CANNED, "", self.cursor_location))

    def _look_for(self, query: Query | None) -> None:
        if query is None:
            self._asked_at = None
        if query != self._query:
            self._query = query
            self.post_message(self.CompletionAsked(query))

    def _dismiss_popup(self) -> None:
        self._dismissed = self._query.start if self._query is not None else None
        self._look_for(None)

    def take_completion(self, text: str) -> None:
        """Put this in place of what was typed to find it, or at the cursor."""
        end = self.cursor_location
        start = end if self._query is None else min(end, self._query.start)
        self._look_for(None)
        self.replace(safe(text), start, end, maintain_selection_offset=False)
        self._look_for(None)

    # --- typing ----------------------------------------------------------------------------

    def _tell_typing(self) -> None:
        if self.private or not self.text:
            self.typing_over()
            return
        now = monotonic()
        if self._typing_told is None or now - self._typing_told > TYPING_AGAIN:
            self._typing_told = now
            self.post_message(self.Typing(self, True))
        if self._typing_ends is not None:
            self._typing_ends.stop()
        self._typing_ends = self.set_timer(TYPING_OVER, self.typing_over)

    def typing_over(self) -> None:
        """The agent stopped writing."""
        if self._typing_ends is not None:
            self._typing_ends.stop()
            self._typing_ends = None
        if self._typing_told is not None and self.target is not None:
            self._typing_told = None
            self.post_message(self.Typing(self, False))

    def render_line(self, y: int) -> Strip:
        if not self.content_size.width:
            # Between two sizes of the terminal; the base cannot wrap its placeholder to nothing.
            return Strip.blank(self.size.width)
        return super().render_line(y)

    # --- keys ------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        if self._popup_key(event.key):
            pass
        elif event.key in self._send_keys:
            self.submit()
        elif event.key in self._newline_keys:
            self._replace_via_keyboard("\n", *self.selection)
        elif event.key != "enter":
            return  # "enter" means what the settings say, never a line by accident
        event.stop()
        event.prevent_default()

    def _popup_key(self, key: str) -> bool:
        popup = self.popup
        if popup is None:
            return False
        if key in ("up", "down"):
            popup.action_move(1 if key == "down" else -1)
        elif key in ("pageup", "pagedown"):
            popup.action_page(1 if key == "pagedown" else -1)
        elif key in ("enter", "tab"):
            popup.action_choose()
        elif key == "escape":
            self._dismiss_popup()
        else:
            return False
        return True

    def submit(self) -> None:
        """Ask for what is written to be sent; blanks are nothing to send."""
        if self.target is not None and self.text.strip():
            self.post_message(self.Submitted(self))

    def action_leave(self) -> None:
        self.post_message(self.Left())

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.target is None:
            return
        if len(event.text) > LARGE_PASTE:
            self.post_message(self.LargePaste(event.text))
        else:
            self.insert_text(event.text)
