"""Signing in: the address, then an access token, or e-mail and password. Plain errors, in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from revivatui.screens.at_work import begin_alone
from revivatui.text.secrets import looks_like_token
from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.pieces import PIECE_CLASSES

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Paste

    from revivatui.engine.context import Profile
    from revivatui.engine.sign_in import SignInOutcome

FIELDS = (
    ("url", "Address of your Chatwoot", "https://chat.example.com"),
    ("token", "Access token, from the bottom of your profile page in Chatwoot", "paste it here"),
    ("email", "Or your e-mail", "name@example.com"),
    ("password", "And the password, used once and not kept", "password"),
)
"""Each field's name, the label above it, and what it says while it is empty."""
SECRET = ("token", "password")

TOKEN_IN_ADDRESS = "What you pasted looks like an access token. It went nowhere; paste it here."


class Field(Input):
    """One line; in the address no token is shown, not even for a moment."""

    class Refused(Message):
        """A token was pasted where it would be seen."""

    def on_paste(self, event: Paste) -> None:
        if not self.password and looks_like_token(event.text):
            event.prevent_default()
            event.stop()
            self.post_message(self.Refused())


class SignInScreen(ModalScreen["Profile | None"]):
    """Asks until it works or the agent leaves; dismisses with the profile, or None."""

    COMPONENT_CLASSES = PIECE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        check: Callable[[str, str, str, str], Awaitable[SignInOutcome]],
        *,
        url: str = "",
        why: str = "",
        leaves: bool = False,
    ) -> None:
        """Make the dialog.

        Args:
            check: Called with address, token, e-mail and password; gives a profile or a
                sentence.
            url: The address that stands there at first.
            why: Why signing in is needed, "" where it is obvious.
            leaves: Whether not signing in leaves the program.
        """
        super().__init__()
        self._check = check
        self._url = url
        self._why = why
        self._leaves = leaves
        self._busy = False
        self.head = ChipBar(classes="dialog-head")
        self.says = Static("", classes="field-error", markup=False)
        self.foot = ChipBar(classes="dialog-foot")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.head
            if self._why:
                yield Static(self._why, classes="question", markup=False)
            for name, label, example in FIELDS:
                yield Static(label, classes="field", markup=False)
                value = self._url if name == "url" else ""
                hidden = name in SECRET
                field = Field(value, placeholder=example, password=hidden, id=name, compact=True)
                field.cursor_blink = False
                yield field
            yield self.says
            yield self.foot

    def on_mount(self) -> None:
        self._say("")
        self.head.show([Chip("Sign in to Chatwoot", "strong", weight=NEVER)])
        self._show_keys()
        self.query_one("#token" if self._url else "#url", Input).focus()

    def _show_keys(self) -> None:
        label = "checking" if self._busy else "sign in"
        self.foot.show(
            [
                Chip(label, "muted" if self._busy else "accent", "go", NEVER, lead="enter"),
                Chip("next", "button", "next", 20, lead="tab"),
            ],
            [Chip("quit" if self._leaves else "cancel", "button", "leave", NEVER, lead="esc")],
        )

    def _say(self, error: str) -> None:
        self.says.update(error)
        self.says.display = bool(error)

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def on_input_submitted(self) -> None:
        self.go()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        if event.command == "go":
            self.go()
        elif event.command == "next":
            self.focus_next()
        else:
            self.action_leave()

    def go(self) -> None:
        """Try what is filled in; the first empty field that is needed gets the focus instead."""
        if self._busy:
            return
        if looks_like_token(self._value("url")):
            self.query_one("#url", Input).value = self._url
            self._ask_again("token", TOKEN_IN_ADDRESS)
            return
        if missing := self._missing():
            self._say("")
            self.query_one(f"#{missing}", Input).focus()
            return
        self._busy = True
        self._show_keys()
        self._say("")
        begin_alone(self, "sign-in", self._try)

    def _missing(self) -> str:
        if not self._value("url"):
            return "url"
        if self._value("token"):
            return ""
        if not self._value("email"):
            return "token" if self.focused is self.query_one("#url") else "email"
        return "" if self._value("password") else "password"

    async def _try(self) -> None:
        outcome = await self._check(
            self._value("url"), self._value("token"), self._value("email"), self._value("password")
        )
        self._busy = False
        profile: Profile | None = outcome.profile
        if profile is not None:
            self.dismiss(profile)
            return
        self._show_keys()
        self._ask_again(outcome.wrong, outcome.error)

    def _ask_again(self, name: str, error: str) -> None:
        """Say what is wrong and put the hand on it: the next paste goes over it."""
        self._say(error)
        if name:
            field = self.query_one(f"#{name}", Input)
            field.focus()
            field.select_all()

    def on_field_refused(self) -> None:
        self._ask_again("token", TOKEN_IN_ADDRESS)

    def action_leave(self) -> None:
        self.dismiss(None)
