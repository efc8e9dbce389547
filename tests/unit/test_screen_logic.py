"""What the screens reckon without a screen: snooze times, the pace of flushes, contrast."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from textual.color import Color
from textual.theme import Theme

from revivatui import themes
from revivatui.screens import inbox_view as view_of
from revivatui.screens.engine_later import EngineLater
from revivatui.screens.pace import LONGEST_STEP, STEP, Pace
from revivatui.screens.snooze_times import UNTIL_REPLY, moment, snooze_options
from revivatui.state.models import SendEntry
from revivatui.state.state import State

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 11, 25, 14, 5, tzinfo=LISBON).timestamp()  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("2h", "2026-11-25 16:05"),
        ("in 30 min", "2026-11-25 14:35"),
        ("tomorrow", "2026-11-26 09:00"),
        ("tomorrow 14:30", "2026-11-26 14:30"),
        ("fri", "2026-11-27 09:00"),
        ("Wednesday 10:00", "2026-12-02 10:00"),
        ("27 Nov 10:00", "2026-11-27 10:00"),
        ("3 March", "2027-03-03 09:00"),
        ("16:45", "2026-11-25 16:45"),
        ("9:00", "2026-11-26 09:00"),
        ("4pm", "2026-11-25 16:00"),
    ],
)
def test_a_typed_time_means_what_people_mean(typed: str, means: str) -> None:
    at = moment(typed, NOW, LISBON)
    assert at is not None
    assert at.strftime("%Y-%m-%d %H:%M") == means


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "today 9:00", "9999 w", "31 Feb", "2"])
def test_what_means_no_time_to_come_is_none(typed: str) -> None:
    at = moment(typed, NOW, LISBON)
    assert at is None or (typed == "2" and at.hour == 2)


def test_the_usual_times_are_offered() -> None:
    options = {option.label: option for option in snooze_options(NOW, LISBON)}
    assert options["until they write"].id == UNTIL_REPLY
    monday = datetime.fromtimestamp(int(options["Monday 9:00"].id), LISBON)
    assert monday.strftime("%A %H:%M %d") == "Monday 09:00 30"
    assert options["Monday 9:00"].detail == "Mon 30 Nov 09:00"
    assert options["1 week"].detail == "Wed  2 Dec 09:00"


def test_nine_in_the_morning_stays_nine_when_the_clocks_change() -> None:
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=LISBON).timestamp()
    at = moment("tomorrow", saturday, LISBON)
    assert at is not None
    assert datetime.fromtimestamp(at.timestamp(), LISBON).hour == 9


class Loop:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.due.append((self.now + seconds, call))

    def turn(self, until: float) -> None:
        while (due := [one for one in self.due if one[0] <= until + 1e-9]) != []:
            first = min(due, key=lambda one: one[0])
            self.due.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = until


def test_a_change_after_a_pause_is_shown_at_once_and_the_next_at_the_end_of_the_step() -> None:
    loop, shown = Loop(), list[float]()
    pace = Pace(loop.call_later, lambda: loop.now)
    for _ in range(2):
        pace.schedule(lambda: shown.append(loop.now))
        loop.turn(loop.now)
    assert shown == [100.0]
    loop.turn(101.0)
    assert shown == [100.0, pytest.approx(100.0 + STEP)]


def test_a_terminal_that_does_not_keep_up_gets_fewer_frames_until_it_does() -> None:
    loop, shown, queue = Loop(), list[float](), [9]
    pace = Pace(loop.call_later, lambda: loop.now, queued=lambda: queue[0])
    pace.schedule(lambda: shown.append(loop.now))
    loop.turn(110.0)
    assert shown == []
    assert pace.slow
    assert pace.step == LONGEST_STEP
    queue[0] = 0
    loop.turn(112.0)
    assert len(shown) == 1
    for _ in range(10):
        pace.schedule(lambda: shown.append(loop.now))
        loop.turn(loop.now + 2.0)
    assert pace.step == STEP
    assert not pace.slow


def test_what_is_asked_before_the_engine_is_there_is_asked_in_order_then() -> None:
    class Heard:
        def __init__(self) -> None:
            self.calls: list[tuple[str, int]] = []

        def open(self, number: int) -> None:
            self.calls.append(("open", number))

        def mark_read(self, number: int) -> None:
            self.calls.append(("mark_read", number))

    later, heard = EngineLater(), Heard()
    later.open(4)
    later.mark_read(4)
    later.hand_over(heard)  # type: ignore[arg-type]
    later.hand_over(heard)  # type: ignore[arg-type]
    assert heard.calls == [("open", 4), ("mark_read", 4)]


def _contrast(one: Color, other: Color) -> float:
    def light(color: Color) -> float:
        parts = [part / 255 for part in color.rgb]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_every_text_colour_is_readable_on_every_ground(theme: Theme) -> None:
    named = theme.variables
    own = ("bubble-note", "selection", "selection-blurred", "field")
    grounds = [theme.surface, theme.background, *(named[name] for name in own)]
    for name in ("text", *(n for n in named if n.startswith("text-") and n != "text-disabled")):
        for ground in grounds:
            assert ground is not None
            contrast = _contrast(Color.parse(named[name]), Color.parse(ground))
            assert contrast >= 4.5, f"{theme.name}: ${name} on {ground} is {contrast:.2f}"


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on-primary", "accent-ground"),
        ("block-cursor-foreground", "block-cursor-background"),
        ("input-cursor-foreground", "input-cursor-background"),
    ],
)
def test_text_on_grounds_of_its_own_is_readable(theme: Theme, text: str, ground: str) -> None:
    named = theme.variables
    assert _contrast(Color.parse(named[text]), Color.parse(named[ground])) >= 4.5


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_fields_and_selections_can_be_seen_on_the_surface(theme: Theme) -> None:
    assert theme.surface is not None
    for name in ("field", "selection", "selection-blurred"):
        ground = Color.parse(theme.variables[name])
        assert _contrast(ground, Color.parse(theme.surface)) >= 1.1, name


def test_the_sheets_write_words_in_readable_colours_only() -> None:
    readable = re.compile(r"\$(text(-(muted|primary|accent|secondary|success|warning|error))?;"
                          r"|on-primary;|(input|block)-cursor-foreground;)")  # fmt: skip
    for path in (Path(__file__).parents[2] / "styles").glob("*.tcss"):
        text = path.read_text(encoding="utf-8")
        for colour in re.findall(r"(?<![-\w])color: ([^}\n]+)", text):
            assert readable.match(colour.strip()), f"{path.name}: {colour}"


def test_every_name_of_the_themes_has_a_value_for_other_themes() -> None:
    for name in ("selection", "selection-blurred", "field", "accent-ground", "bubble-note"):
        assert name in themes.VARIABLE_DEFAULTS


def test_the_bright_theme_has_the_owners_colours() -> None:
    nordic = themes.NORDIC
    told = (nordic.primary, nordic.surface, nordic.background, nordic.foreground)
    assert told == ("#007AFF", "#FFFFFF", "#F2F2F7", "#1D1D1F")
    assert nordic.variables["line"] == "#E5E7EB"


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (["failed"], "1 message is not sent. The desk keeps it on this machine, and sends it when"),
        (["failed", "failed"], "2 messages are not sent. The desk keeps them on this machine"),
        (["held"], "1 reply is held. Somebody wrote meanwhile: the desk keeps it, and sends it"),
        (
            ["queued"],
            "1 message waits to be sent. The next start sends it, within 5 minutes; later",
        ),
        (["queued", "queued"], "2 messages wait to be sent. The next start sends them, within"),
        (["sending"], "1 message is on the way, not yet confirmed. The next start looks whether"),
        (["sending", "unconfirmed"], "2 messages are on the way, not yet confirmed."),
    ],
)
def test_leaving_says_what_becomes_of_what_is_not_sent(states: list[str], says: str) -> None:
    state = State()
    for number, kind in enumerate(states):
        entry = SendEntry(
            reference=str(number), conversation_id=1, inbox_id=1, content="x", private=False,
            created_at=0.0, state=kind,
        )  # fmt: skip
        state.sends[entry.reference] = entry
    assert says in view_of.unsent_words(state)
