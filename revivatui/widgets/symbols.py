"""Every glyph of the screens that is not ASCII, with what it says and its ASCII twin.

Only glyphs that take one cell in every terminal are in here (no emoji, nothing of ambiguous
width). `symbols.use_ascii = True` switches all of them at once, for terminals and fonts that lack
them and for screen readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Glyph(NamedTuple):
    """A glyph, its twin in ASCII and what it says."""

    glyph: str
    twin: str
    says: str

    @property
    def code_point(self) -> str:
        return f"U+{ord(self.glyph):04X}"


TABLE: Final[dict[str, Glyph]] = {
    "cursor": Glyph("▌", ">", "the row or message the keys act on"),
    "opened": Glyph("│", "|", "the conversation whose thread is on screen"),
    "resting": Glyph("╎", ":", "where the cursor rests while another pane has the focus"),
    "current": Glyph("✓", "v", "what it is set to now"),
    "draft": Glyph("✎", "=", "something is written and not sent"),
    "waiting": Glyph("◷", "w", "the customer has been waiting this long"),
    "bar": Glyph("┃", "|", "a private note"),
    "quote": Glyph("▏", ">", "a quote"),
    "reply": Glyph("╭", "^", "an answer to the message quoted here"),
    "says": Glyph("“", '"', "what somebody said begins"),
    "said": Glyph("”", '"', "what somebody said ends"),
    "bullet": Glyph("•", "-", "an item of a list"),
    "rule": Glyph("─", "-", "a divider"),
    "dot": Glyph("·", "-", "separates words that belong together"),
    "ellipsis": Glyph("…", "~", "something was cut"),
    "sending": Glyph("○", "o", "on its way to the server"),
    "sent": Glyph("✓", "v", "the server has it"),
    "failed": Glyph("✗", "x", "not delivered"),
    "held": Glyph("⊘", "!", "held back until the agent says yes"),
    "checking": Glyph("?", "?", "may or may not have arrived"),
    "attachment": Glyph("▸", "+", "a file, or something folded"),
    "folded": Glyph("▸", "+", "more is hidden here"),
    "down": Glyph("↓", "v", "newer messages below"),
    "up": Glyph("↑", "^", "older messages above"),
    "star": Glyph("★", "*", "a point of a rating"),
    "online": Glyph("●", "*", "online"),
    "link": Glyph("⇄", "=", "the connection to the server"),
    "busy": Glyph("◐", "~", "busy"),
    "offline": Glyph("○", "-", "offline"),
    "block": Glyph("█", "#", "a part of a big digit"),
    "was_online": Glyph("█", "#", "online at that time of the day"),
    "was_busy": Glyph("▒", "~", "busy at that time of the day"),
    "was_offline": Glyph("·", ".", "offline at that time of the day"),
    "unknown": Glyph("?", "?", "not known"),
    "menu": Glyph("▾", "v", "opens a choice"),
    "back": Glyph("‹", "<", "back to the list"),
    "prompt": Glyph("›", ">", "type here"),
    "choice": Glyph("○", "o", "something the customer may choose"),
    "chosen": Glyph("●", "*", "what the customer chose"),
    "axis": Glyph("│", "|", "the axis at the side of a chart"),
    "axis_tick": Glyph("┤", "+", "a number on it"),
    "axis_corner": Glyph("└", "+", "where both axes begin"),
    "axis_foot": Glyph("─", "-", "the axis below a chart"),
    "axis_mark": Glyph("┴", "+", "a label on it"),
    "grid": Glyph("·", " ", "as high as a number on the axis"),
    "here": Glyph("▲", "^", "the point that the cursor is on"),
    "point_1": Glyph("●", "*", "a value of the first line"),
    "point_2": Glyph("◆", "o", "a value of the second line"),
    "point_3": Glyph("■", "x", "a value of the third line"),
    "point_before": Glyph("○", ":", "a value of the time before"),
    "bar_1": Glyph("▏", "-", "an eighth of a cell of a bar"),
    "bar_2": Glyph("▎", "-", "two eighths"),
    "bar_3": Glyph("▍", "-", "three eighths"),
    "bar_4": Glyph("▌", "-", "four eighths"),
    "bar_5": Glyph("▋", "=", "five eighths"),
    "bar_6": Glyph("▊", "=", "six eighths"),
    "bar_7": Glyph("▉", "=", "seven eighths"),
    "bar_8": Glyph("█", "#", "a cell of a bar"),
    "part_1": Glyph("█", "#", "the first part of a bar"),
    "part_2": Glyph("▓", "=", "the second part"),
    "part_3": Glyph("▒", ":", "the third part"),
    "part_4": Glyph("░", ".", "the fourth part"),
    "part_5": Glyph("▚", "%", "the fifth part"),
    "rise_1": Glyph("▁", "_", "the lowest of eight heights"),
    "rise_2": Glyph("▂", ".", "the second"),
    "rise_3": Glyph("▃", "-", "the third"),
    "rise_4": Glyph("▄", "~", "the fourth"),
    "rise_5": Glyph("▅", "=", "the fifth"),
    "rise_6": Glyph("▆", "+", "the sixth"),
    "rise_7": Glyph("▇", "*", "the seventh"),
    "rise_8": Glyph("█", "#", "the highest"),
    "heat_0": Glyph("·", ".", "none at that hour"),
    "heat_1": Glyph("░", ":", "few"),
    "heat_2": Glyph("▒", "+", "some"),
    "heat_3": Glyph("▓", "x", "many"),
    "heat_4": Glyph("█", "#", "most"),
    "left_of": Glyph("[", "[", "what the cursor is on begins"),
    "right_of": Glyph("]", "]", "what the cursor is on ends"),
}


class Symbols:
    """The glyphs by name, in the alphabet the terminal can show."""

    def __init__(self) -> None:
        self._use_ascii = False
        self._shown = {name: glyph.glyph for name, glyph in TABLE.items()}

    @property
    def use_ascii(self) -> bool:
        return self._use_ascii

    @use_ascii.setter
    def use_ascii(self, ascii_only: bool) -> None:
        self._use_ascii = ascii_only
        self._shown = {name: g.twin if ascii_only else g.glyph for name, g in TABLE.items()}

    def __getattr__(self, name: str) -> str:
        try:
            return self._shown[name]
        except KeyError:
            raise AttributeError(f"no symbol is called {name!r}") from None

    def __iter__(self) -> Iterator[tuple[str, Glyph]]:
        return iter(TABLE.items())


symbols: Final = Symbols()
