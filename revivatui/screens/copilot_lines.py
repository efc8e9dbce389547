"""The lines of the copilot's pane, made from what it has to say: functions only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.commands import BY_ID
from revivatui.screens.copilot_advice import NOT_IN_RECORD
from revivatui.text.width import truncate, width, wrap
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Line, Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from revivatui.copilot.suggestion import Lane
    from revivatui.screens.copilot_advice import Advice, Answer, Shown
    from revivatui.screens.session import Session

LANES: Final[dict[Lane, tuple[str, str]]] = {
    "record": ("record", "success"),
    "answer": ("answer", "label"),
    "price": ("price", "accent"),
    "model": ("model", "note"),
}
"""What stands before a suggestion for where it comes from, and its style."""
INSERT: Final = "copilot.insert"
FEW_LINES: Final = 3
"""Lines of a suggestion's text, as long as nobody asks for the whole of it."""
APART: Final = ListLine(())
"""Between two blocks."""
WHOLE: Final = 500
"""Lines of what a model says: all of it was asked for."""
_INDENT: Final = "  "


class Look(NamedTuple):
    """How the pane is looked at."""

    cells: int
    """Cells of a line behind the cursor's mark."""
    text_lines: int = FEW_LINES
    opened: str = ""
    """The suggestion whose whole text, sources and reasons are shown."""
    armed: str = ""
    """The suggestion that takes a second key, which is due now."""
    unsure: bool = False
    """What was found in the shop's texts is what came nearest, and nothing vouches for it."""
    reading: bool = False
    """The shop's texts are still being read."""
    marks: dict[str, int] | None = None
    """Thumbs, by suggestion."""


def copilot_lines(
    session: Session,
    advice: Advice,
    answer: Answer | None,
    look: Look,
    why_old: Callable[[Shown], str],
) -> list[ListLine]:
    """The cue, the suggestions, and below them what a model says."""
    lines = [_cue_line(advice, look.cells)]
    if advice.phase == "waiting":
        lines.append(words(f"looking for answers{symbols.ellipsis}", "muted"))
    for number, shown in enumerate(advice.shown, 1):
        lines += [APART] if number > 1 else []
        sure = look._replace(unsure=bool(advice.abstained) or advice.is_page)
        lines += _block(session, shown, number, sure, why_old(shown))
    if advice.phase == "there" and not advice.shown:
        lines += _nothing(session, advice, look)
    if answer is not None:
        lines += [APART, *_answer_lines(session, answer, look, why_old)]
    return lines


def _cue_line(advice: Advice, cells: int) -> ListLine:
    """How the customer sounds: always one line, so that nothing below it ever moves."""
    cue = advice.cue
    if not cue.words:
        return words(truncate(_asked_words(advice), cells, symbols.ellipsis), "muted")
    because = f": {', '.join(cue.reasons)}" if cue.reasons else ""
    head = f"{symbols.held} {cue.words}" if cue.presses else cue.words
    style = "warning" if cue.presses else "muted"
    room = cells - width(head)
    return ListLine(
        (Piece(head, style), Piece(truncate(because, max(0, room), symbols.ellipsis), "muted"))
    )


def _asked_words(advice: Advice) -> str:
    if advice.phase == "waiting":
        return ""
    if advice.asked:
        return f"{symbols.says}{' '.join(advice.asked.split())}{symbols.said}"
    return "The shop spoke last."


def _nothing(session: Session, advice: Advice, look: Look) -> Iterator[ListLine]:
    cells = look.cells
    why = advice.abstained or "Nothing fits."
    if look.reading or not advice.is_whole:
        why = f"The shop's texts are still being read{symbols.ellipsis}"
    yield from _wrapped(why, cells, "muted")
    yield from _wrapped("Write it yourself, or look among the canned ones:", cells, "muted")
    key = session.keys.first(BY_ID["reply.canned"])
    yield ListLine((Piece(f"{key} ", "key", "reply.canned"),
                    Piece("canned responses", "button", "reply.canned")))  # fmt: skip


def _block(session: Session, shown: Shown, number: int, look: Look, old: str) -> Iterator[ListLine]:
    suggestion = shown.suggestion
    choice = f"{INSERT}:{suggestion.id}"
    yield ListLine(_head(shown, number, look, choice), choice)
    is_opened = look.opened == suggestion.id
    yield from _text_lines(shown, look, None if is_opened else look.text_lines)
    warnings = problems(replace(shown, is_checked=True), old)
    if is_opened:
        yield from _warnings(warnings, look.cells)
        yield from _reasons(shown, look.cells)
    elif warnings:
        # In place of the sources: what is found out later moves nothing.
        told = f"{symbols.held} {'; '.join(warnings)}"
        yield words(_INDENT + truncate(told, look.cells - 2, symbols.ellipsis), "warning")
    elif shown.sources:
        told = f" {symbols.dot} ".join(shown.sources)
        yield words(_INDENT + truncate(told, look.cells - 2, symbols.ellipsis), "muted")
    if look.armed == shown.id:
        yield words(f"{_INDENT}Again puts it in all the same.", "error")


