"""One agent on the Team screen: a day as a bar and in words, figures, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.screens.team_lines import NONE, count, load_words, presence_piece, stands_for, took
from revivatui.state.presence_log import Entry, Span, timeline, totals
from revivatui.state.team import Card, initials
from revivatui.text.when import ago, clock, duration
from revivatui.text.width import fit, truncate
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.screens.team_reading import Holding
    from revivatui.state.reports import SummaryRow

NAMES: Final = 18
"""Cells for the names of figures."""
FIGURE: Final = 12
"""Cells of a figure."""
BAR_BROADEST: Final = 96
"""Cells of a whole day: a quarter of an hour each."""
MOST_SPANS: Final = 40
MOST_DEEDS: Final = 12
HOURS: Final = 24
DAY: Final = 86_400.0
FOR_ADMINISTRATORS: Final = (
    "figures are for administrators: you see presence, and the conversations you may see"
)
STYLES: Final = {"online": "success", "busy": "warning", "offline": "muted", "": "muted"}


def glyph_of(word: str) -> str:
    """A cell of the bar: each word has its own, so that no colour is needed."""
    named = {"online": symbols.was_online, "busy": symbols.was_busy, "offline": symbols.was_offline}
    return named.get(word, symbols.was_busy) if word else symbols.unknown


def bar(spans: Sequence[Span], start: float, seconds: float, cells: int) -> list[Piece]:
    """A day as cells; of a cell that holds several words the longest is drawn."""
    step, pieces = seconds / cells, []
    for cell in range(cells):
        since, until = start + cell * step, start + (cell + 1) * step
        parts: dict[str, float] = {}
        for span in spans:
            lasts = min(span.end, until) - max(span.start, since)
            if lasts > 0:
                parts[span.word] = parts.get(span.word, 0.0) + lasts
        if not parts:
            pieces.append(Piece(" "))
            continue
        word = max(parts, key=parts.__getitem__)
        pieces.append(Piece(glyph_of(word), STYLES.get(word, "note")))
    return pieces


def hours(cells: int) -> str:
    """The hours below a bar of a day."""
    line = ""
    for hour in range(0, HOURS, 3):
        line = fit(line, hour * cells // HOURS) + f"{hour:02}"
    return line


def day_lines(
    spans: Sequence[Span], start: float, seconds: float, cells: int, tz: tzinfo | None
) -> Iterator[ListLine]:
    """The bar, its hours, what is what, and every span in words."""
    across = max(HOURS, min(BAR_BROADEST, cells) // HOURS * HOURS)
    yield ListLine(tuple(bar(spans, start, seconds, across)))
    yield words(hours(across), "muted")
    by_word = totals(spans)
    legend = []
    for word in sorted(by_word, key=lambda one: -by_word[one]):
        said = word or "not known"
        legend.append(Piece(glyph_of(word), STYLES.get(word, "note")))
        legend.append(Piece(f" {said} {duration(by_word[word])}   "))
    yield ListLine(tuple(legend))
    yield words("")
    for span in spans[-MOST_SPANS:]:
        times = f"{clock(span.start, tz)}-{clock(span.end, tz)}"
        yield ListLine(
            (
                Piece(fit(times, 13), "muted"),
                Piece(fit(span.word or "not known", 11), STYLES.get(span.word, "note")),
                Piece(duration(span.seconds), "muted"),
                Piece("" if span.word else "   the desk was not connected", "muted"),
            )
        )


def figure_lines(card: Card) -> Iterator[ListLine]:
    """Today and the last seven days, side by side."""
    head = "today".rjust(FIGURE) + "7 days".rjust(FIGURE)
    yield ListLine((Piece(fit("", NAMES)), Piece(head, "muted")))
    for name, today, week in _figures(card.today, card.week):
        figures = today.rjust(FIGURE) + week.rjust(FIGURE)
        yield ListLine((Piece(fit(name, NAMES), "muted"), Piece(figures)))


def _figures(today: SummaryRow | None, week: SummaryRow | None) -> Iterator[tuple[str, str, str]]:
    for name, field, is_count in (
        ("conversations", "conversations", True),
        ("resolved", "resolved", True),
        ("first response", "first_response", False),
        ("resolution", "resolution", False),
        ("reply", "reply", False),
    ):
        values = [getattr(row, field) if row is not None else None for row in (today, week)]
        said = [count(value) if is_count else took(value) for value in values]
        yield name, said[0], said[1]


def now_lines(card: Card, now: float, *, heard: bool) -> Iterator[ListLine]:
    """Who it is, what they are, what they hold."""
    agent = card.agent
    yield ListLine(
        (
            Piece(f"{initials(agent.name)}  ", "accent"),
            Piece(agent.name, "strong"),
            Piece(f"  {agent.email}  {agent.role}", "muted"),
        )
    )
    held = card.held
    yield ListLine(
        (
            presence_piece(card, heard=heard),
            Piece(f" {stands_for(card.standing, now)}", "muted"),
            Piece(f"   {count(held.open if held else None)} open"),
            Piece(f"   {count(held.unattended if held else None)} unattended"),
            Piece(f"   load {load_words(card)}"),
        )
    )
    inboxes = ", ".join(one.name for one in card.inboxes)
    if inboxes:
        yield words(f"serves {inboxes}", "muted")


def holding_lines(
    holding: Holding | None, cells: int, now: float, tz: tzinfo | None
) -> Iterator[ListLine]:
    """Their open conversations, each to be opened."""
    if holding is None:
        yield words(f"asking the server{symbols.ellipsis}", "muted")
        return
    if not holding.rows:
        yield words("none is open", "muted")
    for row in holding.rows:
        name = holding.names.get(row.contact_id) or f"customer {row.contact_id}"
        waits = row.waiting_since
        waited = f"{symbols.waiting} {duration(now - waits)}" if waits is not None else ""
        room = max(8, cells - 51)
        said = row.preview.content.replace("\n", " ") if row.preview is not None else ""
        yield ListLine(
            (
                Piece(fit(f"#{row.id}", 8), "muted"),
                Piece(fit(name, 20), "strong"),
                Piece(f"{waited:>10}  ", "warning"),
                Piece(truncate(said, room, symbols.ellipsis).ljust(room), "muted"),
                Piece(ago(row.last_activity_at, now, tz).rjust(8), "muted"),
            ),
            f"conversation:{row.id}",
        )
    if holding.more:
        yield words(f"and more: the newest {len(holding.rows)} are shown", "muted")


def deed_lines(entries: Sequence[Entry], agent_id: int, tz: tzinfo | None) -> Iterator[ListLine]:
    """What came to them and what was done with it, as the desk heard it."""
    deeds = [one for one in entries if one.kind in ("assigned", "status")]
    mine = [one for one in deeds if one.agent_id == agent_id]
    seen: set[tuple[float, int, str]] = set()
    shown = []
    for one in sorted(mine, key=lambda entry: entry.at):
        key = (round(one.at, 1), one.conversation_id, one.kind)
        if key not in seen:  # two windows saw it
            seen.add(key)
            shown.append(one)
    if not shown:
        yield words(f"{NONE}  nothing was heard of", "muted")
    if len(shown) > MOST_DEEDS:
        yield words(f"the last {MOST_DEEDS} of {len(shown)}", "muted")
    for one in shown[-MOST_DEEDS:]:
        did = "came to them" if one.kind == "assigned" else f"is {one.word}"
        yield ListLine(
            (
                Piece(fit(clock(one.at, tz), 7), "muted"),
                Piece(fit(f"#{one.conversation_id}", 8)),
                Piece(did, "muted"),
            )
        )


class Day(NamedTuple):
    """What is known of the day that is shown."""

    log: Sequence[Entry] | None
    """None: it is still being read."""
    start: float
    end: float
    name: str
    trouble: str
    """Why the log cannot be read or kept; "" where it can."""


def agent_page(
    card: Card,
    day: Day,
    holding: Holding | None,
    cells: int,
    now: float,
    tz: tzinfo | None,
    *,
    heard: bool,
) -> list[ListLine]:
    """Everything about one agent."""
    agent_id = card.agent.id
    lines = [*now_lines(card, now, heard=heard), words("")]
    if day.log is None:
        lines.append(words(f"reading the log{symbols.ellipsis}", "muted"))
    else:
        spans = timeline(day.log, agent_id, day.start, day.end)
        lines += [words(day.name, "label"), *day_lines(spans, day.start, DAY, cells, tz)]
    if day.trouble:
        lines.append(words(day.trouble, "error"))
    lines += [words(""), words("Figures", "label")]
    if card.today is not None or card.week is not None:
        lines += figure_lines(card)
    else:
        lines.append(words(f"{FOR_ADMINISTRATORS.capitalize()}.", "muted"))
    lines += [words(""), words("Holds, newest activity first", "label")]
    lines += holding_lines(holding, cells, now, tz)
    if day.log is not None:
        of_day = [one for one in day.log if day.start <= one.at <= day.end]
        lines += [words(""), words(f"What came and went, {day.name.lower()}", "label")]
        lines += deed_lines(of_day, agent_id, tz)
    return lines
