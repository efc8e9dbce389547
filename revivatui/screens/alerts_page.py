"""What is over its threshold now, and what was today."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.screens.page import Page
from revivatui.state.alerts import NAMES, Board
from revivatui.text.when import clock, day_of, duration, stamp
from revivatui.text.width import wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.alerts import Alert

_INDENT = "    "
OFF = "Alerts are off. They are switched on in the settings (, in the inbox)."
OUTSIDE = "Outside the working hours of the settings nothing is watched."
NOTHING = "Nothing is over its threshold."


class AlertsScreen(Page):
    """Enter leads to what an alert is about, m mutes its kind for an hour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,exclamation_mark", "leave", "Back", show=False),
        Binding("m", "mute", "Mute for an hour", show=False),
    ]

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__("Alerts")
        self._session = session
        self._inbox = inbox

    @property
    def _board(self) -> Board:
        return self._session.alerts.board if self._session.alerts is not None else Board()

    def alerts_changed(self) -> None:
        if self.lines.is_attached:  # else the page is on its way off the screen
            self.show_page()

    def hints(self) -> list[Chip]:
        if not self._board.active:
            return []
        return [
            Chip("go there", "accent", "open", NEVER, lead="enter"),
            Chip("mute for an hour", "button", "mute", NEVER, lead="m", short="mute"),
        ]

    # --- the lines ----------------------------------------------------------------------------

    def page(self) -> list[ListLine]:
        board, watch = self._board, self._session.alerts
        lines: list[ListLine] = []
        for one in board.active:
            lines += self._active(one)
        if not board.active:
            if watch is None or not watch.is_on:
                lines += self._wrapped(OFF, "muted", "")
            else:
                lines += self._wrapped(NOTHING if watch.is_watching else OUTSIDE, "success", "")
        for kind, why in board.unknown.items():
            lines += self._wrapped(f"{NAMES[kind]}: not known, {why}", "muted", "")
        past = list(self._today())
        if past:
            lines += [words(""), words("Earlier today", "strong")]
            for one in past:
                lines += self._past(one)
        if board.at is not None:
            lines += [words(""), words(f"as of {clock(board.at, self._session.tz)}", "muted")]
        return lines

    def _active(self, one: Alert) -> Iterator[ListLine]:
        session, now = self._session, self._session.clock()
        until = self._board.muted.get(one.kind, 0.0)
        is_muted = until > now
        since = f"since {stamp(one.since, now, session.tz)}, {duration(now - one.since)}"
        muted = f" {symbols.dot} muted until {clock(until, session.tz)}" if is_muted else ""
        yield ListLine(
            (
                Piece(f"! {one.name}", "muted" if is_muted else "error", one.kind),
                Piece(f"  {since}{muted}", "muted", one.kind),
            ),
            one.kind,
        )
        yield from self._wrapped(one.words, "", _INDENT)

    def _past(self, one: Alert) -> Iterator[ListLine]:
        tz, now = self._session.tz, self._session.clock()
        begin = stamp(one.since, now, tz)
        if one.until is None:
            when = f"{begin}, its end was not noted"
        else:
            when = f"{begin} to {clock(one.until, tz)}, {duration(one.until - one.since)}"
        why = f" {symbols.dot} {one.why_over}" if one.why_over else ""
        yield ListLine((Piece(f"{symbols.sent} {one.name}"), Piece(f"  {when}{why}", "muted")))
        yield from self._wrapped(one.words, "muted", _INDENT)

    def _today(self) -> Iterator[Alert]:
        now, tz = self._session.clock(), self._session.tz
        today = day_of(now, tz)
        for one in self._board.past:
            if day_of(one.last_at, tz) == today:
                yield one

    def _wrapped(self, text: str, style: str, indent: str) -> Iterator[ListLine]:
        for start, end in wrap(text, max(20, self.room - len(indent))):
            yield words(f"{indent}{text[start:end]}", style)

    # --- what is chosen -----------------------------------------------------------------------

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._go(event.choice)

    def _go(self, kind: str) -> None:
        from revivatui.screens.inbox import InboxScreen

        one = self._board.of(kind)
        if one is None:
            return
        place, _, name = one.leads_to.partition(":")
        app = self.app
        while not isinstance(app.screen, InboxScreen):
            app.pop_screen()
        if place == "conversation":
            self._inbox.open(int(name))
        elif place == "room":
            self._inbox.run(f"desk.{name}")
        elif place == "list":
            self._inbox.run(f"list.{name}")

    def act(self, command: str) -> None:
        if command == "open":
            self._go(self.lines.choice)
        elif command == "mute":
            self.action_mute()
        elif command in NAMES:
            self._go(command)
        else:
            self.action_leave()

    def action_mute(self) -> None:
        if self._session.alerts is not None and self._board.of(self.lines.choice) is not None:
            self._session.alerts.mute(self.lines.choice)
