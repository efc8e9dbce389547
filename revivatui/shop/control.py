"""The control port: a small HTTP server beside the shop's that takes orders from tests.

It speaks JSON. ``POST /orders`` puts a fault in force (see ``trouble.Order``), ``GET /orders``
lists them, ``DELETE /orders`` and ``DELETE /orders/N`` take them back. One-time orders:

    POST /pace    {"pace": "real" | "fast"}
    POST /clock   {"set": epoch} | {"advance": seconds} | {"freeze": true | false}
    POST /worker  {"up": true | false}
    POST /cable   {"close": "with frame" | "silently"}, {"say": text},
                  {"disconnect": reason, "reconnect": true | false}; {"user": id} limits it
    POST /listen  {"accept": true | false}     refuse connections (open sockets stay), or not
    POST /tokens  {"revoke": e-mail}           the API token of that person changes
    POST /drain                                answers when every background job is done
    GET  /                                     what the shop is doing
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from revivatui.shop.cable import Connection
from revivatui.shop.server import ShopServer, bound_socket
from revivatui.shop.tokens import new_token
from revivatui.shop.transport import transport_of
from revivatui.shop.trouble import Trouble, order_of


class Control:
    """What the orders do to one running shop."""

    def __init__(self, server: ShopServer, seed: int = 1) -> None:
        self.server = server
        self.shop = server.shop
        self.trouble = Trouble(server.shop, seed)
        self.shop.faults = self.trouble

    def pace(self, wanted: dict[str, Any]) -> None:
        self.trouble.set_pace(str(wanted["pace"]))

    def clock(self, wanted: dict[str, Any]) -> None:
        clock = self.shop.clock
        if "freeze" in wanted:
            clock.freeze() if wanted["freeze"] else clock.run()
        if "set" in wanted:
            clock.set(float(wanted["set"]))
        if "advance" in wanted:
            clock.advance(float(wanted["advance"]))

    def worker(self, wanted: dict[str, Any]) -> None:
        pace = self.trouble.pace
        if wanted["up"] and pace is not None:
            asyncio.get_running_loop().call_later(pace.boot(), self.shop.worker.start)
        elif wanted["up"]:
            self.shop.worker.start()
        else:
            self.shop.worker.stop()

    def tokens(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError when there is no such person."""
        user = self.shop.db.find("users", email=str(wanted["revoke"]))
        if user is None:
            raise ValueError(f"nobody here has the e-mail {wanted['revoke']!r}")
        self.shop.db.execute(
            "UPDATE access_tokens SET token = ? WHERE owner_type = 'User' AND owner_id = ?",
            (new_token(), user["id"]),
        )

    def cable(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError for an unknown way to close."""
        chosen = [one for one in self.shop.cable.connections if _is_of(one, wanted.get("user"))]
        closing = wanted.get("close")
        if closing not in (None, "with frame", "silently"):
            raise ValueError(f"close is 'with frame' or 'silently', not {closing!r}")
        for connection in chosen:
            if "say" in wanted:
                connection.send_text(str(wanted["say"]))
            if "disconnect" in wanted:
                connection.send(
                    {
                        "type": "disconnect",
                        "reason": wanted["disconnect"],
                        "reconnect": wanted.get("reconnect", True),
                    }
                )
            if closing == "with frame":
                connection.close()
            elif closing == "silently":
                transport_of(connection.socket.scope).abort()

    async def listen(self, wanted: dict[str, Any]) -> None:
        if wanted["accept"]:
            await self.server.accept()
        else:
            await self.server.refuse()

    def state(self) -> dict[str, Any]:
        return {
            "version": self.shop.version,
            "url": self.server.url,
            "now": self.shop.clock.now(),
            "jobs": self.shop.worker.pending,
            "worker": self.shop.worker.up,
            "sockets": len(self.shop.cable.connections),
            "orders": [order.as_json() for order in self.trouble.orders],
            "pace": "fast" if self.trouble.pace is None else "real",
        }


def _is_of(connection: Connection, user_id: int | None) -> bool:
    return user_id is None or any(
        subscription.user_id == user_id for subscription in connection.identifiers.values()
    )


def create_control_app(control: Control) -> Starlette:
    """The routes of the control port."""
    once: dict[str, Callable[[dict[str, Any]], object]] = {
        "pace": control.pace,
        "clock": control.clock,
        "worker": control.worker,
        "tokens": control.tokens,
        "cable": control.cable,
    }

    async def read(request: Request) -> dict[str, Any]:
        body = await request.body()
        wanted = json.loads(body) if body else {}
        if not isinstance(wanted, dict):
            raise TypeError("an order is a JSON object")
        return wanted

    async def act(request: Request) -> JSONResponse:
        try:
            name, wanted = request.path_params["name"], await read(request)
            if name == "listen":
                await control.listen(wanted)
            else:
                once[name](wanted)
        except KeyError as missing:
            return JSONResponse({"error": f"unknown order, or a word missing: {missing}"}, 422)
        except (ValueError, TypeError) as problem:
            return JSONResponse({"error": str(problem)}, 422)
        return JSONResponse(control.state())

    async def orders(request: Request) -> JSONResponse:
        if request.method == "POST":
            try:
                order = control.trouble.add(order_of(await read(request)))
            except (ValueError, TypeError) as problem:
                return JSONResponse({"error": str(problem)}, 422)
            return JSONResponse(order.as_json())
        if request.method == "DELETE":
            control.trouble.clear(request.path_params.get("number"))
        return JSONResponse([order.as_json() for order in control.trouble.orders])

    async def drain(_: Request) -> JSONResponse:
        await control.shop.worker.drain()
        return JSONResponse({"done": True})

    async def state(_: Request) -> JSONResponse:
        return JSONResponse(control.state())

    return Starlette(
        routes=[
            Route("/", state),
            Route("/orders", orders, methods=["GET", "POST", "DELETE"]),
            Route("/orders/{number:int}", orders, methods=["DELETE"]),
            Route("/drain", drain, methods=["POST"]),
            Route("/{name}", act, methods=["POST"]),
        ]
    )


class ControlServer:
    """Runs the control port on 127.0.0.1 beside a running shop::

        async with ShopServer(shop) as server, ControlServer(server) as control:
            httpx.post(control.url + "/orders", json={"fault": "500", "count": 1})

    ``port`` 0 takes a free one; ``seed`` decides every draw (chance, pace).
    """

    def __init__(self, server: ShopServer, port: int = 0, *, seed: int = 1) -> None:
        self.control = Control(server, seed)
        self._socket = bound_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                create_control_app(self.control),
                log_level="error",
                access_log=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=1,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.uvicorn._serve([self._socket]))
        while not self.uvicorn.started:
            if self._task.done():
                self._task.result()
                raise RuntimeError("the control port stopped before it started")
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Make no more trouble, and close the port."""
        self.control.trouble.clear()
        self.uvicorn.should_exit = True
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
