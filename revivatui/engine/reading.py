"""Asking the server for what the agent looks at: list pages, threads, contacts, searches.

Always a page, never everything; and the answer goes to the state with the moment it was asked, so
that what the feed said meanwhile wins.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError, Forbidden, NotFound
from revivatui.engine.context import Desk, sentence
from revivatui.state.events import (
    ConversationGone,
    ConversationOpened,
    ConversationsLoaded,
    MessagesLoaded,
    ThreadReached,
    ViewChosen,
)
from revivatui.state.models import ListView
from revivatui.state.reduce_messages import AFTER_PAGE
from revivatui.state.select import list_state, next_page, visible_ids
from revivatui.state.select import thread as thread_view

if TYPE_CHECKING:
    from revivatui.api.answers import Messages, Page
    from revivatui.engine.keeper import Keeper
    from revivatui.engine.reread import Reread
    from revivatui.state.models import Message
    from revivatui.state.state import Thread, ViewPages

READ_AGAIN = 200
"""Newest messages of a thread that are read again after a cut, changes of theirs included
(`after=` alone would miss those, contract 7.7). What is older is not sealed until it is read."""
READ_AGAIN_OPEN = 1_000
"""The same for the thread on screen."""
MOST_PAGES_AT_ONCE = 5
MOST_READ_AGAIN = 20
PAGES_AT_ONCE = 4
"""Pages of a list asked for together: one takes a real server half a second and more."""
MOST_REACHES = 5
"""Pages of 1000 read to reach an older message that was looked for."""
MOST_BRIDGES = 10
"""Pages of 100 read to close a gap in a thread; a longer gap stays one and says so."""


class Reading:
    """What is on screen, and how it got there."""

    def __init__(self, desk: Desk, keeper: Keeper, reread: Reread) -> None:
        self._desk = desk
        self._keeper = keeper
        self._reread = reread
        self._view_task: asyncio.Task[None] | None = None
        self._more_task: asyncio.Task[None] | None = None
        self._older: set[int] = set()
        self._slots = asyncio.Semaphore(PAGES_AT_ONCE)

    # --- the list -----------------------------------------------------------------------------

    def choose_view(self, view: ListView) -> None:
        self._desk.dispatch(ViewChosen(view))
        for task in (self._view_task, self._more_task):
            if task is not None:
                task.cancel()
        self._view_task = self._desk.spawn(self._show(view), "loading the list")

    async def _show(self, view: ListView) -> None:
        async def read() -> None:
            await self.page(view, 1)
            await self.rest_of(view)

        await self._desk.persist(read, lambda: self._desk.view == view, "loading the list")

    def load_more(self) -> None:
        """The next page of the list, unless one is on its way or the last one is there."""
        if self._more_task is not None and not self._more_task.done():
            return
        self._more_task = self._desk.spawn(self._load_more(self._desk.view), "loading more")

    async def _load_more(self, view: ListView) -> None:
        """Pages until more rows are whole: those read before a cut may have to be read again."""
        state = self._desk.state
        rows = len(visible_ids(state, view))
        for _page in range(MOST_PAGES_AT_ONCE):
            number = next_page(state, view)
            if number is None or len(visible_ids(state, view)) > rows:
                return
            await self.page(view, number)

    def search(self, text: str) -> None:
        """The list of what the server finds in messages, or the plain list again."""
        self.choose_view(replace(self._desk.view, text=text.strip()))

    def refresh(self) -> None:
        """The first page and the open thread."""
        self._desk.spawn(self.page(self._desk.view, 1), "refreshing the list")
        open_id = self._desk.state.open_id
        if open_id is not None:
            self._desk.spawn(self.thread(open_id), "refreshing the conversation")

    async def page(self, view: ListView, number: int) -> None:
        """Load one page of a list. Raises any `ApiError`."""
        asked = self._desk.state.sequence
        self._take_page(view, number, asked, await self._ask_page(view, number))

    async def rest_of(self, view: ListView) -> None:
        """Read the pages again that were read before the last cut. Raises any `ApiError`.

        No event and no question tells of everything in a row (a customer's new name), so a list
        is whole again when it was read, a few pages at once.
        """
        state = self._desk.state
        pages = state.views.get(view)
        if pages is None or list_state(state, view).provisional or view.text:
            return
        rows = len(visible_ids(state, view))
        numbers = range(2, min(-(-rows // pages.size), MOST_READ_AGAIN) + 1)
        if pages.epoch == state.epoch and _read_whole(pages):
            return
        asked = state.sequence
        answers = await asyncio.gather(*(self._ask_page(view, number) for number in numbers))
        if pages.epoch != state.epoch or pages.read_edge is None:
            await self.page(view, 1)
        for number, answer in zip(numbers, answers, strict=True):  # a page joins the one before
            self._take_page(view, number, asked, answer)
        for _page in numbers:  # rows that moved meanwhile left a gap
            number_left = next_page(state, view)
            if _read_whole(pages) or number_left is None:
                return
            await self.page(view, number_left)

    async def _ask_page(self, view: ListView, number: int) -> Page:
        async with self._slots:
            return await self._desk.read(lambda client: client.conversations(view, number))

    def _take_page(self, view: ListView, number: int, asked: int, page: Page) -> None:
        self._desk.dispatch(
            ConversationsLoaded(
                view=view,
                page=number,
                conversations=page.conversations,
                contacts=page.contacts,
                counts=page.counts,
                last=page.last,
                asked=asked,
                at=self._desk.now(),
            )
        )

    # --- a thread -----------------------------------------------------------------------------

    def open(self, conversation_id: int | None) -> None:
        """Put a thread on screen: what is held at once, what is new behind it."""
        self._desk.dispatch(ConversationOpened(conversation_id))
        if conversation_id is not None:
            self._desk.spawn(self.keep_bringing(conversation_id), "opening a conversation")

    async def keep_bringing(self, conversation_id: int) -> None:
        """A thread that was opened, until it was read or another one is. Raises any `ApiError`
        that another try would not change."""
        await self._desk.persist(
            lambda: self.bring(conversation_id),
            lambda: self._desk.state.open_id == conversation_id,
            "opening a conversation",
        )

    async def kept(self, conversation_id: int) -> None:
        """A thread as this machine keeps it, unless more of it is held already."""
        thread = self._desk.state.threads.get(conversation_id)
        if thread is None or thread.complete_from is None:
            await self._keeper.load_thread(conversation_id)

    async def bring(self, conversation_id: int) -> None:
        """A thread with its conversation: what is kept at once, what is new behind it. Raises
        any `ApiError` but those that say that it is not there for us."""
        await self.kept(conversation_id)
        if conversation_id not in self._desk.state.conversations:
            await self._reread.conversation(conversation_id)
        await self.thread(conversation_id)

    async def thread(self, conversation_id: int) -> None:
        """Bring a thread up to date: what is held is read again, with what came after it.

        Raises any `ApiError` but those that say that the conversation is not there for us.
        """
        try:
            if not await self._read_again(conversation_id):
                await self._page_of(conversation_id, "newest")
            await self._read_further_back(conversation_id)
        except (NotFound, Forbidden) as error:
            self._desk.dispatch(ConversationGone(conversation_id, sentence(error)))

    async def messages_after(self, conversation_id: int, message_id: int) -> None:
        """What came after a message: a page of it at most. Raises any `ApiError`."""
        await self._page_of(conversation_id, "found", after=message_id)

    async def newest_page(self, conversation_id: int) -> None:
        """The end of a thread, to compare. Raises any `ApiError`."""
        await self._page_of(conversation_id, "newest")

    async def _read_again(self, conversation_id: int) -> bool:
        """Read on from what was whole before the last cut. False where there is nothing to go on
        from, nothing was missed, or too much."""
        state = self._desk.state
        thread, epoch = state.threads.get(conversation_id), state.epoch
        if thread is None or thread.complete_from is None:
            return False
        if thread.epoch == epoch and thread.complete_to is None:
            return False
        since = _first_to_read(thread, READ_AGAIN)
        after = since - 1
        for _page in range(MOST_BRIDGES):
            page = await self._page_of(conversation_id, "newer", after=after, since=since)
            if page.complete or state.epoch != epoch:
                return True
            after = page.messages[-1].id
        return False

    async def _read_further_back(self, conversation_id: int) -> None:
        """The rest of what is held of the thread on screen, upwards."""
        state = self._desk.state
        for _page in range(READ_AGAIN_OPEN // AFTER_PAGE):
            thread = state.threads.get(conversation_id)
            if thread is None or conversation_id != state.open_id or thread.read_from is None:
                return
            if thread.epoch != state.epoch or thread.complete_from is None:
                return
            unread = thread.ids[
                bisect_left(thread.ids, thread.complete_from) : bisect_left(
                    thread.ids, thread.read_from
                )
            ]
            if not unread:
                return
            await self._page_of(conversation_id, "older", after=unread[-AFTER_PAGE:][0] - 1)

    def load_older(self) -> None:
        """The page above the oldest message held of the open thread."""
        open_id = self._desk.state.open_id
        thread = None if open_id is None else self._desk.state.threads.get(open_id)
        if open_id is None or thread is None or not thread.messages or thread.start_reached:
            return
        if open_id not in self._older:
            self._older.add(open_id)
            self._desk.spawn(self._load_older(open_id), "loading older messages")

    async def _load_older(self, conversation_id: int) -> None:
        try:
            # Single messages held below a gap are not shown, and nothing may be read past them.
            shown = thread_view(self._desk.state, conversation_id).messages
            if shown:
                await self._page_of(conversation_id, "older", before=shown[0].id)
        finally:
            self._older.discard(conversation_id)

    async def down_to(self, conversation_id: int, message_id: int) -> None:
        """Read an open thread from an older message on, up to what is held of it: a thousand at
        a time, and where that is not enough up to a gap. Raises any `ApiError`."""
        shown = thread_view(self._desk.state, conversation_id).messages
        if not shown or shown[0].id <= message_id:
            return
        asked, after = self._desk.state.sequence, message_id
        found: list[Message] = []
        for _page in range(MOST_REACHES):
            page = await self._desk.ask(
                lambda client, after=after: client.messages(  # type: ignore[misc]
                    conversation_id, before=shown[0].id, after=after
                )
            )
            found += page.messages
            if page.complete:
                joined = tuple(found)
                now = self._desk.now()
                self._desk.dispatch(
                    MessagesLoaded(conversation_id, joined, "older", False, asked, now)
                )
                return
            after = page.messages[-1].id + 1
        self._desk.dispatch(ThreadReached(conversation_id, tuple(found), found[-1].id))

    def delete_message(self, conversation_id: int, message_id: int) -> None:
        """The server keeps a tombstone; customer and colleagues are told (contract 3.3)."""
        self._desk.spawn(self._delete(conversation_id, message_id), "deleting a message")

    async def _delete(self, conversation_id: int, message_id: int) -> None:
        asked = self._desk.state.sequence
        try:
            gone = await self._desk.ask(
                lambda client: client.delete_message(conversation_id, message_id)
            )
        except ApiError as error:
            self._desk.tell("error", f"The message was not deleted. {sentence(error)}")
            return
        self._desk.dispatch(
            MessagesLoaded(conversation_id, (gone,), "found", False, asked, self._desk.now())
        )

    async def _page_of(
        self,
        conversation_id: int,
        edge: str,
        before: int | None = None,
        after: int | None = None,
        since: int | None = None,
    ) -> Messages:
        asked = self._desk.state.sequence
        page = await self._desk.read(
            lambda client: client.messages(conversation_id, before=before, after=after)
        )
        self._desk.dispatch(
            MessagesLoaded(
                conversation_id=conversation_id,
                messages=page.messages,
                edge=edge,
                start_reached=page.complete and edge in ("newest", "older") and after is None,
                asked=asked,
                at=self._desk.now(),
                since=since,
            )
        )
        return page


def _read_whole(pages: ViewPages) -> bool:
    """Whether all that is shown of a list was read in this epoch."""
    if pages.read_edge is None or pages.edge is None:
        return pages.edge is None
    return pages.read_edge >= pages.edge


def _first_to_read(thread: Thread, most: int) -> int:
    """The id that reading again begins with: of the last `most` messages of what was whole."""
    assert thread.complete_from is not None
    whole_to = thread.newest_id if thread.complete_to is None else thread.complete_to
    whole = thread.ids[
        bisect_left(thread.ids, thread.complete_from) : bisect_right(thread.ids, whole_to)
    ]
    return whole[-most:][0] if whole else max(1, thread.complete_from)
