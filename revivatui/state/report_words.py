"""What every form of a report says the same way: values, verdicts, dates, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.analytics_tiles import value_words
from revivatui.state.charts.numbers import seconds_words
from revivatui.text.when import clock, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.report_data import Row, ShopReport

OF_TEXTS: Final = frozenset({"Figures", "Alerts"})
"""The tables whose cells are words."""
NONE: Final = "-"
"""What stands where there is nothing to average, or this server does not say it."""


def title(report: ShopReport) -> str:
    return f"{report.account}: {report.period.title}"


def as_of(report: ShopReport) -> str:
    """When, in whose time, and by which counting."""
    at = f"{day_of(report.as_of, report.tz).isoformat()} {clock(report.as_of, report.tz)}"
    noun = report.period.noun
    so_far = f" The {noun} is not over: it is compared with as much of the {noun} before."
    running = "" if report.is_whole else so_far
    return f"As of {at}, {report.zone}, counted by Chatwoot {report.version}.{running}"


def value(tile: Tile) -> str:
    if tile.value is None:
        return tile.verdict
    return value_words(tile.kind, tile.value)


def verdict(tile: Tile) -> str:
    """ "met, target under 2 min"; "" where there is no target."""
    if tile.kind.target is None:
        return ""
    words = f"target {tile.kind.target.words}"
    return f"{tile.verdict}, {words}" if tile.verdict in ("met", "missed") else words


def trend(tile: Tile, noun: str) -> str:
    """Against the period before, and whether that is good."""
    if tile.trend is None:
        return "" if tile.kind.id == "uptime" else f"nothing to compare with the {noun} before"
    good = {True: " (better)", False: " (worse)", None: ""}[tile.trend.is_good]
    if tile.trend.direction == "same":
        return f"as the {noun} before"
    return f"{tile.trend.words.removesuffix(' before')} the {noun} before{good}"


def duration(seconds: float | None) -> str:
    return NONE if seconds is None else seconds_words(seconds)


def count(number: int | None) -> str:
    return NONE if number is None else f"{number:,}"


Table = tuple[str, "Sequence[str]", "list[Sequence[str]]"]
"""A caption, the heads (the first one of names, the others of values), the rows."""


def tables(report: ShopReport) -> Iterator[Table]:
    """Everything that is a table in every form."""
    noun = report.period.noun
    yield (
        "Figures",
        ("Figure", "Value", "Target", f"Against the {noun} before", "Of what"),
        [
            (one.kind.name, value(one), verdict(one), trend(one, noun), one.note)
            for one in report.figures
        ],
    )
    yield (
        "By day",
        ("Day", "Conversations", "Resolved"),
        [
            (f"{one.day:%a} {one.day.isoformat()}", count(one.conversations), count(one.resolved))
            for one in report.days
        ],
    )
    heads = ("Conversations", "Resolved", "First response", "Resolution time")
    yield "By agent", ("Agent", *heads), [_row(one) for one in _busy(report.agents)]
    yield "By inbox", ("Inbox", *heads), [_row(one) for one in _busy(report.inboxes)]
    yield (
        "Ratings",
        ("Rating", "Answers"),
        [(f"{n} of 5", count(many)) for n, many in enumerate(report.rated.counts, 1)],
    )
    if report.alerts is not None:
        yield "Alerts", ("Alert", "From", "To", "Reason"), list(_alerts(report))


def _busy(rows: Sequence[Row]) -> list[Row]:
    """Those with something to tell, the busiest first."""
    told = [one for one in rows if one.conversations or one.resolved or one.first_response]
    return sorted(told, key=lambda one: (-one.conversations, one.name.casefold()))


def _row(row: Row) -> Sequence[str]:
    return (
        row.name,
        count(row.conversations),
        count(row.resolved),
        duration(row.first_response),
        duration(row.resolution),
    )


def _alerts(report: ShopReport) -> Iterator[Sequence[str]]:
    for one in report.alerts or ():
        begin = moment(one.since, report)
        end = moment(one.until, report) if one.until is not None else "not noted"
        yield one.name, begin, end, one.bare or one.words


def moment(at: float, report: ShopReport) -> str:
    return f"{day_of(at, report.tz).isoformat()} {clock(at, report.tz)}"


def comment_head(report: ShopReport, index: int) -> str:
    """Whose comment it is, on what."""
    one = report.comments[index]
    when = f", {moment(one.created_at, report)}" if one.created_at is not None else ""
    agent = f", {one.agent_name}" if one.agent_name else ""
    name = one.contact_name or "a customer"
    return f"{one.rating} of 5, {name}, #{one.conversation_id}{agent}{when}"


def comments_note(report: ShopReport) -> str:
    """What is left out of the comments; "" where nothing is."""
    if report.has_more_ratings:
        return "There are more answers than were read: the newest stand here."
    if report.comments_left_out:
        return f"{report.comments_left_out} older comments are left out."
    return ""
