"""The conversations behind a point: asked for by what they have in common, or by what happened."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.analytics_behind import CREATED, RATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from revivatui.screens.analytics_reading import Reader
    from revivatui.state.analytics_behind import Behind
    from revivatui.state.analytics_board import Board
    from revivatui.state.models import Contact, Conversation

MOST_RATINGS: Final = 200


class Found(NamedTuple):
    """What was found, newest first."""

    title: str
    conversations: tuple[Conversation, ...]
    contacts: Mapping[int, Contact]
    notes: tuple[str, ...] = ()

    @property
    def count_words(self) -> str:
        many = len(self.conversations)
        return "1 conversation" if many == 1 else f"{many:,} conversations"


Finding = Awaitable[Found]


async def find(reader: Reader, board: Board, behind: Behind, told: Callable[[str], None]) -> Found:
    """Read them. Raises NotAnswered or CrmError."""
    if behind.how == CREATED:
        return await _created(reader, behind, told)
    if behind.how == RATED:
        return await _rated(reader, board, behind, told)
    from revivatui.screens.analytics_verifying import find_by_events

    return await find_by_events(reader, board, behind, told)


async def _created(reader: Reader, behind: Behind, told: Callable[[str], None]) -> Found:
    def progress(done: int, of: int) -> None:
        told(f"read {done:,} of {of:,} conversations")

    found, contacts, is_whole = await reader.conversations(behind, progress)
    notes = () if is_whole else ("There are more: only the first thousand were read.",)
    return Found(behind.title, tuple(found), contacts, notes)


async def _rated(
    reader: Reader, board: Board, behind: Behind, told: Callable[[str], None]
) -> Found:
    ids: list[int] = []
    page, is_last = 0, False
    while not is_last and len(ids) < MOST_RATINGS:
        page += 1
        rows, is_last = await reader.ratings(board, page, behind.rating)
        ids += [row.conversation_id for row in rows]
    ids = list(dict.fromkeys(ids))
    return await by_ids(reader, behind.title, ids, told, is_whole=is_last)


async def by_ids(
    reader: Reader, title: str, ids: list[int], told: Callable[[str], None], *, is_whole: bool
) -> Found:
    """Conversations that are known by their numbers."""
    from revivatui.engine.asking import NotAnswered

    conversations, contacts, gone = [], {}, 0
    for place, one in enumerate(ids):
        told(f"read {place:,} of {len(ids):,} conversations")
        try:
            read = await reader.conversation(one)
        except NotAnswered as error:
            if error.why not in ("not_there", "not_allowed"):
                raise
            gone += 1
            continue
        conversations.append(read.conversation)
        if read.contact is not None:
            contacts[read.contact.id] = read.contact
    notes = [] if is_whole else [f"There are more: only {len(ids):,} were read."]
    if gone:
        notes.append(f"{gone} of them are there no more, or not for you.")
    conversations.sort(key=lambda one: (-one.created_at, -one.id))
    return Found(title, tuple(conversations), contacts, tuple(notes))
