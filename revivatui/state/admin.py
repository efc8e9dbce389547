"""What an administrator sets up (contract 5), as the Admin room and its tests hold it.

Words of the server (roles, events, actions) stay the server's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ROLES: Final = ("agent", "administrator")
DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""As the server counts them: 0 is Sunday (contract 5.3)."""
WEEK: Final = (1, 2, 3, 4, 5, 6, 0)
"""The order in which people read them."""


@dataclass(frozen=True, slots=True)
class Staff:
    """An agent of the account (contract 5.1)."""

    id: int
    name: str
    email: str
    role: str
    availability: str = "offline"
    auto_offline: bool = True
    confirmed: bool = True
    custom_role_id: int | None = None
    """4.x enterprise: a change that leaves it out clears it."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one weekday, exactly as the server holds them: they can be put back."""

    day: int
    closed: bool = False
    all_day: bool = False
    open_hour: int | None = 9
    open_minutes: int | None = 0
    close_hour: int | None = 17
    close_minutes: int | None = 0


@dataclass(frozen=True, slots=True)
class InboxSetup:
    """An inbox with what an administrator changes (contract 5.3)."""

    id: int
    name: str
    channel_type: str = ""
    greeting_enabled: bool = False
    greeting: str = ""
    hours_enabled: bool = False
    out_of_office: str = ""
    timezone: str = "UTC"
    hours: tuple[DayHours, ...] = ()
    auto_assign: bool = True
    limit: int | None = None
    """Open conversations an agent is given at most; None: no limit. Enterprise only."""

    def of_day(self, day: int) -> DayHours | None:
        return next((one for one in self.hours if one.day == day), None)


@dataclass(frozen=True, slots=True)
class TeamSetup:
    id: int
    name: str
    description: str = ""
    auto_assign: bool = True


@dataclass(frozen=True, slots=True)
class LabelSetup:
    id: int
    title: str
    description: str = ""
    color: str = ""
    on_sidebar: bool = True


@dataclass(frozen=True, slots=True)
class Canned:
    id: int
    short_code: str
    content: str


@dataclass(frozen=True, slots=True)
class MacroStep:
    """One action of a macro (contract 5.4)."""

    name: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class MacroSetup:
    id: int
    name: str
    visibility: str = "personal"
    steps: tuple[MacroStep, ...] = ()
    author: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter of conversations that somebody named, the asker's own (contract 5.5)."""

    id: int
    name: str
    kind: str = "conversation"
    query: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HookSetup:
    """Where the server tells the account's events. The address may hold a secret."""

    id: int
    url: str = field(repr=False)
    name: str = ""
    """"" on 3.9, which has none."""
    subscriptions: tuple[str, ...] = ()
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How conversations are handed out (contract 5.9, 4.x)."""

    id: int
    name: str
    description: str = ""
    order: str = "round_robin"
    priority: str = "earliest_created"
    limit: int = 100
    window: int = 3600
    """Seconds in which an agent is given at most `limit`."""
    enabled: bool = True
    inboxes: int = 0


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that somebody changed (contract 5.9). `at` in epoch seconds."""

    id: int
    at: float | None
    who: str
    action: str
    what: str
    what_id: int | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: tuple[AuditEntry, ...]
    total: int
    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an agent holds: it is said before the agent is removed."""

    open: int
    inboxes: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a change: the id of each record made, and what stopped it on its way."""

    made: tuple[int | None, ...]
    trouble: str = ""
