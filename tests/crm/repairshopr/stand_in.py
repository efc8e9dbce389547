"""The vendor over a real socket, with troubles that tests can order.

async with StandIn() as vendor:
    vendor.trouble("late", method="POST", path="*/comment")
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from revivatui.shop.transport import Hangup, keep_transport
from tests.crm.repairshopr.vendor_rules import Refused, Row, Vendor

TOKEN = "T0ken-of-the-shop-1234567890abcdef"
LATE_SECONDS = 3.0
Kind = Literal["500", "503", "429", "403", "html", "late", "slow", "lost", "dropped", "redirect"]
"""`late` acts and answers too late, `slow` even acts too late, `lost` acts and breaks the
connection, `dropped` breaks it without having acted; the others answer without having acted."""

PAGE = 25
_SIZES = {"estimates": 50, "comments": 10, "assets": 50}
_WITHOUT_META = ("appointments", "products")


@dataclass
class Trouble:
    kind: Kind
    method: str
    path: str
    count: int
    retry_after: int | None


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    body: Any


class StandIn:
    """A shop's account behind a socket of its own; `data` is what the vendor really holds."""

    def __init__(self, data: Vendor | None = None) -> None:
        self.data = data or Vendor()
        self.asked: list[Asked] = []
        self.tokens_in_urls: list[str] = []
        self._troubles: list[Trouble] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Starlette(
            routes=[Route("/api/v1/{path:path}", self._answer, methods=["GET", *_WRITING])]
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                keep_transport(app),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._server._serve([self._socket]))
        while not self._server.started:
            assert not self._task.done()
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.should_exit = True
        await self._task

    def trouble(
        self,
        kind: Kind,
        *,
        method: str = "*",
        path: str = "*",
        count: int = 1,
        retry_after: int | None = None,
    ) -> Trouble:
        """The next `count` requests that fit go wrong."""
        ordered = Trouble(kind, method, path, count, retry_after)
        self._troubles.append(ordered)
        return ordered

    def calm(self) -> None:
        """No trouble any more."""
        self._troubles.clear()

    def writes(self, path: str = "*") -> list[Asked]:
        return [
            one for one in self.asked if one.method != "GET" and fnmatch.fnmatchcase(one.path, path)
        ]

    # --- one request ---------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Response:
        raw = await request.body()
        path = f"/{request.path_params['path']}"
        asked = Asked(
            request.method, path, dict(request.query_params), json.loads(raw) if raw else None
        )
        self.asked.append(asked)
        if TOKEN in str(request.url):
            self.tokens_in_urls.append(urlsplit(str(request.url)).path)
        trouble = self._trouble_for(asked)
        if trouble is not None and trouble.kind not in ("late", "slow", "lost"):
            return _gone_wrong(trouble)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "Unauthorized"}, 401)
        if trouble is not None and trouble.kind == "slow":
            await asyncio.sleep(LATE_SECONDS)
        response = self._act(asked)
        if trouble is not None and trouble.kind == "late":
            await asyncio.sleep(LATE_SECONDS)
        return Hangup() if trouble is not None and trouble.kind == "lost" else response

    def _trouble_for(self, asked: Asked) -> Trouble | None:
        for one in self._troubles:
            fits = fnmatch.fnmatchcase(asked.path, one.path) and one.method in ("*", asked.method)
            if fits and one.count:
                one.count -= 1
                return one
        return None

    def _act(self, asked: Asked) -> Response:
        try:
            status = 201 if (asked.method, asked.path) == ("POST", "/appointments") else 200
            return JSONResponse(self._handle(asked), status)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status)

    def _handle(self, asked: Asked) -> Row:
        parts = asked.path.strip("/").split("/")
        match (asked.method, *parts):
            case ("GET", "me"):
                return self.data.me()
            case ("GET", "settings"):
                return self.data.settings()
            case ("GET", "tickets", "settings"):
                return self.data.ticket_settings()
            case ("GET", "tickets", ticket_id, "comments"):
                return self._comments(int(ticket_id), asked.query)
            case ("GET", name):
                return self._list(name, asked.query)
            case ("GET", name, row_id):
                return self._single(name, row_id)
            case (_, *_):
                return self._write(asked.method, parts, asked.body or {})
        raise Refused(404, {"message": "Not found"})

    def _list(self, name: str, query: Mapping[str, str]) -> Row:
        finders: dict[str, tuple[str, Callable[[Mapping[str, str]], list[Row]]]] = {
            "customers": ("customers", self.data.find_customers),
            "tickets": ("tickets", self.data.find_tickets),
            "customer_assets": ("assets", self.data.find_assets),
            "estimates": ("estimates", self.data.find_estimates),
            "invoices": ("invoices", self.data.find_invoices),
            "appointments": ("appointments", self.data.find_appointments),
            "products": ("products", lambda _: list(self.data.products.values())),
        }
        if name not in finders:
            raise Refused(404, {"message": "Not found"})
        key, find = finders[name]
        return _paged(key, find(query), query)

    def _comments(self, ticket_id: int, query: Mapping[str, str]) -> Row:
        self.data.one(self.data.tickets, ticket_id)
        rows = self.data.comments_of(ticket_id)
        if "created_after" in query:
            rows = [row for row in rows if row["created_at"] > query["created_after"]]
        return _paged("comments", rows[::-1], query)

    def _single(self, name: str, row_id: str) -> Row:
        data = self.data
        match name:
            case "customers":
                return {"customer": data.customer(data.one(data.customers, row_id))}
            case "tickets":
                return {"ticket": data.whole_ticket(data.one(data.tickets, row_id))}
            case "customer_assets":
                return {"asset": data.one(data.assets, row_id)}
            case "appointments":
                return data.one(data.appointments, row_id)
            case "estimates":
                return {"estimate": data.one(data.estimates, row_id)}
        raise Refused(404, {"message": "Not found"})

    def _write(self, method: str, parts: list[str], body: Row) -> Row:
        data = self.data
        match (method, *parts):
            case ("POST", "customers"):
                return {"customer": data.make_customer(body)}
            case ("PUT", "customers", row_id):
                row = data.one(data.customers, row_id)
                return {"customer": data.change_customer(row, body)}
            case ("POST", "tickets"):
                return {"ticket": data.make_ticket(body)}
            case ("PUT", "tickets", row_id):
                return {"ticket": data.change_ticket(data.one(data.tickets, row_id), body)}
            case ("POST", "tickets", row_id, "comment"):
                return {"comment": data.make_comment(data.one(data.tickets, row_id), body)}
            case ("POST", "customer_assets"):
                return {"asset": data.make_asset(body)}
            case ("PUT", "customer_assets", row_id):
                return {"asset": data.change_asset(data.one(data.assets, row_id), body)}
            case ("POST", "appointments"):
                return {"appointment": data.make_appointment(body)}
            case ("PUT", "appointments", row_id):
                row = data.one(data.appointments, row_id)
                return {"appointment": data.change_appointment(row, body)}
            case (_, "estimates", *rest):
                return self._write_estimate(method, rest, body)
        raise Refused(404, {"message": "Not found"})

    def _write_estimate(self, method: str, rest: list[str], body: Row) -> Row:
        data = self.data
        if not rest:
            return {"estimate": data.make_estimate(body)}
        row = data.one(data.estimates, rest[0])
        match (method, *rest[1:]):
            case ("POST", "line_items"):
                line = data.add_line(row, body)
                return {"estimate": row, "line_item": line}
            case ("POST", "email"):
                return data.email_estimate(row)
            case ("PUT",):
                row |= {name: value for name, value in body.items() if name in row}
                data.touch(row)
                return {"estimate": row}
            case ("DELETE",):
                del data.estimates[row["id"]]
                return {"message": f"We deleted # {row['number']}."}
        raise Refused(404, {"message": "Not found"})


_WRITING = ("POST", "PUT", "DELETE", "PATCH")


def _paged(key: str, rows: list[Row], query: Mapping[str, str]) -> Row:
    page = int(query.get("page", "1"))
    size = int(query.get("per_page", 0)) if key == "comments" else 0
    size = size or _SIZES.get(key, PAGE)
    answer: Row = {key: rows[(page - 1) * size : page * size]}
    if key not in _WITHOUT_META:
        answer["meta"] = {"total_pages": max(1, -(-len(rows) // size)), "page": page}
    return answer


def _gone_wrong(trouble: Trouble) -> Response:
    match trouble.kind:
        case "html":
            return Response("<html><body>Maintenance</body></html>", media_type="text/html")
        case "redirect":
            return Response(status_code=302, headers={"location": "https://login.example.com/"})
        case "dropped":
            return Hangup()
        case "403":
            return JSONResponse({"error": "Not authorized"}, 403)
        case "429":
            headers = {"retry-after": str(trouble.retry_after)} if trouble.retry_after else {}
            return JSONResponse({"error": "Rate limit exceeded"}, 429, headers=headers)
    return Response("<h1>Something went wrong</h1>", int(trouble.kind), media_type="text/html")
