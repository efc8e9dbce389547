"""Feeds recorded answers, cable frames and webhooks through the wire models, strictly.

In the program the models pass over what they do not know. Here nothing may be passed over: every
key must be defined, every type fit without conversion, every event be known and become the event
of the state that is meant for it, and every refusal become its error. What does not is reported:

    skipped   an answer, a frame or a webhook for which there is no model
    unknown   an event that the desk does not know, or that fell into its catch-all
    lost      a key that was sent and that the model does not define
    misread   a value that does not fit, or that could not be made the state's own
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final, get_args

import httpx
from pydantic import TypeAdapter, ValidationError

from revivatui.api import convert
from revivatui.api.cable_protocol import CableProtocol, Kind
from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    Forbidden,
    Invalid,
    NotChatwoot,
    NotFound,
    RateLimited,
    ServerDown,
    SignInRefused,
)
from revivatui.api.refusals import is_html, refusal
from revivatui.api.schemas import account, conversations, inboxes, messages, notifications, people
from revivatui.api.schemas.base import Wire
from revivatui.api.wire import READERS, message_to_events
from revivatui.state.events import OddFrame
from tools.conformance.wire_endpoints import EMPTY, TEXT, endpoint_of
from tools.conformance.wire_models import ErrorBody, hook_model

Json = Any

CONVERTED: Final[dict[type[Wire], Callable[[Any], object]]] = {
    people.Agent: convert.agent,
    people.Contact: convert.contact,
    people.Sender: convert.sender,
    inboxes.Inbox: convert.inbox,
    account.Team: convert.team,
    account.Label: convert.label,
    account.CannedResponse: convert.canned_response,
    account.Account: convert.account,
    messages.Message: convert.message,
    messages.Attachment: convert.attachment,
    conversations.Conversation: convert.conversation,
    conversations.Counts: convert.counts,
    notifications.Notification: convert.notification,
}
"""Models whose every instance must become a record of the state."""

REFUSED_AS: Final[dict[int, tuple[type[ApiError], ...]]] = {
    401: (AuthExpired, Forbidden, SignInRefused),
    403: (Forbidden,),
    404: (NotFound,),
    429: (RateLimited,),
}
_CUT: Final = "_long"
"""The key that stands for an answer of which only the length was kept."""


def check(version: str, rows: Iterable[Json]) -> list[str]:
    """What the models miss of the rows of recordings, each finding once.

    Rows are recognised by their shape (tests/data/recordings/README.md), so any recording will do;
    what a client sent, and notes, are not the server's words and are not looked at.
    """
    found: dict[str, None] = {}
    for row in rows:
        for line in _row(row):
            found.setdefault(f"{version} {line}")
    return list(found)


def _row(row: Json) -> Iterator[str]:
    if "answer" in row and "status" in row:
        yield from _answer(row)
    elif row.get("what") == "hook" or ("body" in row and "frame" not in row and "path" in row):
        yield from _hook(row["body"])
    elif isinstance(row.get("frame"), dict) and row.get("dir", "in") == "in":
        yield from _frame(row["frame"])


# --- answers -----------------------------------------------------------------------------------


def _answer(row: Json) -> Iterator[str]:
    method, path, status, answer = row.get("method"), row.get("path"), row["status"], row["answer"]
    if isinstance(answer, dict) and _CUT in answer:
        return
    if status >= 300:
        yield from _refused(f"{method} {_pattern_of(path)}", row)
        return
    if path is None:
        # Two sign-ins were kept with their answer alone.
        method, path = "POST", "/auth/sign_in" if "sign in" in (row.get("label") or "") else ""
    # Questions about figures were kept without it: they only ask.
    method = method or "GET"
    where = f"{method} {_pattern_of(path)}"
    endpoint = endpoint_of(method, path)
    if endpoint is None:
        yield f"skipped: no model for {where}"
    elif _is_empty(answer):
        return
    elif isinstance(answer, dict) and answer.keys() == {"_text"}:
        if endpoint.shape is not TEXT:
            yield f"skipped: {where} answered text"
    elif endpoint.shape is EMPTY:
        yield f"lost: {where} answered {_outline(answer)} where nothing was expected"
    else:
        yield from _through(where, endpoint.shape, answer)


def _refused(where: str, row: Json) -> Iterator[str]:
    """The body fits the one model of refusals, and becomes the error that its status means."""
    status, answer = row["status"], row["answer"]
    text = answer["_text"] if isinstance(answer, dict) and "_text" in answer else None
    if text is None:
        yield from _through(f"{where} {status}", ErrorBody, answer)
    response = httpx.Response(
        status,
        content=json.dumps(answer).encode() if text is None else text.encode(),
        headers={"content-type": row.get("type") or "application/json"},
        request=httpx.Request(
            row.get("method") or "GET", f"http://desk.example.com{row.get('path')}"
        ),
    )
    error = refusal(response, "desk.example.com", response.request.method)
    # A call that a version does not have is answered with a web page, like a wrong address.
    other: tuple[type[ApiError], ...] = (Invalid,) if 400 <= status < 500 else (ServerDown,)
    means = REFUSED_AS.get(status, other)
    if is_html(response) and status < 500:
        means = (NotChatwoot,)
    if type(error) not in means:
        yield f"misread: {where} {status} became {type(error).__name__}"


def _is_empty(answer: Json) -> bool:
    return answer is None or answer == {"_text": ""}


def _pattern_of(path: str | None) -> str:
    """The path with its numbers and identifiers taken out, so that a finding comes once."""
    parts = (path or "").split("?", 1)[0].split("/")
    return "/".join("#" if any(c.isdigit() for c in p) and p not in _NOT_IDS else p for p in parts)


_NOT_IDS: Final = frozenset({"v1", "v2"})


# --- frames and webhooks -----------------------------------------------------------------------


def _frame(frame: Json) -> Iterator[str]:
    message = frame.get("message")
    if "type" in frame:
        yield from _control(frame)
        return
    event = message.get("event") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(event, str):
        yield f"skipped: frame {_outline(frame)}"
        return
    reader = READERS.get(event)
    if reader is None:
        yield f"unknown: event {event}"
        return
    yield from _through(f"frame {event}", reader.model, message.get("data"))
    told = message_to_events(message, (message.get("data") or {}).get("account_id", 0), 0.0)
    if len(told) != 1 or isinstance(told[0], OddFrame):
        yield f"unknown: event {event} became {[type(one).__name__ for one in told]}"


def _control(frame: Json) -> Iterator[str]:
    """Welcome, ping and the rest, through the protocol of the subscription they are for."""
    try:
        named = json.loads(frame.get("identifier") or "{}")
        protocol = CableProtocol(
            named.get("pubsub_token", ""), named.get("account_id", 0), named.get("user_id", 0)
        )
    except ValueError:
        yield f"skipped: frame {_outline(frame)}"
        return
    # Clients choose how they write their identifier, and the server echoes it letter by letter.
    ours = json.loads(protocol.receive('{"type":"welcome"}', 0.0).reply or "{}")["identifier"]
    if "identifier" in frame:
        frame = {**frame, "identifier": ours}
    heard = protocol.receive(json.dumps(frame), 0.0)
    if heard.kind is Kind.ODD:
        yield f"skipped: frame {_outline(frame)}"


def _hook(body: Json) -> Iterator[str]:
    event = body.get("event") if isinstance(body, dict) else None
    model = hook_model(event) if isinstance(event, str) else None
    if model is None:
        yield f"unknown: webhook {event}"
    else:
        yield from _through(f"webhook {event}", model, body)


# --- strictness --------------------------------------------------------------------------------


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _through(where: str, shape: Any, value: Json) -> Iterator[str]:
    """Strictly, and then as the program does it, all the way into the state's records."""
    text = json.dumps(value)
    try:
        parsed = _adapter(shape).validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        yield from _findings(where, error, whole=_is_the_desks(shape))
        try:
            parsed = _adapter(shape).validate_json(text)
        except ValidationError as worse:
            if _is_the_desks(shape):
                yield f"misread: {where}: the desk cannot read it ({worse.error_count()} errors)"
            return
    for one in _instances(parsed):
        make = CONVERTED.get(type(one)) or _inherited(type(one))
        try:
            if make is not None:
                make(one)
        except Exception as error:  # whatever it is, the program would meet it
            yield f"misread: {where}: {type(one).__name__} failed with {type(error).__name__}"


def _is_the_desks(shape: Any) -> bool:
    """Whether the desk itself reads such answers: then what it must have must be there."""
    parts = get_args(shape) or (shape,)
    return any(part.__module__.startswith("revivatui.") for part in parts)


def _findings(where: str, error: ValidationError, *, whole: bool) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        place = ".".join("[]" if isinstance(part, int) else str(part) for part in one["loc"])
        if one["type"] == "extra_forbidden":
            yield f"lost: {where}: {place}"
        elif one["type"] != "missing" or whole:
            yield f"misread: {where}: {place}: {one['msg']}"


def _inherited(kind: type) -> Callable[[Any], object] | None:
    return next((CONVERTED[base] for base in kind.__mro__ if base in CONVERTED), None)


def _instances(value: object) -> Iterator[Wire]:
    """Every model in a parsed answer, itself included."""
    if isinstance(value, Wire):
        yield value
        for name in type(value).model_fields:
            yield from _instances(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _instances(item)


def _outline(value: Json) -> str:
    """A value's keys or type: never its contents, which may be secret."""
    if isinstance(value, dict):
        return f"an object of {', '.join(sorted(value))}"
    return type(value).__name__
