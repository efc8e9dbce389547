"""One fixed day at a shop's desk, told as events: for snapshots, which must never change by
themselves. Everybody in it is made up (Faker, fixed seed)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faker import Faker
from textual.pilot import Pilot
from textual.screen import Screen

from revivatui import config
from revivatui.app import DeskApp
from revivatui.paths import Paths
from revivatui.state import events
from revivatui.state.models import (
    ACTIVITY,
    INCOMING,
    OUTGOING,
    Account,
    Agent,
    Attachment,
    CannedResponse,
    Change,
    Contact,
    Conversation,
    Counts,
    Inbox,
    Label,
    ListView,
    Message,
    SendEntry,
    Sender,
    Team,
)
from tests.support.desks import PATIENCE

NOW = datetime(2026, 11, 25, 14, 5, tzinfo=UTC).timestamp()
MINUTE = 60.0
HOUR = 3600.0
OPENED = 1042
SAID = (
    "Olá, o meu telemóvel caiu na água. Conseguem ajudar?",
    "My laptop won't turn on since yesterday. It is **urgent**, I need the files.",
    "屏幕坏了 can you fix it today?",
    "Thanks, see you tomorrow!",
    "Is the quote still valid? I had 184 EUR in mind.",
    "[bold]not markup[/bold] and a very long line that has to be cut somewhere near the end of it",
    "The keyboard types two letters for one.",
    "مرحبا، هل الجهاز جاهز؟",
    "Any news about the board?",
    "Good morning. What does a new battery cost?",
    "Can I pick it up on Saturday?",
    "It works again, thank you!",
)


class Scene:
    """The people and the conversations."""

    def __init__(self) -> None:
        faker = Faker(["en_GB", "pt_PT"])
        faker.seed_instance(1042)
        self.me = Agent(1, "Ben Counter", "ben@shop.example", "agent", "online")
        self.cleo = Agent(2, "Cleo Bench", "cleo@shop.example", "agent", "busy")
        self.names = ["Ana Sousa", *(faker.name() for _ in SAID[1:])]

    def all(self) -> Iterable[events.Event]:
        """From signing in to a list on screen."""
        yield events.SignedIn(Account(1, "Reviva Repairs"), self.me, "4.10.1")
        yield events.AgentsLoaded((self.me, self.cleo, Agent(3, "Dara Desk", "dara@shop.example")))
        yield events.InboxesLoaded(
            (
                Inbox(1, "Website", "Channel::WebWidget", csat_enabled=True),
                Inbox(2, "Phone app", "Channel::Api"),
            )
        )
        yield events.TeamsLoaded((Team(1, "data recovery", "disks and boards"),))
        yield events.LabelsLoaded(
            tuple(
                Label(n, title, words)
                for n, (title, words) in enumerate(
                    (
                        ("battery", "battery worn or swollen"),
                        ("data-recovery", "the files matter most"),
                        ("liquid", "met water"),
                        ("vip", "calls the owner by name"),
                    ),
                    1,
                )
            )
        )
        yield events.CannedLoaded(
            (
                CannedResponse(1, "bye", "Thank you, {{contact.first_name}}!"),
                CannedResponse(2, "diagnosis", "The diagnosis is free, {{contact.name}}."),
                CannedResponse(3, "hours", "We are open from 9 to 18."),
            )
        )
        yield events.LinkChanged("catching_up", NOW)
        rows = tuple(self.conversation(n) for n in range(len(SAID)))
        contacts = tuple(self.contact(n) for n in range(len(SAID)))
        counts = Counts(mine=len(SAID), unassigned=3, all=24)
        yield events.ConversationsLoaded(ListView(), 1, rows, contacts, counts, True, 0, NOW)
        yield events.PresenceSeen({1: "online", 2: "busy"}, {100: "online"}, NOW)
        yield events.LinkChanged("live", NOW)

    def contact(self, n: int) -> Contact:
        return Contact(
            100 + n,
            self.names[n],
            email=f"customer{n}@example.org",
            phone_number="+44 20 7946 0958" if n == 0 else "",
            custom_attributes={"customer_type": "private", "total_repairs": 4} if n == 0 else {},
            additional_attributes={"city": "Porto"} if n == 0 else {},
            created_at=NOW - 900 * HOUR,
        )

    def conversation(self, n: int) -> Conversation:
        at = NOW - (14 * MINUTE) * (n + 1) * (1 + n / 3)
        number = OPENED - n
        preview = self.message(9000 - n, number, SAID[n], at, name=n)
        return Conversation(
            number,
            1 + n % 2,
            "open",
            100 + n,
            at - 5 * HOUR,
            at,
            assignee_id=1,
            priority={0: "urgent", 3: "high"}.get(n),
            labels={0: ("data-recovery", "liquid"), 4: ("battery",), 6: ("vip",)}.get(n, ()),
            unread_count={0: 2, 1: 1, 4: 10}.get(n, 0),
            waiting_since=at if n in (0, 1, 4, 7) else None,
            agent_last_seen_at=NOW - 20 * MINUTE,
            custom_attributes={"device": "iPhone 13 Pro", "ticket": "R-3318"} if n == 0 else {},
            updated_at=at,
            preview=preview,
        )

    def message(
        self, id_: int, conversation: int, text: str, at: float, name: int = 0, **more: Any
    ) -> Message:
        fields: dict[str, Any] = {
            "message_type": INCOMING,
            "sender": Sender("contact", 100 + name, self.names[name]),
            **more,
        }
        return Message(id_, conversation, 1, content=text, created_at=at, updated_at=at, **fields)

    def thread(self) -> Iterable[events.Event]:
        """The first conversation, opened: every kind of message."""
        ours: dict[str, Any] = {"message_type": OUTGOING, "sender": Sender("user", 1, self.me.name)}
        day = NOW - 26 * HOUR
        say = self.message
        messages = (
            say(10, OPENED, SAID[0], day),
            say(11, OPENED, "Assigned to Ben Counter by Ben Counter", day + MINUTE,
                message_type=ACTIVITY, sender=None),
            say(12, OPENED, "Olá Ana! Desligue-o **já** e não o carregue. Quando caiu?",
                day + 2 * MINUTE, status="read", **ours),
            say(13, OPENED, "@Cleo can you look at the board today?", day + 4 * MINUTE,
                private=True, **ours),
            say(14, OPENED, "", day + 9 * MINUTE, attachments=(
                Attachment(1, "image", "phone.png", "https://files.example.com/phone.png",
                           file_size=2048, width=64, height=48),)),
            say(15, OPENED, "This message was deleted", NOW - 3 * HOUR,
                content_attributes={"deleted": True}, **ours),
            say(16, OPENED, "mais uma pergunta: os dados estão seguros?", NOW - 15 * MINUTE,
                content_attributes={"in_reply_to": 12}),
            say(9000, OPENED, "- fotografias\n- contactos\n\n`IMG_0042` é a mais importante",
                NOW - 14 * MINUTE),
        )  # fmt: skip
        yield events.ConversationOpened(OPENED)
        yield events.MessagesLoaded(OPENED, messages, "newest", True, 10_000, NOW)
        yield events.TypingChanged(OPENED, "contact", 100, self.names[0], False, True, NOW)

    def failed_send(self) -> events.Event:
        entry = SendEntry(
            "rtui-1", OPENED, 1, "A recuperação começa por um diagnóstico gratuito.", False,
            NOW - MINUTE, "failed", "The server did not answer. It was not sent.",
        )  # fmt: skip
        return events.SendChanged(entry)

    def held_reply(self) -> events.Event:
        """A reply that the customer's last message overtook."""
        entry = SendEntry(
            "rtui-2", OPENED, 1, "Os dados estão seguros: o disco está cifrado.", False,
            NOW - MINUTE, "held", "Ana Sousa wrote meanwhile.", seen_id=15,
        )  # fmt: skip
        return events.SendChanged(entry)

    def colleague_writes(self) -> events.Event:
        return events.TypingChanged(OPENED, "user", 2, self.cleo.name, False, True, NOW)

    def held_change(self) -> events.Event:
        change = Change(
            "c1", OPENED, "status", {"status": "open"}, {"status": "resolved"}, "waiting", NOW + 5
        )
        return events.ChangeMoved(change)


