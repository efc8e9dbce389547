"""Bridges that are delivered to by hand: the real door, without a socket, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from revivatui.bridge.daemon import Bridge
from revivatui.bridge.receiver import create_app, stopped
from revivatui.bridge.settings import BridgeSettings
from revivatui.bridge.tables import CONTACTS, INBOX
from revivatui.crm.store.shapes import COMMENT, CONVERSATION, CUSTOMER, TICKET
from revivatui.crm.store.tables import CUSTOMERS
from revivatui.crm.store.tables_work import CHAT_CONVERSATIONS, TICKET_COMMENTS, TICKETS
from revivatui.shop.server import bound_socket
from tests.bridge.desks import PATH_SECRET, SETTINGS, caught_up, opened_bridge
from tests.support.shops import Stage

Body = dict[str, Any]


class Stand:
    """One bridge with a CRM of its own. It works when it is told to and writes nothing back."""

    def __init__(self, bridge: Bridge, client: httpx.AsyncClient) -> None:
        self.bridge = bridge
        self._client = client

    async def deliver(self, bodies: Sequence[Body]) -> None:
        """All at once, as several workers do; the order among them is the order of arrival."""
        answers = await asyncio.gather(*(self._post(one) for one in bodies))
        assert set(answers) <= {200}, answers

    async def _post(self, body: Body) -> int:
        path = f"/hooks/chatwoot/{PATH_SECRET}"
        answer = await self._client.post(path, content=json.dumps(body).encode())
        return answer.status_code

    async def work(self) -> None:
        await self.bridge.inbox.settle()

    async def catch_up(self) -> None:
        await self.bridge.backfill.since_last_time(first=3600.0)

    async def waiting(self) -> list[tuple[str, str]]:
        """What is neither done nor skipped, with its error."""
        async with self.bridge.store.reading() as reader:
            rows = await reader.rows(select(INBOX).where(INBOX.c.state.in_(("new", "dead"))))
        return [(row.event, row.error) for row in rows]


@asynccontextmanager
async def stand(
    stage: Stage, crm: str | Path, token: str = "", settings: BridgeSettings = SETTINGS
) -> AsyncIterator[Stand]:
    async with AsyncExitStack() as stack:
        clock: Callable[[], float] = stage.shop.clock.now
        bridge = await stack.enter_async_context(opened_bridge(stage, crm, settings, clock, token))
        await caught_up(bridge)
        app = create_app(bridge.receiver(), bridge.health)
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bridge.test")
        )
        keeper = asyncio.create_task(bridge.keeper.run())
        stack.push_async_callback(stopped, keeper)
        yield Stand(bridge, client)


# --- what a CRM holds, as far as it must not depend on the order of events ---


async def picture(bridge: Bridge) -> dict[str, Any]:
    """Everything the chat put into a CRM, without what depends on when it was put there: ids,
    numbers, moments of writing, how often a ticket was reopened, and the name that a customer had
    when a comment was kept."""
    async with bridge.store.reading() as reader:
        contacts = {row.customer_id: row.contact_id for row in await reader.rows(select(CONTACTS))}
        customers = [CUSTOMER.read(row) for row in await reader.rows(select(CUSTOMERS))]
        tickets = [TICKET.read(row) for row in await reader.rows(select(TICKETS))]
        comments = [COMMENT.read(row) for row in await reader.rows(select(TICKET_COMMENTS))]
        links = [CONVERSATION.read(row) for row in await reader.rows(select(CHAT_CONVERSATIONS))]
    conversation_of = {one.crm_ticket_id: one.chatwoot_id for one in links}
    return {
        "customers": sorted(
            [
                str(contacts.get(one.id)),
                one.name,
                one.email,
                one.phone,
                one.source,
                one.language,
                dict(sorted(one.custom_attributes.items())),
            ]
            for one in customers
        ),
        "tickets": sorted(
            [
                conversation_of.get(one.id, 0),
                one.title,
                one.status,
                one.priority,
                one.resolution_notes if one.status == "resolved" else "",
                contacts.get(one.customer_id),
                dict(sorted(one.metadata.items())),
            ]
            for one in tickets
        ),
        "links": sorted(
            [one.chatwoot_id, one.status, one.last_message_id, one.inbox_id, one.contact_id]
            for one in links
        ),
        "comments": {
            one.chatwoot_message_id or 0: [
                conversation_of.get(one.ticket_id),
                one.content,
                one.author_kind,
                one.author if one.author_kind != "contact" else "",
                one.is_internal,
                one.direction,
                [file.url for file in one.attachments],
                one.masked,
                one.deleted,
                one.created_at.isoformat(),
                dict(sorted(one.metadata.items())),
            ]
            for one in sorted(comments, key=lambda one: one.chatwoot_message_id or 0)
        },
        "count of comments": len(comments),
    }


def differences(perfect: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What differs, a line each."""
    found = []
    for name in ("customers", "tickets", "links"):
        for one in perfect[name]:
            if one not in other[name]:
                found.append(f"{name}: {one} is not in {other[name]}")
        if len(perfect[name]) != len(other[name]):
            found.append(f"{name}: {len(perfect[name])} and {len(other[name])}")
    for number in perfect["comments"].keys() | other["comments"].keys():
        one, two = perfect["comments"].get(number), other["comments"].get(number)
        if one != two:
            found.append(f"comment {number}: {one} and {two}")
    if perfect["count of comments"] != other["count of comments"]:
        found.append("comments are doubled")
    return found


# --- what the shop tells --------------------------------------------------------------------------


class Sink:
    """A door that keeps the bodies of webhooks in the order in which they came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: list[Body] = []

    def take(self) -> list[Body]:
        taken, self.bodies = self.bodies, []
        return taken


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    import uvicorn

    listening = bound_socket(0)
    there = Sink(f"http://127.0.0.1:{listening.getsockname()[1]}/")

    async def keep(request: Request) -> Response:
        there.bodies.append(json.loads(await request.body()))
        return Response()

    app = Starlette(routes=[Route("/", keep, methods=["POST"])])
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve([listening]))
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    try:
        yield there
    finally:
        server.should_exit = True
        await task
