"""The settings, as they are and where they are kept; changing one writes the file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from revivatui import config
from revivatui.screens.choose import Choose
from revivatui.screens.choose import Option as Choice
from revivatui.text.width import fit
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import PIECE_CLASSES, Piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult


class SettingsScreen(ModalScreen[None]):
    """One line a setting; enter or a click changes it."""

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,comma,q", "leave", "Back", show=False),
    ]

    def __init__(
        self,
        settings: config.Settings,
        file: Path,
        kept: str,
        changed: Callable[[config.Option, str | bool | int], None],
    ) -> None:
        """Make the screen.

        Args:
            settings: As they are now.
            file: Where changes are written.
            kept: Where the token is, in words.
            changed: Called with each change once it is written.
        """
        super().__init__()
        self._settings = settings
        self._file = file
        self._kept = kept
        self._changed = changed
        self._values = {o.name: getattr(settings, o.attribute) for o in config.OPTIONS}
        self.head = ChipBar(classes="dialog-head")
        self.lines = LineList()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield self.head
            yield self.lines

    def on_mount(self) -> None:
        self.head.show(
            [Chip("Settings", "strong", weight=NEVER)],
            [
                Chip("Change", "accent", "change", NEVER, lead="enter"),
                Chip("Close", "button", "leave", NEVER, lead="esc"),
            ],
        )
        self._show()
        self.lines.focus()

    def _show(self) -> None:
        lines = []
        for option in config.OPTIONS:
            value = self._values[option.name]
            shown = {True: "yes", False: "no"}.get(value, str(value)) if value != 0 else "0"
            if isinstance(value, bool):
                shown = "yes" if value else "no"
            lines.append(
                ListLine(
                    (
                        Piece(fit(option.name.replace("_", " "), 26), "strong"),
                        Piece(fit(shown, 14), "accent"),
                        Piece(option.comment, "muted"),
                    ),
                    option.name,
                )
            )
        profile = self._settings.current
        lines += [
            words(""),
            words(
                f"Profile {self._settings.profile}: {profile.url if profile else 'not signed in'}"
            ),
            words(f"Token: {self._kept}", "muted"),
            words(f"File: {self._file}", "muted"),
            words("Keys are remapped there under [keys]; `revivatui keys` lists the ids.", "muted"),
        ]
        self.lines.show(lines)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._change(event.choice)

    def _change(self, name: str) -> None:
        option = next(option for option in config.OPTIONS if option.name == name)
        value = self._values[name]
        if option.kind is bool:
            self._set(option, not value)
            return
        if option.choices:
            choices = list(option.choices)
        elif option.kind is int:
            choices = ["0", "10", "20", "30", "60"]
        else:
            choices = [*self._settings.profiles] or [str(value)]

        def chosen(choice: str | None) -> None:
            if choice is not None:
                self._set(option, int(choice) if option.kind is int else choice)

        options = [Choice(choice, choice) for choice in choices]
        self.app.push_screen(Choose(option.name, options, current=str(value)), chosen)

    def _set(self, option: config.Option, value: str | bool | int) -> None:
        try:
            config.save_option(self._file, option.name, value)
        except config.ConfigError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._values[option.name] = value
        self._changed(option, value)
        self._show()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "change" and self.lines.choice:
            self._change(self.lines.choice)
        elif event.command == "leave":
            self.action_leave()

    def action_leave(self) -> None:
        self.dismiss()
