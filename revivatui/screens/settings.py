"""The settings, as they are and where they are kept; changing one writes the file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui import config
from revivatui.crm_access import without_password
from revivatui.screens.choose import Choose
from revivatui.screens.choose import Option as Choice
from revivatui.screens.page import Page
from revivatui.text.width import fit, pad, width, wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece, line_width

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GAP = 2
"""Cells between columns."""
AUTOMATIC = "automatic"
NOTHING, NEVER_DOES = "none", "never"
KEYS = "Other keys for commands go under [keys] in the file; revivatui keys lists the ids."


def shown(option: config.Option, value: object) -> str:
    """A setting's value in words."""
    if option.is_private:
        return "set" if value else NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or NOTHING
    if value == 0 and isinstance(value, int):
        return NEVER_DOES if option.offers else AUTOMATIC
    return without_password(str(value)) or NOTHING


def _typed(option: config.Option, choice: str) -> str | float:
    """What was chosen, as the file holds it."""
    return option.kind(choice) if option.kind in (int, float) else choice


_LABELS = GAP + max(width(option.label) for option in config.OPTIONS)
_VALUES = GAP + max(width(word) for word in (*config.THEME_NAMES, AUTOMATIC))


class SettingsScreen(Page):
    """One line a setting; enter or a click changes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,comma,q", "leave", "Back", show=False),
    ]

    def __init__(
        self,
        settings: config.Settings,
        file: Path,
        kept: str,
        changed: Callable[[config.Option, str | bool | float], None],
    ) -> None:
        """Make the screen.

        Args:
            settings: As they are now.
            file: Where changes are written.
            kept: Where the token is, in words.
            changed: Called with each change once it is written.
        """
        super().__init__("Settings")
        self._settings = settings
        self._file = file
        self._kept = kept
        self._changed = changed
        self._values = {o.name: getattr(settings, o.attribute) for o in config.OPTIONS}

    def hints(self) -> list[Chip]:
        return [Chip("change", "accent", "change", NEVER, lead="enter")]

    def tell_kept(self, kept: str) -> None:
        """Where the token was found to be; it may take a while to find out."""
        self._kept = kept
        self.show_page()

    def page(self) -> list[ListLine]:
        lines: list[ListLine] = []
        for option in config.OPTIONS:
            lines += self._option_lines(option)
        profile = self._settings.current
        facts = (
            ("Address", profile.url if profile else "Not signed in."),
            ("Token", self._kept),
            ("File", str(self._file)),
            ("Keys", KEYS),
        )
        lines.append(words(""))
        for name, text in facts:
            lines += self._told((Piece(pad(name, _LABELS), "muted"),), text, "")
        return lines

    def _option_lines(self, option: config.Option) -> list[ListLine]:
        """The setting's name and value, and what it means beside them."""
        name = Piece(pad(option.label, _LABELS), "strong", option.name)
        value = Piece(
            fit(shown(option, self._values[option.name]), _VALUES - GAP) + " " * GAP,
            "accent",
            option.name,
        )
        first, *more = self._told((name, value), option.comment, option.name)
        return [first._replace(choice=option.name), *more]

    def _told(self, lead: tuple[Piece, ...], text: str, command: str) -> list[ListLine]:
        """A text wrapped beside what leads it."""
        indent = line_width(lead)
        lines = []
        for start, end in wrap(text, max(12, self.room - indent - GAP)):
            style = "muted" if command else ""
            lines.append(ListLine((*lead, Piece(text[start:end], style, command))))
            lead = (Piece(" " * indent),)
        return lines

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._change(event.choice)

    def _change(self, name: str) -> None:
        option = next(option for option in config.OPTIONS if option.name == name)
        value = self._values[name]
        if option.kind is bool:
            self._set(option, not value)
            return
        if option.kind is list or option.is_private:
            self.notify(f"Write [{option.table}] {option.key} into the file below.", markup=False)
            return
        if option.choices:
            choices = list(option.choices)
        elif option.offers:
            choices = list(option.offers)
            if option.kind is str:
                choices = list(dict.fromkeys(["", *choices, str(value)]))
        elif option.kind is int:
            choices = ["0", "10", "20", "30", "60"]
        else:
            choices = [*self._settings.profiles] or [str(value)]

        def chosen(choice: str | None) -> None:
            if choice is not None:
                self._set(option, _typed(option, choice))

        options = [Choice(choice, shown(option, _typed(option, choice))) for choice in choices]
        self.app.push_screen(Choose(option.label, options, current=str(value)), chosen)

    def _set(self, option: config.Option, value: str | bool | float) -> None:
        try:
            config.save_option(self._file, option.name, value)
        except config.ConfigError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._values[option.name] = value
        self._changed(option, value)
        self.show_page()

    def act(self, command: str) -> None:
        if command == "leave":
            self.action_leave()
        elif self.lines.choice:
            self._change(self.lines.choice)
