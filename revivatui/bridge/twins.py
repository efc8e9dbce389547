"""Two customers of the CRM who are one contact in the chat: told, and left to a person.

Chatwoot merged two contacts; whose records, quotes and invoices become one is not for the bridge to
decide, and cannot be undone. So the pair is kept as a fact until it is one customer, or until
somebody says that it is right as it is.
"""

from __future__ import annotations

import json
import logging
from typing import Final

from revivatui.bridge import known, outbox
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.places import Place
from revivatui.crm.errors import NotInCrm
from revivatui.crm.records import Customer
from revivatui.crm.store import Store, customers
from revivatui.crm.store.work import Reader, Work
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

LOG: Final = logging.getLogger("revivatui.bridge")
_PREFIX: Final = "twins:"
_ID_LETTERS: Final = 12
_NOTE: Final = (
    "Two contacts were merged in Chatwoot; in the CRM they are two customers, {old} and {new}."
    " Nothing was merged there. `revivatui bridge twins list` shows both."
)


@dataclass(frozen=True, slots=True)
class Twins:
    """`old` was the customer of the contact that is gone, `new` is that of the one that is left.
    `id` is what people type."""

    id: str
    name: str
    old: Customer
    new: Customer
    conversation_id: int

    @property
    def words(self) -> str:
        return (
            f"{_said(self.old)} and {_said(self.new)}: contacts merged in Chatwoot"
            f" (conversation #{self.conversation_id})"
        )


def _said(customer: Customer) -> str:
    ways = ", ".join(filter(None, (customer.email, customer.phone)))
    return safe_line(f"{customer.name} ({ways})" if ways else customer.name)


async def report(
    work: Work, place: Place, old: Customer, new: Customer, conversation_id: int, now: float
) -> None:
    """Tell it once: a fact for `bridge status`, a note for the agents, a line in the log."""
    name = f"{_PREFIX}{old.id}:{new.id}"
    if await known.fact(work, name):
        return
    await known.keep_fact(work, name, json.dumps({"at": now, "conversation": conversation_id}))
    text = _NOTE.format(old=safe_line(old.name), new=safe_line(new.name))
    await outbox.want_note(work, place.account_id, conversation_id, name, text, now=now)
    LOG.warning("customers %s and %s are one contact in the chat", old.id, new.id)


async def listed(store: Store) -> list[Twins]:
    """The pairs that are still two customers and wait for somebody."""
    async with store.reading() as reader:
        return await waiting(reader)


async def waiting(reader: Reader) -> list[Twins]:
    found = []
    for name, value in (await known.facts(reader, _PREFIX)).items():
        told = json.loads(value)
        old_id, _, new_id = name.removeprefix(_PREFIX).partition(":")
        try:
            old, new = await customers.get(reader, old_id), await customers.get(reader, new_id)
        except NotInCrm:
            continue
        if old.id != new.id and not told.get("kept"):
            short = f"{old_id[-_ID_LETTERS:]}-{new_id[-_ID_LETTERS:]}"
            found.append(Twins(short, name, old, new, int(told["conversation"])))
    return found


async def one(store: Store, typed: str) -> Twins:
    """The pair whose id begins so. Raises BridgeError where there is none, or several."""
    found = [each for each in await listed(store) if each.id.startswith(typed)]
    if len(found) != 1:
        count = "no pair" if not found else f"{len(found)} pairs"
        raise BridgeError(f"There is {count} whose id begins with {safe_line(typed)!r}.")
    return found[0]


async def merge(store: Store, pair: Twins) -> Customer:
    """Make them one, as somebody decided. Gives the customer that is left."""
    async with store.unit_of_work() as work:
        left = await customers.merge(work, pair.old.id, pair.new.id)
        await known.drop_fact(work, pair.name)
    return left


async def keep_apart(store: Store, pair: Twins) -> None:
    """They are two, as somebody decided, and are not told of again."""
    async with store.unit_of_work() as work:
        told = json.loads(await known.fact(work, pair.name) or "{}")
        await known.keep_fact(work, pair.name, json.dumps({**told, "kept": True}))


async def forget(work: Work, customer_id: str) -> None:
    """Nothing of a customer is kept here."""
    for name in await known.facts(work, _PREFIX):
        if customer_id in name.removeprefix(_PREFIX).split(":"):
            await known.drop_fact(work, name)
