"""The composition root: settings, store, engine and screens put together; nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from revivatui import config, themes
from revivatui.commands import Keys
from revivatui.engine.context import Notice, Profile
from revivatui.engine.engine import Engine
from revivatui.palette import CommandsProvider
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.pace import STEP, STEP_SSH, Pace
from revivatui.screens.session import Session
from revivatui.state.state import State
from revivatui.state.store import Store
from revivatui.text.safe import safe_line
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.cache.store import Cache
    from revivatui.paths import Paths

WATCHDOG = 2.0
"""Seconds after which a desk that was told to end by a signal ends, whatever hangs."""


def styles_folder() -> Path:
    """Inside the package when installed from a wheel, beside it in a working copy."""
    packaged = Path(__file__).parent / "styles"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "styles"


def over_ssh() -> bool:
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


class DeskApp(App[None]):
    """The desk of one profile."""

    TITLE = "RevivaTUI"
    CSS_PATH = [styles_folder() / name for name in ("base.tcss", "inbox.tcss", "dialogs.tcss")]
    COMMANDS = {CommandsProvider}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True, id="desk.quit"),
        Binding("ctrl+c", "no_copy", show=False, system=True),
    ]
    NOTIFICATION_TIMEOUT = 6

    def __init__(
        self,
        settings: config.Settings,
        paths: Paths,
        profile: Profile | None,
        *,
        open_cache: Callable[[Profile], Cache | None] = lambda profile: None,
        clock: Callable[[], float] = time.time,
        tz: tzinfo | None = None,
        why_sign_in: str = "",
    ) -> None:
        """Make the desk.

        Args:
            settings: As loaded.
            paths: Where its files are.
            profile: Who is signed in; None asks for it.
            open_cache: Opens the cache of a profile; the desk closes it.
            clock: Now, in epoch seconds.
            tz: The reader's zone; None for the machine's.
            why_sign_in: What to say when there is no profile.
        """
        super().__init__()
        self.settings = settings
        self.paths = paths
        self.profile = profile
        self.session: Session | None = None
        self._open_cache = open_cache
        self._clock = clock
        self._tz = tz
        self._why_sign_in = why_sign_in
        self._engine_task: asyncio.Task[None] | None = None
        self._notices: list[Notice] = []
        self.pace: Pace | None = None
        self._keys = Keys(settings.keys)
        symbols.use_ascii = settings.ascii_only
        self.animation_level = "full" if settings.animations else "none"
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = settings.theme
        self.set_keymap(dict(settings.keys))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLE_DEFAULTS)

    # --- life --------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.set_class(self.settings.ascii_only, "-ascii")
        self._listen_for_signals()
        self._set_terminal_title("RevivaTUI")
        if self.profile is None:
            self.ask_sign_in()
        else:
            self._open_desk(self.profile)

    def _open_desk(self, profile: Profile) -> None:
        loop = asyncio.get_running_loop()
        step = STEP_SSH if over_ssh() else STEP
        self.pace = Pace(loop.call_later, loop.time, step, self._writes_waiting)
        store = Store(State(), self.pace.schedule, on_error=self._subscriber_failed)
        engine = Engine(store, profile, self._cache_of(profile), self._clock)
        engine.notices = self._tell
        self.session = Session(
            store,
            engine,
            self._keys,
            self._clock,
            self._tz,
            over_ssh(),
            self.ask_sign_in,
            self.ask_settings,
        )
        self._engine_task = asyncio.create_task(engine.run(), name="engine")
        self._engine_task.add_done_callback(self._engine_ended)
        self.push_screen(InboxScreen(self.session))
        store.subscribe(lambda topics: self._name_terminal(), {"account", "counts"})

    def _cache_of(self, profile: Profile) -> Cache | None:
        from revivatui.cache.store import CacheError

        try:
            cache = self._open_cache(profile)
        except CacheError as error:
            self._tell(Notice("warning", str(error)))
            return None
        if cache is not None and cache.message:
            self._tell(Notice("warning", cache.message))
        return cache

    def _engine_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._handle_exception(error)  # type: ignore[arg-type]

    def _subscriber_failed(self, error: Exception) -> None:
        self._handle_exception(error)

    async def on_unmount(self) -> None:
        await self.end_engine()
        self._restore_terminal_title()

    async def end_engine(self) -> None:
        """End the engine, with its own time limit; what it has to say is printed after exit."""
        if self.session is not None and self._engine_task is not None:
            session, self.session = self.session, None
            session.engine.notices = self._notices.append
            await session.engine.close()
            self._engine_task = None

    @property
    def parting_words(self) -> list[str]:
        """What happened while the desk closed."""
        return [f"{notice.text} {notice.what_was_kept}".strip() for notice in self._notices]

    def action_leave(self) -> None:
        if self.session is not None and isinstance(self.screen, InboxScreen):
            self.screen.commands.quit()
        else:
            self.exit()

    def _tell(self, notice: Notice) -> None:
        text = f"{notice.text} {notice.what_was_kept}".strip()
        severity: Any = notice.severity
        self.notify(text, severity=severity, timeout=10, markup=False)

    # --- signing in and settings -------------------------------------------------------------

    def ask_sign_in(self) -> None:
        """Show the sign-in dialog over whatever is on screen."""
        from revivatui.screens.sign_in import SignInScreen

        if isinstance(self.screen, SignInScreen):
            return
        current = self.settings.current
        url = self.profile.base_url if self.profile else current.url if current else ""
        why = self._why_sign_in
        if self.session is not None:
            why = "The server no longer accepts the token. Everything you typed is still here."
            if self.session.state.link.state != "refused":
                why = ""
        self.push_screen(SignInScreen(self._check, url=url, why=why), self._signed_in)

    async def _check(
        self, url: str, token: str, email: str, password: str
    ) -> tuple[Profile | None, str]:
        from revivatui.engine import sign_in

        name = self.settings.profile
        if token:
            outcome = await sign_in.sign_in_with_token(url, token, None, name)
        else:
            outcome = await sign_in.sign_in_with_password(url, email, password, None, name)
        if outcome.profile is None:
            return None, outcome.error
        return outcome.profile, await asyncio.to_thread(self._remember, outcome.profile)

    def _remember(self, profile: Profile) -> str:
        """Keep the profile and its token; where neither can be kept, say so and go on."""
        from revivatui import credentials

        try:
            config.save_profile(
                self.paths.config_file, profile.name, profile.base_url, profile.account_id
            )
            credentials.save_token(
                profile.name, profile.base_url, profile.token, self.paths.credentials_file
            )
        except (config.ConfigError, credentials.CredentialsError) as error:
            self.call_later(self._tell, Notice("warning", str(error), "You are signed in."))
        return ""

    def _signed_in(self, profile: Profile | None) -> None:
        if profile is None:
            if self.session is None:
                self.exit()
            return
        self.settings = config.with_profile(self.settings, profile.base_url, profile.account_id)
        old, self.profile = self.profile, profile
        if self.session is None:
            self._open_desk(profile)
        elif old and (old.base_url, old.account_id) == (profile.base_url, profile.account_id):
            self.session.engine.sign_in_again(profile)
        else:
            self._tell(
                Notice("information", "Signed in to another desk: it opens at the next start.")
            )

    def ask_settings(self) -> None:
        from revivatui.screens.settings import SettingsScreen

        kept = "in the keyring"
        if self.paths.credentials_file.exists():
            kept = f"in {self.paths.credentials_file}"
        self.push_screen(
            SettingsScreen(self.settings, self.paths.config_file, kept, self._setting_changed)
        )

    def _setting_changed(self, option: config.Option, value: str | bool | int) -> None:
        from dataclasses import replace

        self.settings = replace(self.settings, **{option.attribute: value})  # type: ignore[arg-type]
        if option.attribute == "theme":
            self.theme = str(value)
        elif option.attribute == "ascii_only":
            symbols.use_ascii = bool(value)
            self.set_class(bool(value), "-ascii")
            self.refresh_css()
        elif option.attribute == "animations":
            self.animation_level = "full" if value else "none"
        else:
            self.notify("From the next start on.", markup=False)

    # --- the terminal ------------------------------------------------------------------------

    def _writes_waiting(self) -> int:
        """Writes queued for a slow terminal (Textual's writer thread; 0 where there is none)."""
        writer = getattr(self._driver, "_writer_thread", None)
        queue = getattr(writer, "_queue", None)
        return queue.qsize() if queue is not None else 0

    def _write_raw(self, sequence: str) -> None:
        if self._driver is not None and not self.is_headless and sys.__stdout__ is not None:
            self._driver.write(sequence)

    def _set_terminal_title(self, title: str) -> None:
        self._write_raw("\x1b[22;0t")
        self._write_raw(f"\x1b]0;{safe_line(title)}\x1b\\")

    def _name_terminal(self) -> None:
        if self.session is not None and self.session.state.account is not None:
            title = f"{self.session.state.account.name} - RevivaTUI"
            if title != self.sub_title:
                self.sub_title = title
                self._write_raw(f"\x1b]0;{safe_line(title)}\x1b\\")

    def _restore_terminal_title(self) -> None:
        self._write_raw("\x1b[23;0t")

    def _listen_for_signals(self) -> None:
        """HUP and TERM end the desk as quitting does; drafts and the journal are on disk already.

        The loop may hang on a terminal that is gone, so a thread ends the process if it must.
        """
        if threading.current_thread() is not threading.main_thread() or self.is_headless:
            return
        loop = asyncio.get_running_loop()

        def ended(number: int, _frame: object) -> None:
            watchdog = threading.Timer(WATCHDOG, os._exit, (128 + number,))
            watchdog.daemon = True
            watchdog.start()
            loop.call_soon_threadsafe(self.exit, None, 128 + number)

        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, ended)
