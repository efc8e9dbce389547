"""What a model made of a draft, change by change: take, skip or write each anew by a key.

Dismisses with the text that goes into the composer, or None: then the draft stays as it was. It
opens when the model is done, which nobody can foresee: who was just writing on meant the composer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from revivatui.copilot.hunks import joined, pieces_of
from revivatui.screens.admin_form import AdminForm, Field
from revivatui.screens.forms import Form, FormField
from revivatui.text.safe import safe
from revivatui.text.width import truncate, wrap
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.copilot_list import BlockList
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece
from revivatui.widgets.sure_hand import SureHand
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult

    from revivatui.screens.admin_form import Values
    from revivatui.screens.forms import Filled

CONTEXT: Final = 24
"""Characters of the unchanged text that are shown around a change."""
BROADEST: Final = 96
AROUND: Final = 9
"""Lines of the dialog that are no hunks."""
MOST_ROWS: Final = 8
"""Lines of a change that are in view while it is written anew."""


class ReviewScreen(ModalScreen[str | None]):
    """Every change is taken unless it is skipped; what would stand there is shown below."""

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Leave the draft", show=False),
        Binding("ctrl+s", "apply", "Put it in", show=False, priority=True),
        Binding("space,t", "take", "Take or skip", show=False),
        Binding("s", "skip", "Skip", show=False),
        Binding("e", "edit", "Write it anew", show=False),
        Binding("A", "all(True)", "Take all", show=False),
        Binding("N", "all(False)", "Skip all", show=False),
    ]

    def __init__(
        self,
        title: str,
        before: str,
        after: str,
        doubts: Callable[[str], list[str]],
        write_on: Callable[[events.Key | events.Paste], object],
    ) -> None:
        """Make the dialog.

        Args:
            title: What was asked for.
            before: The draft.
            after: What became of it.
            doubts: What a text says that neither record nor draft say; asked on the loop.
            write_on: Given what was typed or pasted before anybody can have seen this dialog,
                which closes then.
        """
        super().__init__()
        self._title = title
        self._before = before
        self._pieces = pieces_of(before, after)
        self.places = [place for place, one in enumerate(self._pieces) if one.is_hunk]
        self._taken = set(self.places)
        self._edited: dict[int, str] = {}
        self._doubts = doubts
        self._write_on = write_on
        self.went_on = False
        """Closed because the agent was writing on."""
        self.hand = SureHand()
        self.hand.cursor_was_moved()
        self._armed = ""
        self.head = ChipBar(classes="dialog-head")
        self.lines = BlockList(gutter=True)
        self.whole = Static("", classes="form-told", markup=False)
        self.told = Static("", classes="form-told", markup=False)
        self.foot = ChipBar(classes="dialog-foot")

    @property
    def text(self) -> str:
        """The draft with what is taken so far."""
        return joined(self._pieces, self._taken, self._edited)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page review"):
            yield self.head
            yield self.lines
            yield self.whole
            yield self.told
            yield self.foot

    def on_mount(self) -> None:
        self.foot.show(
            [
                Chip("put it in", "accent", "apply", NEVER, lead="ctrl+s"),
                Chip("take or skip", "button", "take", 60, lead="space"),
                Chip("write anew", "button", "edit", 50, lead="e"),
                Chip("all", "button", "all", 40, lead="A"),
                Chip("none", "button", "none", 30, lead="N"),
            ],
            [Chip("leave the draft", "button", "cancel", NEVER, lead="esc")],
        )
        self.lines.focus()
        self._show()
        self.call_after_refresh(self.hand.cursor_was_moved)

    def on_resize(self) -> None:
        self._show()

    # --- who was writing on ----------------------------------------------------------------------

    @property
    def _was_seen(self) -> bool:
        return self.hand.cursor_is_sure and not self.went_on

    def on_key(self, event: events.Key) -> None:
        if self._was_seen:
            return
        event.stop()
        if event.is_printable:
            self._give_back(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        if not self._was_seen:
            event.stop()
            self._give_back(events.Paste(event.text))

    def _give_back(self, event: events.Key | events.Paste) -> None:
        self._write_on(event)
        if not self.went_on:
            self.went_on = True
            self.dismiss(None)

    # --- showing -------------------------------------------------------------------------------

    def _show(self) -> None:
        many, taken = len(self.places), len(self._taken)
        said = f"{taken} of {many} taken" if many else "nothing changed"
        self.head.show([Chip(self._title, "strong", weight=NEVER)],
                       [Chip(said, "muted", weight=NEVER)])  # fmt: skip
        room = max(24, min(BROADEST, self.app.size.width - 10))
        lines: list[ListLine] = []
        for place in self.places:
            lines += [words("")] if lines else []
            lines += self._hunk_lines(place, room)
        if not lines:
            lines = [words("The model changed nothing.", "muted")]
        self.lines.styles.height = max(2, min(len(lines), self.app.size.height - AROUND - 4))
        self.lines.show(lines)
        shown = " ".join(self.text.split())
        self.whole.update(truncate(shown, room * 2, symbols.ellipsis))

    def _hunk_lines(self, place: int, room: int) -> Iterator[ListLine]:
        piece, mark = self._pieces[place], "[x]" if place in self._taken else "[ ]"
        head = "" if place == 0 else _last(self._pieces[place - 1].before)
        tail = "" if place + 1 == len(self._pieces) else _first(self._pieces[place + 1].before)
        style = "accent" if place in self._taken else "muted"
        yield ListLine(
            (Piece(f"{mark} ", style), Piece(truncate(f"{head} ... {tail}", room - 4), "muted")),
            str(place),
        )
        after = self._edited.get(place, piece.after)
        yield from _signed("-", piece.before, room, "muted")
        yield from _signed("+", after, room, "success" if place in self._taken else "muted")

    def _say(self, text: str) -> None:
        self._armed = self.text if text else ""
        self.told.set_class(bool(text), "-wrong")
        self.told.update(text)

    # --- deciding ------------------------------------------------------------------------------

    @property
    def _place(self) -> int | None:
        return int(self.lines.choice) if self.lines.choice else None

    def _decide(self, place: int, *, take: bool) -> None:
        if take:
            self._taken.add(place)
        else:
            self._taken.discard(place)
            self._edited.pop(place, None)
        self._say("")
        self._show()

    def action_take(self) -> None:
        place = self._place
        if place is not None:
            self._decide(place, take=place not in self._taken)

    def action_skip(self) -> None:
        place = self._place
        if place is not None:
            self._decide(place, take=False)
            self.lines.action_move(1)

    def action_all(self, take: bool) -> None:
        self._taken = set(self.places) if take else set()
        if not take:
            self._edited.clear()
        self._say("")
        self._show()

    def action_edit(self) -> None:
        place = self._place
        if place is None:
            return
        text = self._edited.get(place, self._pieces[place].after).strip()
        if "\n" in text:
            self._write_lines(place, text)
            return
        form = Form("Write it anew", [FormField("text", "Instead", " ".join(text.split()))],
                    verb="take it")  # fmt: skip
        self.app.push_screen(form, partial(self._written, place))

    def _write_lines(self, place: int, text: str) -> None:
        def take(filled: Values) -> None:
            form.dismiss()
            self._written(place, filled)

        rows = min(text.count("\n") + 2, MOST_ROWS)
        field = Field("text", "Instead", text, rows=rows)
        form = AdminForm("Write it anew", [field], take, verb="take it")
        self.app.push_screen(form)

    def _written(self, place: int, filled: Filled | None) -> None:
        if filled is None:
            return
        piece = self._pieces[place]
        self._edited[place] = _spaced_as(piece.after or piece.before, safe(filled["text"]))
        self._decide(place, take=True)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if self._was_seen:
            self.action_take()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if not self._was_seen:
            return
        deeds: dict[str, Callable[[], None]] = {
            "apply": self.action_apply,
            "take": self.action_take,
            "edit": self.action_edit,
            "all": partial(self.action_all, True),
            "none": partial(self.action_all, False),
        }
        deeds.get(event.command, self.action_cancel)()

    def action_apply(self) -> None:
        """Give the text back; what it says that nobody knows takes a second key."""
        if not self._was_seen:
            return
        found = self._doubts(self.text)
        if found and self._armed != self.text:
            self._say(f"Not in the record: {', '.join(found)}. Again puts it in all the same.")
            return
        self.dismiss(self.text)

    def action_cancel(self) -> None:
        self.dismiss(None)


def _last(text: str) -> str:
    line = text.rsplit("\n", 1)[-1]
    return line if len(line) <= CONTEXT else f"...{line[-CONTEXT:]}"


def _first(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= CONTEXT else f"{line[:CONTEXT]}..."


def _signed(sign: str, text: str, room: int, style: str) -> Iterator[ListLine]:
    shown = text.strip("\n")
    if not shown.strip():
        yield ListLine((Piece(f"    {sign} ", style), Piece("nothing", "muted")))
        return
    for line in shown.split("\n"):
        for start, end in wrap(line, max(12, room - 8)):
            lead = f"    {sign} " if start == 0 else "      "
            yield ListLine((Piece(lead, style), Piece(line[start:end], style)))


def _spaced_as(model: str, text: str) -> str:
    """The text with the blanks around it that stood around another."""
    body = model.strip()
    if not body:
        return text
    start = model.index(body)
    return model[:start] + text + model[start + len(body) :]
