"""Reaching the TCP connection under a request: what no ASGI message can say."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

KEY = "revivatui.transport"


def keep_transport(app: ASGIApp) -> ASGIApp:
    """The same application, with uvicorn's transport in the scope of each request and socket."""

    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        scope[KEY] = getattr(cycle, "transport", None)
        await app(scope, receive, send)

    return keeping


def transport_of(scope: Any) -> asyncio.Transport:
    """The TCP transport of a request or socket.

    Raises:
        RuntimeError: the server did not keep it.
    """
    transport = scope.get(KEY)
    if transport is None:
        raise RuntimeError("the server keeps no transport: wrap the app with keep_transport")
    return transport  # type: ignore[no-any-return]


class Hangup(Response):
    """No answer: the connection is gone, after ``share`` (0..1) of ``answer`` if there is one."""

    def __init__(self, answer: Response | None = None, share: float = 0.5) -> None:
        super().__init__(b"")
        self._answer = answer
        self._share = share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = transport_of(scope)
        if self._answer is not None:
            body = bytes(self._answer.body)
            await send(
                {
                    "type": "http.response.start",
                    "status": self._answer.status_code,
                    "headers": self._answer.raw_headers,
                }
            )
            part = body[: int(len(body) * self._share)]
            await send({"type": "http.response.body", "body": part, "more_body": True})
            transport.close()
        else:
            transport.abort()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
