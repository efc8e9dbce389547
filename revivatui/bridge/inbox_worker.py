"""Takes events out of the inbox one after the other, and puts off or aside what fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import update

from revivatui.api.errors import ApiError, BadPayload, Invalid, RateLimited
from revivatui.bridge import news as chat_news
from revivatui.bridge.errors import Junk, Overtaken
from revivatui.bridge.handlers import Handlers
from revivatui.bridge.retrying import POISON_TRIES, inbox_wait
from revivatui.bridge.tables import INBOX
from revivatui.crm.errors import CrmError, CrmUnreachable
from revivatui.crm.store import Store
from revivatui.text.safe import safe_line

LOG: Final = logging.getLogger("revivatui.bridge")
_LONGEST_ERROR: Final = 300


class InboxWorker:
    def __init__(
        self,
        store: Store,
        handlers: Handlers,
        clock: Callable[[], float],
        done: Callable[[], None],
    ) -> None:
        """`done` is called when an event was dealt with: something may have to be written now."""
        self._store = store
        self._done = done
        self._handlers = handlers
        self._clock = clock

    async def handle(self, row: Any) -> None:
        """Deal with one row. Raises CrmError only where the database itself is away."""
        try:
            await self._handlers.handle(row.id, chat_news.load(row.body))
            self._done()
        except Overtaken as error:
            LOG.warning("event %s: %s", row.id, error)
        except Junk as error:
            await self._put_aside(row, str(error))
        except CrmUnreachable:
            raise
        except (Invalid, BadPayload, CrmError) as error:
            await self._failed_by_itself(row, str(error))
        except RateLimited as error:
            await self._put_off(row, str(error), error.wait)
        except ApiError as error:
            await self._put_off(row, str(error), inbox_wait(row.attempts))
        except Exception as error:
            LOG.exception("event %s could not be handled", row.id)
            await self._failed_by_itself(row, type(error).__name__)

    async def _failed_by_itself(self, row: Any, words: str) -> None:
        if row.attempts + 1 >= POISON_TRIES:
            await self._put_aside(row, words)
        else:
            await self._put_off(row, words, inbox_wait(row.attempts))

    async def _put_off(self, row: Any, words: str, wait: float) -> None:
        LOG.warning("event %s (%s) waits: %s", row.id, row.event, words)
        await self._write(row, words, next_at=self._clock() + wait)

    async def _put_aside(self, row: Any, words: str) -> None:
        """A dead letter: it keeps what it said, and the next of its conversation comes."""
        LOG.error("event %s (%s) is put aside: %s", row.id, row.event, words)
        await self._write(row, words, state="dead")

    async def _write(self, row: Any, words: str, **values: Any) -> None:
        told = safe_line(words)[:_LONGEST_ERROR]
        async with self._store.unit_of_work() as work:
            await work.run(
                update(INBOX)
                .where(INBOX.c.id == row.id, INBOX.c.state == "new")
                .values(attempts=INBOX.c.attempts + 1, error=told, **values)
            )
