"""One change of the server's set-up: what it is, how it is shown, and the leave to send it.

The only way to a `Permission` is the `yes` of a `Preview` that was shown, the only call that writes
(`AdminCalls.carry_out`) takes nothing else, and a permission is good for one sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from revivatui.text.secrets import looks_like_token

HIDDEN: Final = "(hidden)"
_SECRETS: Final = frozenset(
    {"password", "token", "secret", "api_key", "access_token", "hmac_token", "pubsub_token"}
)
_KEY: Final = object()

Body = Mapping[str, Any]


class NotShown(Exception):
    """Nobody has seen what would be changed."""


class AlreadySent(Exception):
    """One yes is for one sending."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call: `path` is what follows the account's."""

    method: str
    path: str
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in words, before and after; "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be changed."""

    kind: str
    """The section it belongs to."""
    title: str
    """In words, with the name of the record."""
    requests: tuple[Request, ...]
    before: Mapping[str, str] = field(default_factory=dict)
    """The record's fields in words; empty for a new one."""
    wanted: Mapping[str, str] | None = field(default_factory=dict)
    """The fields afterwards that it is compared with; None: the record is gone."""
    record_id: int | None = None
    """None: it is made."""
    warnings: tuple[str, ...] = ()
    confirm: str = ""
    """What has to be typed before yes counts; "" where nothing is lost."""
    undo: Callable[[int | None], Change] | None = None
    """Makes the change that takes this one back, from the id of what was made."""
    more: tuple[str, ...] = ()
    """Further lines to show: a change of many records says each."""

    @property
    def is_destructive(self) -> bool:
        return bool(self.confirm)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What is different afterwards, in the order of the fields."""
        after = self.wanted or {}
        names = dict.fromkeys((*self.before, *after)) if self.wanted is None else after
        return tuple(
            Difference(name, self.before.get(name, ""), after.get(name, ""))
            for name in names
            if self.before.get(name, "") != after.get(name, "")
        )


class Permission:
    """The leave to send one change once; made by `Preview.yes` alone."""

    __slots__ = ("_change", "_is_spent")

    def __init__(self, change: Change, key: object) -> None:
        if key is not _KEY:
            raise TypeError("only the yes of a preview gives permission")
        self._change = change
        self._is_spent = False

    @property
    def change(self) -> Change:
        return self._change

    def spend(self) -> Change:
        """The change, the first time. Raises AlreadySent."""
        if self._is_spent:
            raise AlreadySent(self._change.title)
        self._is_spent = True
        return self._change


class Preview:
    """A change on its way to a yes."""

    def __init__(self, change: Change, account_path: str) -> None:
        """`account_path` stands before the paths of the requests."""
        self.change = change
        self._account_path = account_path
        self._was_shown = False

    def differences(self) -> tuple[Difference, ...]:
        """What changes, to be shown."""
        self._was_shown = True
        return self.change.differences

    def requests(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each call as it will be made, and the lines of its body; secrets are hidden."""
        for one in self.change.requests:
            called = f"{one.method} {self._account_path}{one.path}"
            yield called, tuple(_lines(one.body or {}))

    def yes(self) -> Permission:
        """The one who saw it wants it. Raises NotShown."""
        if not self._was_shown:
            raise NotShown(self.change.title)
        return Permission(self.change, _KEY)


def _lines(value: object, at: str = "") -> Iterator[str]:
    """A body's fields, one a line: "agent.role = agent"."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            where = f"{at}.{key}" if at else str(key)
            if key in _SECRETS and item:
                yield f"{where} = {HIDDEN}"
            else:
                yield from _lines(item, where)
    elif isinstance(value, (list, tuple)) and any(isinstance(one, Mapping) for one in value):
        for place, item in enumerate(value):
            yield from _lines(item, f"{at}[{place}]")
    elif at:
        yield f"{at} = {shown(value)}"


def shown(value: object) -> str:
    """A value of a body in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    return bare_url(value) if isinstance(value, str) else str(value)


def bare_url(text: str) -> str:
    """A web address without what lets anybody in: user, password, query, fragment, and what looks
    like a token in its path."""
    if not text.startswith(("http://", "https://")):
        return text
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return text.partition("?")[0]
    path = "/".join("..." if looks_like_token(one) else one for one in parts.path.split("/"))
    kept = urlunsplit((parts.scheme, place, path, "", ""))
    return kept if kept == text else f"{kept} {HIDDEN}"
