"""The composition root: settings, store, engine and screens put together; nothing else."""

from __future__ import annotations

import asyncio
import gc
import importlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.binding import Binding, BindingType

from revivatui import config, crm_access, hours_access, kept, signing_in, themes
from revivatui.commands import Keys
from revivatui.screens import sheets
from revivatui.screens.attention import Attention
from revivatui.screens.ending import end_with_signals
from revivatui.screens.engine_later import EngineLater
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.key_order import KeyOrder
from revivatui.screens.pace import STEP, STEP_SSH, Pace, over_ssh
from revivatui.screens.session import Session
from revivatui.screens.terminal_title import OwnTerminal, TerminalTitle
from revivatui.state.state import State
from revivatui.state.store import Store
from revivatui.widgets.steady_output import steady
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from datetime import tzinfo

    from textual.command import Provider
    from textual.screen import Screen

    from revivatui.cache.store import Cache
    from revivatui.engine.context import Notice, Profile
    from revivatui.engine.engine import Engine
    from revivatui.paths import Paths
    from revivatui.screens.scanner import Scanner
    from revivatui.screens.settings import SettingsScreen

REFUSED = "The server no longer accepts the token. Everything you typed is still here."


def _commands_provider() -> type[Provider]:
    from revivatui.palette import CommandsProvider

    return CommandsProvider


