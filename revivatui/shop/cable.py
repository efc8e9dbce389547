"""ActionCable at ``/cable`` (contract 7.1, 7.2): subscriptions, streams, presence ticks."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from revivatui.shop.presence import presence_of_contact, presence_of_user

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

PING_SECONDS = 3.0
SUBPROTOCOL = "actioncable-v1-json"
_CLOSE = None


class Connection:
    """One open socket: frames leave in order, through the faults seam."""

    def __init__(self, shop: Shop, socket: WebSocket) -> None:
        self.shop = shop
        self.socket = socket
        self.identifiers: dict[str, Subscription] = {}
        self._out: asyncio.Queue[str | None] = asyncio.Queue()
        self.open = True

    def send(self, frame: dict[str, Any]) -> None:
        self.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    def send_text(self, text: str) -> None:
        if not self.open:
            return
        for delay, piece in self.shop.faults.frames(self, text):
            if delay > 0:
                asyncio.get_running_loop().call_later(delay, self._out.put_nowait, piece)
            else:
                self._out.put_nowait(piece)

    def close(self) -> None:
        """Close from our side, after what is already queued."""
        self._out.put_nowait(_CLOSE)

    async def flushed(self) -> None:
        """Returns when everything said so far has been handed to the socket."""
        if self.open:
            await self._out.join()

    async def run(self) -> None:
        offered = self.socket.scope.get("subprotocols", [])
        await self.socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        self.shop.cable.connections.add(self)
        writer = asyncio.create_task(self._write())
        pinger = asyncio.create_task(self._ping())
        self.send({"type": "welcome"})
        try:
            await self._read()
        finally:
            self.open = False
            self.shop.cable.forget(self)
            for task in (pinger, writer):
                task.cancel()
            await asyncio.gather(pinger, writer, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while True:
                message = await self.socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                if text is None:
                    text = (message.get("bytes") or b"").decode("utf-8", "replace")
                self._command(text)
        except WebSocketDisconnect:
            return

    async def _write(self) -> None:
        try:
            while (text := await self._out.get()) is not _CLOSE:
                try:
                    await self.socket.send_text(text)
                finally:
                    self._out.task_done()
            self._out.task_done()
            await self.socket.close()
        except (WebSocketDisconnect, RuntimeError, OSError):
            pass
        finally:
            self.open = False
            while not self._out.empty():
                self._out.get_nowait()
                self._out.task_done()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            self.send({"type": "ping", "message": int(self.shop.clock.now())})

    def _command(self, text: str) -> None:
        """Obey one client frame; what cannot be understood is ignored, as Rails ignores it."""
        try:
            frame = json.loads(text)
            command, identifier = frame["command"], frame["identifier"]
        except (ValueError, KeyError, TypeError):
            return
        if command == "subscribe":
            self._subscribe(identifier)
        elif command == "unsubscribe" and identifier in self.identifiers:
            self.shop.cable.leave(self.identifiers.pop(identifier))
        elif command == "message" and identifier in self.identifiers:
            self._perform(self.identifiers[identifier], frame.get("data"))

    def _subscribe(self, identifier: str) -> None:
        if identifier in self.identifiers:
            return
        try:
            params = json.loads(identifier)
            token = params["pubsub_token"]
        except (ValueError, KeyError, TypeError):
            return
        if params.get("channel") != "RoomChannel" or not isinstance(token, str) or not token:
            return
        shop = self.shop
        subscription = Subscription(self, identifier, token)
        if not shop.v4:
            # 3.9.0 streams the given token before it looks whose it is.
            shop.cable.join(token, subscription)
            self.identifiers[identifier] = subscription
        if not subscription.identify(params):
            return
        self.identifiers[identifier] = subscription
        shop.cable.join(token, subscription)
        if shop.v4 and subscription.user_id is not None:
            shop.cable.join(f"account_{subscription.account_id}", subscription)
        self.send({"identifier": identifier, "type": "confirm_subscription"})
        subscription.tick()

    def _perform(self, subscription: Subscription, data: Any) -> None:
        try:
            action = json.loads(data)["action"]
        except (ValueError, KeyError, TypeError):
            return
        if action == "update_presence" and subscription.known:
            subscription.tick()


class Subscription:
    """One RoomChannel of one connection; ``user_id`` or ``contact_id`` says whose it is."""

    def __init__(self, connection: Connection, identifier: str, token: str) -> None:
        self.connection = connection
        self.identifier = identifier
        self.prefix = f'{{"identifier":{json.dumps(identifier, ensure_ascii=False)},"message":'
        self.token = token
        self.account_id = 0
        self.user_id: int | None = None
        self.contact_id: int | None = None

    @property
    def known(self) -> bool:
        return self.user_id is not None or self.contact_id is not None

    def identify(self, params: dict[str, Any]) -> bool:
        db = self.connection.shop.db
        if params.get("user_id") is None:
            row = db.one(
                "SELECT contacts.id, contacts.account_id FROM contact_inboxes"
                " JOIN contacts ON contacts.id = contact_inboxes.contact_id"
                " WHERE contact_inboxes.pubsub_token = ?",
                (self.token,),
            )
            if row is None:
                return False
            self.contact_id, self.account_id = row["id"], row["account_id"]
            return True
        row = db.one(
            "SELECT users.id, account_users.account_id FROM users JOIN account_users"
            " ON account_users.user_id = users.id"
            " WHERE users.pubsub_token = ? AND users.id = ? AND account_users.account_id = ?",
            (self.token, params["user_id"], params.get("account_id")),
        )
        if row is None:
            return False
        self.user_id, self.account_id = row["id"], row["account_id"]
        return True

    def tick(self) -> None:
        """Note the caller as seen now and tell all desks of that caller who is there."""
        shop = self.connection.shop
        if self.user_id is not None:
            shop.presence.see_user(self.user_id)
            data = presence_of_user(shop, self.account_id)
        elif self.contact_id is not None:
            shop.presence.see_contact(self.contact_id)
            data = presence_of_contact(shop, self.account_id)
        shop.cable.broadcast(self.token, "presence.update", data)

    def deliver(self, payload: str) -> None:
        self.connection.send_text(f"{self.prefix}{payload}}}")


class Cable:
    """All open sockets and which streams (pubsub tokens, ``account_1``) they listen to."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self._streams: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)

    def join(self, stream: str, subscription: Subscription) -> None:
        self._streams[stream][subscription] = None

    def leave(self, subscription: Subscription) -> None:
        for stream in [name for name, found in self._streams.items() if subscription in found]:
            del self._streams[stream][subscription]
            if not self._streams[stream]:
                del self._streams[stream]

    def forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        for subscription in connection.identifiers.values():
            self.leave(subscription)
        connection.identifiers.clear()

    def listened(self, stream: str) -> bool:
        return stream in self._streams

    def broadcast(self, stream: str, event: str, data: dict[str, Any]) -> None:
        """Send an event to everyone on a stream."""
        listeners = self._streams.get(stream)
        if not listeners:
            return
        payload = json.dumps(
            {"event": event, "data": data}, ensure_ascii=False, separators=(",", ":")
        )
        for subscription in list(listeners):
            subscription.deliver(payload)


async def cable_endpoint(socket: WebSocket) -> None:
    await Connection(socket.app.state.shop, socket).run()
