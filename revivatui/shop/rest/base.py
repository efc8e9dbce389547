"""Calls, answers, errors and the route table (contract 0, 1.1, 12.4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from revivatui.shop.actions.files import Upload
from revivatui.shop.db import Row
from revivatui.shop.rest.params import nest

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


class JSONAnswer(Response):
    """A controller's JSON answer."""

    media_type = "application/json; charset=utf-8"

    def __init__(
        self, content: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(to_json(content), status, headers)


def to_json(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def empty(status: int = 200) -> Response:
    """``head :ok``: no body, typed as JSON all the same."""
    return Response(b"", status, media_type="application/json" if status == 200 else None)


class CallError(Exception):
    """An answer that is an error: status and body as on the wire."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def not_found() -> NoReturn:
    raise CallError(404, {"error": "Resource could not be found"})


def unprocessable(error: str) -> NoReturn:
    raise CallError(422, {"error": error})


def forbidden_role() -> NoReturn:
    raise CallError(401, {"error": "You are not authorized to do this action"})


def invalid(*problems: tuple[str, str]) -> NoReturn:
    """A model that did not validate: (attribute, full message) pairs."""
    raise CallError(
        422,
        {
            "message": ", ".join(message for _, message in problems),
            "attributes": list(dict.fromkeys(attribute for attribute, _ in problems)),
        },
    )


def crash() -> NoReturn:
    """What Rails answers to an exception nobody handles."""
    raise CallError(500, {"status": 500, "error": "Internal Server Error"})


@dataclass
class Call:
    """One request, its parameters read: ``params`` is query, body and path in one, as in Rails."""

    shop: Shop
    request: Request
    path: dict[str, str]
    params: dict[str, Any]
    body: dict[str, Any]
    form: bool = False
    raw: bytes = field(default=b"", repr=False)
    user: Row | None = None
    bot: Row | None = None
    account_id: int = 0
    account_user: Row | None = None
    session: dict[str, str] = field(default_factory=dict)

    @property
    def member(self) -> Row:
        """The signed-in user of a call that only users may make."""
        assert self.user is not None
        return self.user

    @property
    def is_admin(self) -> bool:
        return self.account_user is not None and self.account_user["role"] == "administrator"

    def need_admin(self) -> None:
        if not self.is_admin:
            forbidden_role()

    def wrapped(self, name: str) -> dict[str, Any]:
        """The parameters under a root key; flat ones too, as Rails wraps JSON bodies.

        Raises CallError 422 when there is nothing at all.
        """
        value = self.params.get(name)
        if isinstance(value, dict) and value:
            return value
        if not self.form and value is None and (flat := self.flat):
            return flat
        unprocessable(f"param is missing or the value is empty: {name}")

    @property
    def flat(self) -> dict[str, Any]:
        """The body's own keys."""
        return {key: value for key, value in self.body.items() if key != "format"}

    def number(self, name: str) -> int:
        """A path part as a row id; not a number is not found."""
        try:
            return int(self.path[name])
        except ValueError:
            not_found()


Answer = Response | Any
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """``pattern`` has ``{name}`` parts. ``access``: "anyone", "user" (signed in) or "account"
    (member of ``{account_id}``); ``bots`` opens an account route to bot tokens, "4" only in
    4.x; ``since`` "4" is a route that 3.9.0 does not have."""

    method: str
    pattern: str
    handler: Handler
    access: str = "account"
    bots: bool | str = False
    since: str = "3"


class RouteTable:
    """Finds the route of a method and path; an unknown pair is a 404 as in Rails, never 405."""

    def __init__(self, routes: list[Route], version: str) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
        for route in routes:
            if version.startswith("3.") and route.since == "4":
                continue
            parts = route.pattern.strip("/").split("/")
            self._by_shape.setdefault((route.method, len(parts)), []).append((parts, route))

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        parts = path.strip("/").removesuffix(".json").split("/")
        for pattern, route in self._by_shape.get((method, len(parts)), ()):
            found: dict[str, str] = {}
            for expected, given in zip(pattern, parts, strict=True):
                if expected[:1] == "{":
                    found[expected[1:-1]] = given
                elif expected != given:
                    break
            else:
                return route, found
        return None


BAD_REQUEST = CallError(400, {"status": 400, "error": "Bad Request"})


async def read_body(request: Request) -> tuple[dict[str, Any], bool, bytes]:
    """The body's parameters, whether they came as a form, and the raw body if they did not.

    Raises CallError 400.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        try:
            form = await request.form(max_files=1000, max_fields=5000, max_part_size=64 << 20)
        except Exception as problem:
            raise BAD_REQUEST from problem
        pairs = [(name, await _part(value)) for name, value in form.multi_items()]
        await form.close()
        return nest(pairs), True, b""
    raw = await request.body()
    if not raw.strip() or kind != "application/json":
        return {}, False, raw
    try:
        body = json.loads(raw)
    except ValueError as problem:
        raise BAD_REQUEST from problem
    if _has_lone_surrogate(body):
        raise CallError(400, None)
    return (body if isinstance(body, dict) else {"_json": body}), False, raw


async def _part(value: str | UploadFile) -> str | Upload:
    """A form's value: text, or a file read whole."""
    if isinstance(value, str):
        return value
    data = await value.read()
    return Upload(value.filename or "blob", value.content_type or "", data)


def _has_lone_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return True
        return False
    if isinstance(value, dict):
        return any(_has_lone_surrogate(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_lone_surrogate(part) for part in value)
