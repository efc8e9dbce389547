"""The analytics of who is no administrator: why there are no figures, and what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.engine.asking import NotAnswered
from revivatui.screens.analytics_lines import named_lines, sentences
from revivatui.screens.analytics_reading import reason
from revivatui.state.analytics_board import Part
from revivatui.state.models import ListView
from revivatui.text.when import clock
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from revivatui.screens.analytics_reading import Reader
    from revivatui.screens.session import Session
    from revivatui.state.analytics_board import Board

OWN: Final = "own"
STATUSES: Final = ("open", "pending", "snoozed", "resolved")
WHY: Final = (
    "Chatwoot gives its figures to administrators only; you are signed in as an agent. An"
    " administrator can give you that role, or read them for you."
)
WHAT_THERE_IS: Final = "What the server counts of the conversations that you can see:"
_NAMES: Final = 12
_NUMBERS: Final = 13
_BROADEST: Final = 90


async def read_own(reader: Reader, board: Board) -> None:
    """How many conversations are in which state, mine and everybody's that I see."""
    counts = {}
    try:
        for status in STATUSES:
            view = ListView(tab="all", status=status)
            counts[status] = await reader.counts(view)
    except NotAnswered as error:
        board.parts[OWN] = Part(trouble=reason(error), why=error.why)
        return
    board.parts[OWN] = Part(counts, reader.now())


def own_lines(
    board: Board, session: Session, cells: int, key_of: Callable[[str], str]
) -> Sequence[ListLine]:
    room = min(cells, _BROADEST)
    lines = [*sentences([WHY], room), words("")]
    part = board.part(OWN)
    if part.trouble:
        lines += sentences([f"{symbols.failed} {part.trouble}"], room, "error")
        return [*lines, words(f"{key_of('room.again')} asks again.", "muted")]
    if not part.is_there:
        return [*lines, words(f"asking the server{symbols.ellipsis}", "muted")]
    lines += [words(WHAT_THERE_IS, "strong")]
    heads = "".join(f"{head:>{_NUMBERS}}" for head in ("mine", "unassigned", "all"))
    lines.append(words(" " * _NAMES + heads, "muted"))
    for status in STATUSES:
        one = part.value[status]
        counts = "".join(f"{many:>{_NUMBERS},}" for many in (one.mine, one.unassigned, one.all))
        lines.append(words(f"{status:<{_NAMES}}{counts}"))
    as_of = clock(part.as_of, session.tz) if part.as_of is not None else ""
    told = [
        ("as of", as_of),
        (
            key_of("analytics.verify"),
            "works the figures of the range out from the conversations that you can see, by"
            " reading them; that takes a while and asks a lot of the server.",
        ),
        (key_of("room.team"), "leads to the team: who is on, and what everybody holds."),
    ]
    return [*lines, words(""), *named_lines(told, room)]
