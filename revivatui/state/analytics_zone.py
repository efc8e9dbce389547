"""Whose days the figures are cut by: the reader's, and what the server takes for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from revivatui.state.figures.zones import Zone, ZonesMissing, zone_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.state.analytics_board import Board

_MONTH = 30 * 86400


def server_zone(board: Board) -> Zone:
    """The zone that the server groups by for this board's question. Raises ZonesMissing."""
    moment = datetime.fromtimestamp(board.asked_at, UTC)
    return zone_of(f"{board.question.offset:g}", board.version, moment)


def zone_words(board: Board) -> str:
    """The reader's zone, and the server's where its clocks go differently in the range."""
    name = reader_words(board.tz, board.asked_at)
    try:
        zone = server_zone(board)
    except ZonesMissing:
        return name
    if _are_alike(board, zone.info):
        return name
    return f"{name}; the server's steps are {zone.name}'s"


def reader_words(tz: tzinfo | None, now: float) -> str:
    """What the reader's zone is called."""
    if tz is None:
        local = datetime.fromtimestamp(now).astimezone()
        return local.tzname() or "this machine's time"
    return str(getattr(tz, "key", "")) or datetime.fromtimestamp(now, tz).tzname() or "local time"


def _are_alike(board: Board, info: tzinfo) -> bool:
    """Whether both clocks show the same all through the range and the time before."""
    at, end = board.before.since, board.question.until
    while at < end:
        if not _is_same(at, board.tz, info):
            return False
        at += min(_MONTH, max(3600.0, (end - board.before.since) / 50))
    return _is_same(end, board.tz, info)


def _is_same(at: float, tz: tzinfo | None, info: tzinfo) -> bool:
    ours = datetime.fromtimestamp(at, tz) if tz else datetime.fromtimestamp(at).astimezone()
    return ours.utcoffset() == datetime.fromtimestamp(at, info).utcoffset()