def lane_words(shown: Shown, *, unsure: bool) -> tuple[str, str]:
    """Where a suggestion comes from, in a word with its style."""
    lane = shown.suggestion.lane
    return ("perhaps", "muted") if unsure and lane in ("answer", "price") else LANES[lane]


def _head(shown: Shown, number: int, look: Look, choice: str) -> Line:
    """Number, lane and title at the left; what a click on it does at the right."""
    lane, style = lane_words(shown, unsure=look.unsure)
    mark = (look.marks or {}).get(shown.id, 0)
    thumb = " +" if mark > 0 else " -" if mark < 0 else ""
    lead = f"{number} " if number else ""
    button = "insert"
    room = look.cells - width(lead) - width(lane) - 1 - width(thumb) - width(button) - 1
    title = truncate(" ".join(shown.suggestion.title.split()), max(4, room), symbols.ellipsis)
    gap = max(1, look.cells - width(lead) - width(lane) - 1 - width(title) - width(thumb) -
              width(button))  # fmt: skip
    return (
        Piece(lead, "muted"),
        Piece(f"{lane} ", style),
        Piece(title, "strong"),
        Piece(thumb, "label"),
        Piece(" " * gap),
        Piece(button, "button", choice),
    )


def _text_lines(shown: Shown, look: Look, most: int | None) -> Iterator[ListLine]:
    """The text as it would be inserted, with what is not in the record underlined."""
    text, room = shown.suggestion.text.rstrip(), max(12, look.cells - 3)
    spans = list(_spans(text, room))
    if most is not None:
        spans = [one for one in spans if text[slice(*one)].strip()]
    kept = spans if most is None else spans[:most]
    for place, (start, end) in enumerate(kept):
        is_cut = place == len(kept) - 1 and len(kept) < len(spans)
        pieces = _marked(shown, start, end)
        if is_cut:
            pieces = (*pieces, Piece(symbols.ellipsis, "muted"))
        yield ListLine((Piece(_INDENT), *pieces))


def _spans(text: str, room: int) -> Iterator[tuple[int, int]]:
    """Where a text of several lines breaks so that it fits."""
    at = 0
    for line in text.split("\n"):
        for start, end in wrap(line, room):
            yield at + start, at + end
        at += len(line) + 1


def _marked(shown: Shown, start: int, end: int) -> Line:
    """A line of the text in pieces: what is doubted stands out."""
    text, pieces, at = shown.suggestion.text, [], start
    for doubt in sorted(shown.doubts, key=lambda one: one.start):
        first, last = max(at, doubt.start), min(end, doubt.end)
        if first >= last:
            continue
        pieces.append(Piece(text[at:first]))
        pieces.append(Piece(text[first:last], "doubt"))
        at = last
    pieces.append(Piece(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)


def problems(shown: Shown, old: str) -> list[str]:
    """Why putting a suggestion in takes a second key, each in a few words."""
    told = [f"old: {old}"] if old else []
    if not shown.is_checked:
        told.append("not yet held against the record")
    if shown.doubts:
        said = ", ".join(dict.fromkeys(doubt.words for doubt in shown.doubts))
        told.append(f"{NOT_IN_RECORD}: {said}")
    if shown.suggestion.private:
        told.append("holds what is not for customers")
    return told


def _warnings(told: Sequence[str], cells: int) -> Iterator[ListLine]:
    for one in told:
        for start, end in wrap(one, max(12, cells - 4)):
            lead = f"{symbols.held} " if start == 0 else "  "
            yield words(f"{_INDENT}{lead}{one[start:end]}", "warning")


def _reasons(shown: Shown, cells: int) -> Iterator[ListLine]:
    """Sources and what matched, in place."""
    room = max(12, cells - 4)
    for head, told in (("from", shown.sources), ("why", shown.suggestion.why)):
        for nth, one in enumerate(told):
            for start, end in wrap(one, room - 3):
                lead = f"{_INDENT}{head if nth == 0 and start == 0 else '':<5}"
                yield ListLine((Piece(lead, "label"), Piece(one[start:end], "muted")))


def _answer_lines(
    session: Session, answer: Answer, look: Look, why_old: Callable[[Shown], str]
) -> Iterator[ListLine]:
    """What a model says: below everything else, whatever has come of it so far."""
    if answer.shown is None:
        said = answer.said or f"The model was asked{symbols.ellipsis}"
        yield from _wrapped(said, look.cells, "warning" if answer.step == "failed" else "muted")
        return
    if answer.step == "there":
        whole = look._replace(text_lines=WHOLE)
        yield from _block(session, answer.shown, 0, whole, why_old(answer.shown))
        yield from _wrapped(answer.said, look.cells, "warning") if answer.said else ()
        return
    lane, style = LANES["model"]
    yield ListLine((Piece(f"{lane} ", style), Piece(answer.shown.suggestion.title, "strong")))
    yield from _text_lines(answer.shown, look, None)
    if answer.said:
        style = "warning" if answer.step == "failed" else "muted"
        yield from _wrapped(answer.said, look.cells, style)


def _wrapped(text: str, cells: int, style: str) -> Sequence[ListLine]:
    return [words(text[start:end], style) for start, end in wrap(text, max(12, cells))]
