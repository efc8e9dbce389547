"""The HTTP and websocket server around a shop."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from typing import Any, Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import WebSocketRoute

from revivatui.shop import schedule
from revivatui.shop.cable import cable_endpoint
from revivatui.shop.rest.auth import authenticate, enter_account, session_headers
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    JSONAnswer,
    Route,
    RouteTable,
    empty,
    read_body,
)
from revivatui.shop.rest.params import nest
from revivatui.shop.rest.routes import all_routes
from revivatui.shop.transport import keep_transport
from revivatui.shop.world import Shop

log = logging.getLogger("revivatui.shop")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


KEPT_ALIVE: Final = 20
"""Seconds an idle connection is kept, as the real server's web process keeps it."""


class Dispatcher:
    """One request from parameters to answer, as a Rails controller would."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.table = RouteTable(all_routes(), shop.version)

    async def endpoint(self, request: Request) -> Response:
        response = await self.shop.faults.before_request(request)
        if response is None:
            response = await self._answer(request)
        return await self.shop.faults.after_request(request, response)

    async def _answer(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        found = self.table.match(method, request.scope["path"])
        if found is None:
            return _no_route(request)
        route, path = found
        try:
            body, form, raw = await read_body(request)
            query = nest(request.query_params.multi_items())
            call = Call(self.shop, request, path, {**query, **body, **path}, body, form, raw)
            if self._throttled(method, call):
                return Response("Retry later\n", 429, media_type="text/plain")
            if method == "GET":
                return self._handle(route, call)
            with self.shop.db.transaction():
                return self._handle(route, call)
        except CallError as error:
            return _error(error)
        except ClientDisconnect:
            return Response(b"", 400)  # nobody is left to read it
        except Exception:
            log.exception("%s %s", method, request.url.path)
            return _error(CallError(500, {"status": 500, "error": "Internal Server Error"}))

    def _throttled(self, method: str, call: Call) -> bool:
        client = call.request.client
        email = str(call.params.get("email") or "").strip().lower()
        address = client.host if client else "127.0.0.1"
        path = call.request.scope["path"].rstrip("/")
        headers = call.request.headers
        signer = headers.get("uid") or headers.get("api_access_token") or ""
        return self.shop.throttle.refuses(self.shop, method, path, address, email, signer)

    def _handle(self, route: Route, call: Call) -> Response:
        if route.access == "anyone":
            with self.shop.acting(None, in_account=False):
                return _as_response(route.handler(call))
        authenticate(call)
        if route.access == "account":
            enter_account(call, route)
        with self.shop.acting(call.user, bot=call.bot, in_account=route.access == "account"):
            response = _as_response(route.handler(call))
        for name, value in session_headers(call).items():
            response.headers[name] = value
        return response


def _as_response(answer: Answer) -> Response:
    return answer if isinstance(answer, Response) else JSONAnswer(answer)


def _error(error: CallError) -> Response:
    if error.body is None:
        return Response(b"", error.status, media_type="text/html")
    if isinstance(error.body, str):
        return Response(error.body, error.status, media_type="text/plain")
    response = JSONAnswer(error.body, error.status)
    if isinstance(error.body, dict) and "status" in error.body and "error" in error.body:
        response.headers["content-type"] = "application/json; charset=UTF-8"
    return response


def _no_route(request: Request) -> Response:
    if request.method == "OPTIONS":
        return empty()
    if "json" in request.headers.get("accept", "*/*"):
        return _error(CallError(404, {"status": 404, "error": "Not Found"}))
    return HTMLResponse(
        "<!DOCTYPE html>\n<html><head><title>The page you were looking for doesn't exist (404)"
        "</title></head><body><h1>The page you were looking for doesn't exist.</h1></body></html>",
        404,
        {"content-type": "text/html; charset=UTF-8"},
    )


def create_app(shop: Shop) -> Starlette:
    """The whole server for one shop; ``app.state.shop`` is that shop."""
    app = Starlette(
        routes=[
            WebSocketRoute("/cable", cable_endpoint),
            StarletteRoute("/{path:path}", Dispatcher(shop).endpoint, methods=METHODS),
        ]
    )
    app.state.shop = shop
    return app


def bound_socket(port: int) -> socket.socket:
    """A port of this machine. Raises OSError where it cannot be had."""
    # Named as TCP, or asyncio leaves Nagle's delay of 40 ms on every answer.
    bound = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound


class ShopServer:
    """Runs a shop on 127.0.0.1::

        async with ShopServer(create_shop("4.10.1")) as server:
            httpx.get(server.url + "/api")

    ``port`` 0 takes a free one. Leaving closes the server and, unless ``keep_shop``, the shop.
    """

    def __init__(self, shop: Shop, port: int = 0, *, keep_shop: bool = False) -> None:
        self.shop = shop
        self.keep_shop = keep_shop
        self._socket = bound_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        shop.base_url = self.url
        self.app = create_app(shop)
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                keep_transport(self.app),
                log_level="error",
                access_log=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_ping_interval=None,
                ws_max_size=1 << 24,
                timeout_keep_alive=KEPT_ALIVE,
                timeout_graceful_shutdown=1,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.uvicorn._serve([self._socket]))
        while not self.uvicorn.started:
            if self._task.done():
                self._task.result()
                raise RuntimeError("the shop's server stopped before it started")
            await asyncio.sleep(0.005)
        schedule.start(self.shop)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()
        if not self.keep_shop:
            await self.shop.close()

    async def refuse(self) -> None:
        """Refuse connections, and drop those of REST callers; open cable sockets stay."""
        for server in self.uvicorn.servers:
            server.close()
        self.uvicorn.servers.clear()
        for protocol in list(self.uvicorn.server_state.connections):
            transport: Any = getattr(protocol, "transport", None)
            if transport is not None and not type(protocol).__name__.startswith("WebSocket"):
                transport.abort()

    async def accept(self) -> None:
        """Listen again, on the same port, after ``refuse``."""
        if self.uvicorn.servers:
            return
        config = self.uvicorn.config
        self._socket = bound_socket(self.port)

        make: Any = config.http_protocol_class

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = make(
                config=config,
                server_state=self.uvicorn.server_state,
                app_state=self.uvicorn.lifespan.state,
            )
            return made

        loop = asyncio.get_running_loop()
        self.uvicorn.servers.append(await loop.create_server(protocol, sock=self._socket))

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        self.uvicorn.should_exit = True
        for connection in list(self.shop.cable.connections):
            connection.close()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
