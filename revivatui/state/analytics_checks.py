"""What verifying comes to: the server's figures held against our own, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state import analytics_board as parts
from revivatui.state.analytics_charts import Share, slot_of
from revivatui.state.analytics_own import own_board, own_value
from revivatui.state.analytics_tiles import tiles_of, value_words
from revivatui.state.figures.agreement import (
    AGREES,
    DIFFERS,
    ESTIMATE,
    EXACT,
    UNCHECKED,
    UNKNOWN,
    Basis,
    basis,
    compare,
)
from revivatui.state.figures.counting import AVERAGES, CONVERSATIONS, RESOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state.analytics_board import Board
    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.figures.rows import Rows
    from revivatui.state.reports import Bucket

METRIC_OF: Final = {
    "conversations": CONVERSATIONS,
    "first_response": "avg_first_response_time",
    "reply": "reply_time",
    "resolution": "avg_resolution_time",
    "resolved": RESOLUTIONS,
    "rate": RESOLUTIONS,
    "satisfaction": "satisfaction",
    "unattended": "unattended",
}
"""What each tile's figure stands or falls with."""
PART_OF: Final = {"satisfaction": parts.RATINGS, "unattended": parts.LIVE}
RECORDS_TELL: Final = frozenset({"conversations", "satisfaction", "unattended"})
MOST_TOLD: Final = 12
"""Points that differ and are named."""
_KINDS: Final = {EXACT: "exact", ESTIMATE: "an estimate", UNKNOWN: "not known"}


class Check(NamedTuple):
    """agrees, differs or unchecked; a sentence, and what is to be known beside it."""

    verdict: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


def check_tile(board: Board, tile: Tile, rows: Rows, *, events_told: bool, unread: int) -> Check:
    """The figure of a tile against ours."""
    kind = tile.kind
    names = (PART_OF.get(kind.id, parts.SUMMARY),)
    own = next(one for one in tiles_of(own_board(board, rows, names)) if one.kind.id == kind.id)
    metric = METRIC_OF[kind.id]
    own_basis = basis_of(board, metric, events_told or kind.id in RECORDS_TELL, unread)
    found = compare(metric, tile.value, own.value, own_basis)
    ours = value_words(kind, own.value) if own.value is not None else "nothing"
    sentence = found.sentence.partition(" Ours is")[0]
    if kind.unit == "percent" and found.verdict != UNCHECKED:
        sentence = (
            f"Agrees: {tile.words} in both."
            if found.verdict == AGREES
            else f"Differs: the server says {tile.words}, we count {ours}."
        )
    facts = [("server", tile.words), ("our own", ours), ("ours is", _KINDS[own_basis.kind])]
    if own_basis.why:
        facts.append(("because", own_basis.why))
    return Check(found.verdict, sentence, tuple(facts))


def basis_of(board: Board, metric: str, events_told: bool, unread: int) -> Basis:
    return basis(
        metric, board.version, scope=board.wanted.scope, events_told=events_told, unread=unread
    )


class Pair(NamedTuple):
    """A point of the server's beside ours."""

    name: str
    metric: str
    server: float | None
    own: float | None


def check_chart(
    board: Board, names: Iterable[str], rows: Rows, *, events_told: bool, unread: int
) -> Check:
    """Every point of a chart against ours."""
    pairs = [pair for name in names for pair in pairs_of(board, name, rows)]
    counts = {AGREES: 0, DIFFERS: 0, UNCHECKED: 0}
    facts: list[tuple[str, str]] = []
    bases: dict[str, Basis] = {}
    for pair in pairs:
        told = events_told or pair.metric in ("ratings", "shares")
        own_basis = bases.setdefault(pair.metric, basis_of(board, pair.metric, told, unread))
        found = compare(pair.metric, pair.server, pair.own, own_basis)
        counts[found.verdict] += 1
        if found.verdict == DIFFERS and len(facts) < MOST_TOLD:
            facts.append((pair.name, found.sentence.partition(" Ours is")[0]))
    kinds = {one.kind: one for one in bases.values()}
    for one in kinds.values():
        facts.append(("ours is", f"{_KINDS[one.kind]}: {one.why}"))
    return Check(*_verdict(counts, len(pairs)), tuple(facts))


def _verdict(counts: dict[str, int], of: int) -> tuple[str, str]:
    if counts[UNCHECKED]:
        return UNCHECKED, "Cannot be checked: not everything could be read."
    if counts[DIFFERS]:
        return DIFFERS, f"{counts[DIFFERS]:,} of {of:,} points differ, {counts[AGREES]:,} agree."
    return AGREES, f"All {of:,} points agree."


def pairs_of(board: Board, name: str, rows: Rows) -> list[Pair]:
    """Every value of a part beside ours."""
    told, own = board.value(name), own_value(board, name, rows)
    kind, _, metric = name.partition(":")
    if kind in ("series", "before"):
        return _buckets(board, metric, told, own)
    if kind == parts.HOURS:
        return _buckets(board, CONVERSATIONS, told, own)
    if kind == parts.AGENTS:
        ours = {row.id: row for row in own}
        return [
            Pair(f"agent #{row.id}", CONVERSATIONS, row.conversations,
                 ours[row.id].conversations if row.id in ours else None)
            for row in told
        ]  # fmt: skip
    if kind == parts.RATINGS:
        return [
            Pair(f"{n} of 5", "ratings", told.ratings.get(n, 0), own.ratings.get(n, 0))
            for n in range(1, 6)
        ]
    return _shares(told, own)


def _buckets(
    board: Board, metric: str, told: tuple[Bucket, ...], own: tuple[Bucket, ...]
) -> list[Pair]:
    ours = {bucket.at: bucket.value for bucket in own}
    names = {at: slot_of(at, board.question.group_by, board.tz).words for at in ours}
    server = {bucket.at: bucket.value for bucket in told}
    zero = None if metric in AVERAGES else 0.0
    return [
        Pair(names.get(at) or f"{at:.0f}", metric, server.get(at, zero), ours.get(at, zero))
        for at in sorted({*ours, *server})
    ]


def _shares(told: tuple[Share, ...], own: tuple[Share, ...]) -> list[Pair]:
    from revivatui.state.analytics_charts import STATUSES

    ours = {share.key: share for share in own}
    server = {share.key: share for share in told}
    pairs = []
    for key in sorted({*ours, *server}):
        name = (server.get(key) or ours[key]).name
        for place, status in enumerate(STATUSES):
            left = server[key].counts[place] if key in server else 0
            right = ours[key].counts[place] if key in ours else 0
            pairs.append(Pair(f"{name}, {status}", "shares", left, right))
    return pairs


def own_tiles(board: Board, rows: Rows, read: int, unread: int) -> Check:
    """The figures of what an agent can see, worked out here."""
    own = own_board(board, rows, (parts.SUMMARY,))
    wanted = ("conversations", "first_response", "reply", "resolution", "resolved", "rate")
    facts = [(tile.kind.short, tile.words) for tile in tiles_of(own) if tile.kind.id in wanted]
    estimate = basis_of(board, "avg_resolution_time", events_told=False, unread=0)
    facts.append(("these are", f"{_KINDS[estimate.kind]}: {estimate.why}"))
    if unread:
        facts.append(("not read", f"{unread} conversations could not be read."))
    sentence = f"Worked out of {read:,} conversations that you can see; the server did not say it."
    return Check("own", sentence, tuple(facts))