class DeskApp(App[None]):
    """The desk of one profile."""

    TITLE = "RevivaTUI"
    CSS_PATH = list(sheets.FIRST)
    COMMANDS = {_commands_provider}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True, id="desk.quit"),
        Binding("ctrl+l", "redraw", "Redraw", show=False, id="desk.redraw"),
        Binding("ctrl+c", "no_copy", show=False, system=True),
    ]
    NOTIFICATION_TIMEOUT = 6

    def __init__(
        self,
        settings: config.Settings,
        paths: Paths,
        token_of: Callable[[], tuple[str | None, str]],
        *,
        keep_cache: bool = True,
        throwaway: bool = False,
        clock: Callable[[], float] = time.time,
        tz: tzinfo | None = None,
    ) -> None:
        """Make the desk.

        Args:
            settings: As loaded; the current profile is the desk that opens.
            paths: Where its files are.
            token_of: Finds the profile's token, which may take a while: called from a thread,
                after the first frame. Gives None and a sentence where there is none.
            keep_cache: Whether what is seen outlives the desk.
            throwaway: The folder of `paths` goes with the desk: leaving asks when that loses text.
            clock: Now, in epoch seconds.
            tz: The reader's zone; None for the machine's.
        """
        super().__init__()
        self._shown = False
        """The first frame is painted."""
        self.settings = settings
        self.paths = paths
        self.profile: Profile | None = None
        self.session: Session | None = None
        self.whole: Callable[[], object] = lambda: None
        """Called when the inbox is on screen and whole."""
        self._engine: Engine | None = None
        self._token_of = token_of
        self._keep_cache = keep_cache
        self._throwaway = throwaway
        self._cache: Cache | None = None
        self._cache_says: list[str] = []
        self._starting: asyncio.Task[None] | None = None
        self._clock = clock
        self._tz = tz
        self._why_sign_in = signing_in.welcome(settings)
        self._next_profile = settings.profile
        self._at: config.ProfileSettings | None = None
        """The desk on screen."""
        self._engine_task: asyncio.Task[None] | None = None
        self._notices: list[Notice] = []
        self.pace: Pace | None = None
        self._keys = Keys(settings.keys)
        self._attention = Attention(self, settings, lambda: self._engine, clock)
        self._key_order = KeyOrder(self)
        self._scanner: Scanner | None = None
        self._terminal = OwnTerminal(self)
        self._title = TerminalTitle(self._terminal.write)
        symbols.use_ascii = settings.ascii_only
        self.animation_level = "full" if settings.animations else "none"
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = settings.theme
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(dict(settings.keys))

    async def on_event(self, event: events.Event) -> None:
        self._attention.touched(event)
        if self._key_order.kept(event):
            return
        if not self._key_order.concerns(event):
            await super().on_event(event)
        elif not self._key_order.must_wait(event) and not self._is_scanned(event):
            self._key_order.begin()
            target = self.focused or self.screen
            await super().on_event(event)
            self._key_order.follow(target)

    def _is_scanned(self, event: events.Event) -> bool:
        """Whether a barcode scanner typed this: it is no text and no command then."""
        if self._scanner is None and self.session is not None and self.session.crm.is_on:
            from revivatui.screens.scanner import Scanner

            self._scanner = Scanner(self, self._key_order)
        return self._scanner is not None and self._scanner.takes(event)

    def on_app_focus(self) -> None:
        self._attention.look(True)

    def on_app_blur(self) -> None:
        self._attention.look(False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLE_DEFAULTS)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Write what the compositor made, with every doubtful grapheme on cells of its own."""
        if isinstance(renderable, CompositorUpdate):
            renderable = steady(renderable)
        super()._display(screen, renderable)

    def refresh_css(self, animate: bool = True) -> None:
        """Textual asks at every start as a theme was chosen; the sheet is made for it already."""
        if self._shown:
            super().refresh_css(animate)

    # --- life --------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.set_class(self.settings.ascii_only, "-ascii")
        if not self.is_headless:
            end_with_signals(lambda code: self.exit(None, code))
        self._title.keep()
        self._say_cache()
        if self.session is None:
            self._started()
            self.ask_sign_in()

    def _say_cache(self) -> None:
        for words in self._cache_says:
            self.notify(words, severity="warning", timeout=10, markup=False)
        self._cache_says.clear()

    def get_default_screen(self) -> Screen[Any]:
        """The inbox as it was last seen; the engine comes when the first frame is painted."""
        current = self.settings.current
        if current is None or not current.account_id:
            return super().get_default_screen()
        return self._make_inbox()

    def _make_inbox(self, user_id: int = 0) -> InboxScreen:
        """The inbox of an agent at the current desk; 0: of whoever was there last."""
        loop = asyncio.get_running_loop()
        step = STEP_SSH if over_ssh() else STEP
        self.pace = Pace(loop.call_later, loop.time, step, self._terminal.writes_waiting)
        store = Store(State(), self.pace.schedule, on_error=self._handle_exception)
        later: Any = EngineLater()
        self.session = Session(
            store,
            later,
            self._keys,
            self._clock,
            self._tz,
            over_ssh(),
            self._throwaway,
            self.ask_sign_in,
            self.ask_settings,
            self.redraw,
            self._inbox_complete,
            crm_access.desk_access(self.settings, self.paths, self._clock, self._handle_exception),
            partial(crm_access.look_at_bridge, self.settings, self.paths, self._clock),
            holidays=partial(hours_access.open_book, self.settings, self.paths),
            downloads=lambda: self.paths.downloads,
            team_capacity=self.settings.team_capacity,
            suggests=self.settings.copilot_on,
        )
        self._at = self.settings.current
        self._load_cache(user_id)
        self._key_order.hold()
        store.subscribe(lambda _: self._title.name(store.state.account), {"account", "counts"})
        return InboxScreen(self.session, self.size)

    def _started(self) -> None:
        """What the start made stays: it is not walked again, and the collector works from here."""
        self._shown = True
        gc.collect()
        gc.freeze()
        gc.enable()

    def _inbox_complete(self) -> None:
        """The inbox is on screen and whole: keys count, and the engine may come."""
        self._started()
        self._key_order.release()
        self.whole()
        self._start_engine_soon()
        if self.session is not None:
            self.session.crm.start(crm_access.AFTER)
        hours_access.watch(self)
        self._watch_alerts()
        self._suggest()

    def _watch_alerts(self) -> None:
        from revivatui.screens.alerting import watch_alerts

        if self.session is not None:
            file_of = partial(kept.alerts_file, self.paths, self.settings)
            given = file_of if self._keep_cache else None
            alarm, title = self._attention.alarm, self._title
            watch_alerts(self, self.session, self.settings, given, alarm, title)

    def _suggest(self) -> None:
        """Suggest replies from now on, where the settings say so."""
        from revivatui import copilot_access
        from revivatui.screens.copilot_opening import Shop, suggest

        if self.session is not None and self.session.suggests:
            learned = kept.learned_file(self.paths, self.settings) if self._keep_cache else None
            model = copilot_access.model_at(self.settings, self.paths)
            minilm = self.paths.minilm_file
            shop = Shop(self.settings.shop, self.paths.config_file, learned, model, minilm)
            suggest(self, self.session, lambda: self._cache, shop)

    def _start_engine_soon(self) -> None:
        if self._engine is None and self._starting is None:
            self._starting = asyncio.create_task(self._start_known())

    def _load_cache(self, user_id: int) -> None:
        """Open the cache and show what was last seen, before anything is painted."""
        if not self._keep_cache or self.session is None:
            return
        from revivatui.cache.store import CacheError

        try:
            self._cache = kept.open_cache(self.paths, self.settings, user_id)
            seen = self._cache.load()
        except CacheError as error:
            self._cache_says.append(str(error))
            return
        if self._cache.message:
            self._cache_says.append(self._cache.message)
        if seen is not None:
            self.session.store.dispatch(seen)
            self.session.store.flush()

    async def _start_known(self) -> None:
        """Find the token and start the engine, both away from the loop."""
        current = self.settings.current
        assert current is not None
        token, why = await asyncio.to_thread(self._token_of)
        if token is not None:
            why = await asyncio.to_thread(signing_in.address_problem, self.settings)
        if token is None or why:
            self._why_sign_in = why
            self.ask_sign_in()
            return
        await asyncio.to_thread(importlib.import_module, "revivatui.engine.engine")
        from revivatui.engine.context import Profile

        self._start_engine(Profile(self.settings.profile, current.url, token, current.account_id))

    def _start_engine(self, profile: Profile) -> None:
        from revivatui.engine.engine import Engine

        session = self.session
        assert session is not None
        self.profile = profile
        self._engine = engine = Engine(session.store, profile, self._cache, self._clock)
        engine.notices = self._tell
        engine.on_other_agent(self._other_agent)
        self._attention.serve(engine, self._tz)
        later: Any = session.engine
        session.engine = engine
        self._engine_task = asyncio.create_task(engine.run(), name="engine")
        self._engine_task.add_done_callback(self._engine_ended)
        later.hand_over(engine)

    def _engine_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._handle_exception(error)

    # --- another desk ------------------------------------------------------------------------

    def _other_agent(self, user_id: int) -> None:
        """The token turned out to be of somebody else than what is on screen."""
        assert self.profile is not None
        self._open_other_desk(replace(self.profile, user_id=user_id))

    def _open_other_desk(self, profile: Profile) -> None:
        self._starting = asyncio.create_task(self._change_desk(profile), name="another desk")
        self._starting.add_done_callback(self._engine_ended)

    async def _change_desk(self, profile: Profile) -> None:
        """Another server, account or agent: nothing of the one before stays on screen."""
        assert self.session is not None
        assert self._at is not None
        words = kept.left_words(self.session.state, self._at.url)
        self._notices.clear()
        await self.end_engine()
        while not isinstance(self.screen, InboxScreen):
            await self.pop_screen()
        inbox = self._make_inbox(profile.user_id)
        self._start_engine(profile)
        if len(self.screen_stack) == 1:  # nobody pushed the first screen, so nobody waits for it
            self.screen._push_result_callback(self.screen, None)
        await self.switch_screen(inbox)
        self._say_cache()
        for told in (words, *self.parting_words):
            if told:
                self.notify(told, severity="warning", timeout=10, markup=False)
        self._notices.clear()

    async def on_unmount(self) -> None:
        await self.end_engine()
        self._title.put_back()

    async def end_engine(self) -> None:
        """End the engine, with its own time limit; what it has to say is printed after exit."""
        engine, self._engine = self._engine, None
        self._attention.close()
        if self.session is not None:
            for one in (self.session.alerts, self.session.copilot):
                if one is not None:
                    await one.close()
            await self.session.crm.close()
        if engine is not None:
            engine.notices = self._notices.append
            await engine.close()
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    @property
    def parting_words(self) -> list[str]:
        """What happened while the desk closed."""
        return [f"{notice.text} {notice.what_was_kept}".strip() for notice in self._notices]

    def action_command_palette(self) -> None:
        """The palette with words of our own, and a mark that every terminal can show."""
        from textual.command import CommandPalette

        if isinstance(self.screen, InboxScreen):
            self.screen.palette_target = self.screen.target_id
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="a command, or what it does"))

    def on_command_palette_opened(self) -> None:
        from textual.command import CommandInput, SearchIcon

        self.screen.query_one(SearchIcon).icon = symbols.prompt
        self.screen.query_one(CommandInput).cursor_blink = False

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
        sheets.read_later(self.stylesheet)
        current = self.settings.current
        url = self.profile.base_url if self.profile else current.url if current else ""
        why = self._why_sign_in
        if self._engine is not None and self.session is not None:
            refused = self.session.state.link.state == "refused"
            why = REFUSED if refused else ""
        if self.settings.this_start is not None and signing_in.THIS_START not in why:
            why = f"{why} {signing_in.THIS_START}".strip()
        check = partial(signing_in.check, self.settings, self.paths, self._tell_soon)
        dialog = SignInScreen(check, url=url, why=why, leaves=self._engine is None)
        self.push_screen(dialog, self._signed_in)

    def _tell_soon(self, notice: Notice) -> None:
        self.call_later(self._tell, notice)

    def _signed_in(self, profile: Profile | None) -> None:
        if profile is None:
            if self._engine is None:
                self.exit()
            return
        self.settings = signing_in.signed_in(self.settings, profile.base_url, profile.account_id)
        if self.session is None:
            inbox = self._make_inbox(profile.user_id)
            self._start_engine(profile)
            self.push_screen(inbox)
            self._say_cache()
        elif self._at is None or not signing_in.is_same(self._at, profile, self.session.state.me):
            self._open_other_desk(profile)
        elif self._engine is None:
            self._start_engine(profile)
        else:
            self.profile = profile
            self._engine.sign_in_again(profile)

    def ask_settings(self) -> None:
        from revivatui.screens.at_work import begin
        from revivatui.screens.settings import SettingsScreen

        shown = replace(self.settings, profile=self._next_profile)
        file = self.paths.config_file
        screen = SettingsScreen(shown, file, "Looking for it.", self._setting_changed)
        self.push_screen(screen)
        begin(self, "token", self._find_token, shown, screen)

    async def _find_token(self, shown: config.Settings, screen: SettingsScreen) -> None:
        """A keyring may take its time: the screen is there before."""
        words = await asyncio.to_thread(signing_in.token_words, shown, self.paths)
        if screen.is_attached:
            screen.tell_kept(words)

    def _setting_changed(self, option: config.Option, value: str | bool | float) -> None:
        if option.attribute == "profile":
            self._next_profile = str(value)
            self.notify("From the next start on.", markup=False)
            return
        self.settings = replace(self.settings, **{option.attribute: value})  # type: ignore[arg-type]
        if option.attribute == "theme":
            self.theme = str(value)
        elif option.attribute == "ascii_only":
            symbols.use_ascii = bool(value)
            self.set_class(bool(value), "-ascii")
            self.refresh_css()
        elif option.attribute == "animations":
            self.animation_level = "full" if value else "none"
        elif option.table in ("notify", "presence"):
            self._attention.follow(self.settings, self._tz)
        elif option.table == "alerts":
            if self.session is not None and self.session.alerts is not None:
                self.session.alerts.follow(self.settings)
        else:
            self.notify("From the next start on.", markup=False)

    # --- the terminal ------------------------------------------------------------------------

    def action_redraw(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Clear the terminal and paint every cell anew, whatever other programs left there."""
        self._terminal.write("\x1b[2J")
        self.refresh()