class SceneApp(DeskApp):
    """The desk with a fixed day in it, and no server."""

    def __init__(
        self,
        folder: Path,
        theme: str,
        *told: events.Event,
        opened: bool = False,
        crm_url: str = "",
        alerts: bool = False,
        copilot: bool = False,
    ) -> None:
        settings = config.Settings(
            theme=theme, crm_url=crm_url, alerts_on=alerts, copilot_on=copilot
        )
        settings = config.with_profile(settings, "https://desk.example.com", 1)
        super().__init__(
            settings,
            Paths.under(folder),
            lambda: (None, ""),
            keep_cache=False,
            clock=lambda: NOW,
            tz=UTC,
        )
        self.is_whole = asyncio.Event()
        """Everything of the inbox is mounted behind the first frame."""
        self._scene = Scene()
        self._told = (*self._scene.all(), *(self._scene.thread() if opened else ()), *told)

    def get_default_screen(self) -> Screen[Any]:
        screen = super().get_default_screen()
        assert self.session is not None
        for event in self._told:
            self.session.store.dispatch(event)
        self.session.store.flush()
        return screen

    @asynccontextmanager
    async def run_test(self, **options: Any) -> AsyncIterator[Pilot[Any]]:
        """As every app runs in tests, from the moment on in which the inbox is whole."""
        async with super().run_test(**options) as pilot:
            async with asyncio.timeout(PATIENCE):
                await self.is_whole.wait()
            await pilot.pause()
            yield pilot

    def _inbox_complete(self) -> None:
        super()._inbox_complete()
        self.is_whole.set()

    def _start_engine_soon(self) -> None:
        """No engine comes: the day stands still."""
