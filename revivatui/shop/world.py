"""The shop itself: what every part of the server shares, and how a fresh one is made.

Everything that happens is a plain synchronous function in ``revivatui.shop.actions`` taking the
shop first; REST, public API, widget, mail and simulated people all come in through them::

    with shop.acting(user):
        messages.create_message(shop, conversation, sender=user, content="Ready!")
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx

from revivatui.shop.cable import Cable
from revivatui.shop.captain import Captain
from revivatui.shop.clients import ONE_IDLE
from revivatui.shop.clock import Clock
from revivatui.shop.db import Database, Row
from revivatui.shop.faults import Faults
from revivatui.shop.jobs import Worker
from revivatui.shop.presence import Presence
from revivatui.shop.throttle import Throttle
from revivatui.shop.tokens import new_token, password_digest

VERSIONS = ("3.9.0", "4.10.1")
ACCOUNT_NAME = "Reviva Repairs"


@dataclass(frozen=True)
class Person:
    """A member of the account. Tokens and password are made up when not given."""

    name: str
    email: str
    role: str = "agent"
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    pubsub_token: str | None = field(default=None, repr=False)
    availability: str = "online"


@dataclass(frozen=True)
class Current:
    """Who acts now: Chatwoot's ``Current``. ``in_account`` is false in jobs and public calls,
    where pushes carry a null ``availability_status``. ``rule``: an automation rule does."""

    user: Row | None = None
    bot: Row | None = None
    in_account: bool = False
    rule: Row | None = None


class Shop:
    """One Chatwoot installation. Not thread-safe: it lives on the server's event loop."""

    def __init__(
        self,
        version: str,
        db: Database,
        clock: Clock,
        data_dir: Path | None = None,
    ) -> None:
        if version not in VERSIONS:
            raise ValueError(f"the shop speaks {' or '.join(VERSIONS)}, not {version}")
        self.version = version
        self.v4 = version.startswith("4.")
        self.db = db
        self.clock = clock
        self.faults = Faults()
        self.worker = Worker(db.transaction)
        self.worker.delay_policy = lambda job: self.faults.job_delay(job)
        self.cable = Cable()
        self.presence = Presence(clock)
        self.base_url = "http://127.0.0.1:3000"
        self.openai_endpoint = ""
        """Where an OpenAI-compatible server is, without /v1 (``CAPTAIN_OPEN_AI_ENDPOINT``)."""
        self.captain = Captain()
        self.quiet = False
        """While true nothing is told to anyone (bulk seeding): no events, jobs or templates."""
        self.current = Current()
        self.throttle = Throttle()
        self._data_dir = data_dir
        self._http: httpx.AsyncClient | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    @contextmanager
    def acting(
        self,
        user: Row | None = None,
        *,
        bot: Row | None = None,
        in_account: bool = True,
        rule: Row | None = None,
    ) -> Iterator[None]:
        """Do what follows as this person. Synchronous code only: never await inside."""
        before = self.current
        self.current = Current(user, bot, in_account, rule)
        try:
            yield
        finally:
            self.current = before

    @property
    def http(self) -> httpx.AsyncClient:
        """The client that delivers webhooks."""
        if self._http is None:
            self._http = httpx.AsyncClient(limits=ONE_IDLE, trust_env=False, follow_redirects=False)
        return self._http

    @property
    def data_dir(self) -> Path:
        """Where files of attachments lie; a scratch directory when the shop was given none."""
        if self._data_dir is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="revivatui-shop-")
            self._data_dir = Path(self._scratch.name)
        return self._data_dir

    @cached_property
    def secret(self) -> bytes:
        """Signs attachment URLs and widget tokens; one for the life of the data."""
        return bytes.fromhex(self.db.setting("secret"))

    def now(self) -> int:
        """Now in microseconds, a new value each time."""
        return self.clock.micros()

    async def close(self) -> None:
        await self.worker.close()
        if self._http is not None:
            await self._http.aclose()
        self.clock.close()
        self.db.close()
        if self._scratch is not None:
            self._scratch.cleanup()


def add_person(shop: Shop, person: Person, account_id: int = 1) -> Row:
    """Make a user and member with token, pubsub token and notification settings."""
    with shop.db.transaction():
        user = add_user(shop, person)
        add_member(shop, user["id"], person.role, person.availability, account_id=account_id)
    return user


def add_user(shop: Shop, person: Person) -> Row:
    """Make a user who is in no account yet."""
    now = shop.now()
    with shop.db.transaction():
        user_id = shop.db.insert(
            "users",
            name=person.name,
            email=person.email.lower(),
            uid=person.email.lower(),
            password_digest=password_digest(person.password) if person.password else None,
            pubsub_token=person.pubsub_token or new_token(),
            created_at=now,
            updated_at=now,
        )
        shop.db.insert(
            "access_tokens",
            owner_type="User",
            owner_id=user_id,
            token=person.token or new_token(),
            created_at=now,
            updated_at=now,
        )
    user = shop.db.get("users", user_id)
    assert user is not None
    return user


def add_member(
    shop: Shop,
    user_id: int,
    role: str,
    availability: str = "online",
    *,
    auto_offline: bool = True,
    inviter_id: int | None = None,
    account_id: int = 1,
) -> None:
    now = shop.now()
    shop.db.insert(
        "account_users",
        account_id=account_id,
        user_id=user_id,
        role=role,
        availability=availability,
        auto_offline=auto_offline,
        inviter_id=inviter_id,
        created_at=now,
        updated_at=now,
    )
    shop.db.insert(
        "notification_settings",
        account_id=account_id,
        user_id=user_id,
        created_at=now,
        updated_at=now,
    )


FIRST_ADMINISTRATOR = Person("Admin", "admin@example.com", "administrator", "Password1!")


def create_shop(
    version: str = "4.10.1",
    path: str | Path = ":memory:",
    clock: Clock | None = None,
    people: Sequence[Person] = (FIRST_ADMINISTRATOR,),
) -> Shop:
    """A shop on a database file (its files lie beside it, in ``storage``), or in memory.

    A new database gets account 1 and ``people`` in order (ids 1, 2, ...); an existing one is
    opened as it is, whatever ``people`` says.
    """
    in_memory = str(path) == ":memory:"
    db = Database(str(path))
    shop = Shop(version, db, clock or Clock(), None if in_memory else Path(path).parent)
    if db.setting("secret") is None:
        _found(shop, people)
    return shop


def open_account(shop: Shop, name: str) -> int:
    """Make a further account; returns its id."""
    now = shop.now()
    return shop.db.insert("accounts", name=name, created_at=now, updated_at=now)


def _found(shop: Shop, people: Sequence[Person]) -> None:
    with shop.db.transaction():
        shop.db.set_setting("secret", secrets.token_hex(32))
        open_account(shop, ACCOUNT_NAME)
        for person in people:
            add_person(shop, person)
