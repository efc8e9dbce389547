"""A desk on the embedded shop with a real CRM beside it, in a SQLite file of the test's own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from revivatui import config
from revivatui.crm.chat_keys import Chat, installation_of
from revivatui.crm.demo_catalogue import services
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device, Location, Technician
from revivatui.crm.records_repairs import Appointment, Quote, Repair
from revivatui.crm.store import Store
from revivatui.crm.wishes import (
    AppointmentWish,
    CustomerWish,
    Intake,
    LineWish,
    Move,
    QuoteWish,
    TicketWish,
)
from revivatui.crm.workflow import RepairStatus
from revivatui.paths import Paths
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on

SIZES = ((80, 24), (200, 50))
WITH_CRM = config.Settings(crm_url="crm.sqlite3")
_FURNISHED: list[Path] = []
_ON_THE_WAY: dict[str, tuple[RepairStatus, ...]] = {
    "received": (),
    "diagnosing": ("diagnosing",),
    "in_repair": ("diagnosing", "in_repair"),
    "awaiting_parts": ("diagnosing", "in_repair", "awaiting_parts"),
    "testing": ("diagnosing", "in_repair", "testing"),
    "ready": ("diagnosing", "in_repair", "testing", "ready"),
    "completed": ("diagnosing", "in_repair", "testing", "ready", "completed"),
}


@dataclass
class Bench:
    """The CRM as the tests write and ask it."""

    store: Store
    shop: Location
    technician: Technician
    stage: Stage
    conversation: Any
    """The conversation whose customer is in the CRM: the one that the list shows first."""
    customer: Customer

    @property
    def number(self) -> int:
        return int(self.conversation["display_id"])

    @property
    def chat(self) -> Chat:
        return Chat(installation_of(self.stage.url), 1)

    async def device(self, model: str = "iPhone 13", **more: Any) -> Device:
        now = datetime.now(UTC)
        return await self.store.save_device(
            Device("", self.customer.id, "Apple", model, now, now, category="phone", **more)
        )

    async def repair(
        self,
        status: str = "received",
        *,
        model: str = "iPhone 13",
        serial: str = "",
        **more: Any,
    ) -> Repair:
        """A repair of the customer, in a state."""
        device = await self.device(model, serial=serial)
        wish: dict[str, Any] = {
            "fault": "Screen is cracked",
            "technician_id": self.technician.id,
            "promised_at": datetime.now(UTC) + timedelta(days=2),
            **more,
        }
        made = await self.store.create_repair(
            Intake(self.customer.id, device.id, self.shop.id, "screen_phone", "Counter", **wish)
        )
        for to in _ON_THE_WAY[status]:
            made = await self.store.move_repair(Move(made.id, to, made.version, "Bench"))
        return made

    async def quote(self, repair: Repair, *prices: str) -> Quote:
        lines = [
            LineWish("part", f"Part {n}", Money.parse(price, "EUR"), warranty_months=12)
            for n, price in enumerate(prices or ("89.90",), 1)
        ]
        return await self.store.create_quote(QuoteWish(repair.id, "EUR", tuple(lines), "Bench"))

    async def collected(self) -> Repair:
        """A repair that is over and under warranty."""
        made = await self.repair("diagnosing", model="iPhone 11")
        quote = await self.quote(made, "50")
        quote = await self.store.send_quote(quote.id, version=quote.version, actor="Bench")
        await self.store.decide_quote(quote.id, approved=True, version=quote.version, actor="B")
        made = await self.read(made)
        for to in ("in_repair", "testing", "ready", "completed"):
            made = await self.store.move_repair(Move(made.id, to, made.version, "Bench"))
        return made

    async def visit(self) -> Appointment:
        starts = datetime.now(UTC) + timedelta(days=1)
        wish = AppointmentWish(
            self.customer.id, "drop_off", starts, starts + timedelta(minutes=30), "confirmed"
        )
        return await self.store.book_appointment(wish)

    async def ticket(self, title: str) -> Any:
        return await self.store.create_ticket(
            TicketWish(self.customer.id, title, source="chatwoot")
        )

    async def read(self, repair: Repair) -> Repair:
        return (await self.store.get_repair(repair.id)).row.repair


@asynccontextmanager
async def bench_of(stage: Stage, folder: Path, **customer: Any) -> AsyncIterator[Bench]:
    """A CRM that knows the customer of the conversation that the desk's list shows first."""
    row = first_conversation(stage)
    contact = stage.shop.db.get("contacts", row["contact_id"])
    assert contact is not None
    email = contact["email"] or "known@example.org"
    stage.shop.db.update("contacts", contact["id"], email=email)
    paths = Paths.under(folder)
    paths.make()
    store = await Store.open(shutil.copy(await _furnished(), paths.data / "crm.sqlite3"))
    try:
        (shop,), (technician,) = await store.locations(), await store.technicians()
        wish = {"name": contact["name"], "email": email, **customer}
        made = await store.upsert_customer(CustomerWish(**wish))
        yield Bench(store, shop, technician, stage, row, made)
    finally:
        await store.close()


async def _furnished() -> Path:
    """A CRM with a shop, a technician and the catalogue: made once a process, to be copied."""
    if not _FURNISHED:
        folder = tempfile.mkdtemp(prefix="crm-furnished-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        file = Path(folder) / "crm.sqlite3"
        store = await Store.open(file)
        try:
            shop = await store.save_location(Location("", "Centre", timezone="Europe/Lisbon"))
            await store.save_technician(Technician("", "Bench One", location_id=shop.id))
            for item in services():
                await store.save_service(item)
        finally:
            await store.close()
        _FURNISHED.append(file)
    return _FURNISHED[0]


def first_conversation(stage: Stage) -> Any:
    """The agent's open conversation with the newest activity."""
    row = stage.shop.db.one(
        "SELECT * FROM conversations WHERE status = 'open' AND assignee_id = ?"
        " ORDER BY last_activity_at DESC, id DESC",
        (stage.agent["id"],),
    )
    assert row is not None
    return row


@asynccontextmanager
async def desk_with(
    bench: Bench, folder: Path, size: tuple[int, int], **options: Any
) -> AsyncIterator[OnScreen]:
    """The desk on the bench's shop, its customer's conversation open."""
    async with desk_on(bench.stage, folder, size, settings=WITH_CRM, **options) as desk:
        desk.inbox.commands.open(bench.number)
        await desk.until(lambda: desk.inbox.open_id == bench.number)
        await crm_answered(desk)
        yield desk


async def crm_answered(desk: OnScreen) -> None:
    """What the CRM knows of the open conversation is here."""

    def answered() -> bool:
        open_id = desk.inbox.open_id
        picture = desk.crm.picture(open_id or 0)
        loading = desk.crm._loading
        at_rest = loading is None or loading.done()
        return at_rest and (picture.phase != "waiting" or bool(picture.trouble))

    await desk.until(answered, "an answer of the CRM")


async def to_repair(desk: OnScreen, keys: Sequence[str] = ("ctrl+r",)) -> None:
    await desk.press(*keys)
    await desk.until(lambda: desk.inbox.place == "repair", "the repair pane")
