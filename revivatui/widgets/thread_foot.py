"""The last line of a thread's view: who is writing, and what is below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.text.width import truncate, width
from revivatui.widgets.symbols import symbols
from revivatui.widgets.thread_lines import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.state.models import Typing


def foot(cells: int, typing: Sequence[Typing], below: int, *, at_end: bool) -> list[Piece]:
    """The pieces of the line; `below` new messages stand below the view."""
    after = ""
    if below:
        after = f" {below} new {symbols.down} end "
    elif not at_end:
        after = f" newest {symbols.down} end "
    pieces = [Piece("  ")]
    room = cells - width(after) - 4
    if typing and room > 8:
        words = f"{symbols.dot} {typing_words(typing)}"
        colleague = any(one.kind == "user" for one in typing)
        style = "colleague" if colleague else "typing"
        pieces.append(Piece(truncate(words, room, symbols.ellipsis), (style,)))
    if after:
        gap = cells - width(after) - 1 - sum(width(piece.text) for piece in pieces)
        pieces.append(Piece(" " * max(0, gap)))
        pieces.append(Piece(after, ("below",) if below else ("edge",)))
    return pieces


def typing_words(typing: Sequence[Typing]) -> str:
    """Who writes what: "Ana is typing", "Ana, Ben are typing", "Cleo is writing a reply".

    Colleagues come first: two answers to one question are what this is shown for.
    """
    said = [
        f"{one.name or 'a colleague'} is writing a {'note' if one.private else 'reply'}"
        for one in typing
        if one.kind == "user"
    ]
    customers = [one.name or "somebody" for one in typing if one.kind != "user"]
    if customers:
        said.append(f"{', '.join(customers)} {'is' if len(customers) == 1 else 'are'} typing")
    return f" {symbols.dot} ".join(said)
