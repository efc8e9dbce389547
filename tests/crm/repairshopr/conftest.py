"""A vendor with a shop's account for each test, and the adapter that speaks with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from revivatui.crm.records import Customer, Device
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.wishes import CustomerWish, Intake
from tests.crm.build import START
from tests.crm.repairshopr.stand_in import TOKEN, StandIn
from tests.support.desks import PATIENCE

GIVES_UP = 1.5
"""Seconds without an answer where that is what is tested; well under what the vendor is late by."""


async def no_sleep(_: float) -> None:
    """Tests do not wait for pauses."""


@pytest.fixture
async def vendor() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
def read_timeout() -> float:
    """Seconds after which the adapter gives a request up: no test waits for it but where one does
    on purpose."""
    return PATIENCE


@pytest.fixture
async def crm(vendor: StandIn, tmp_path: Path, read_timeout: float) -> AsyncIterator[RepairShopr]:
    """As a shop gets it: everything that could reach a customer is off."""
    opened = adapter(vendor, links=tmp_path / "links.sqlite3", read_timeout=read_timeout)
    yield opened
    await opened.close()


@pytest.fixture
async def allowed(
    vendor: StandIn, tmp_path: Path, read_timeout: float
) -> AsyncIterator[RepairShopr]:
    """With everything switched on."""
    opened = adapter(
        vendor,
        links=tmp_path / "links.sqlite3",
        read_timeout=read_timeout,
        may_set_status=True,
        may_write_to_customers=True,
    )
    yield opened
    await opened.close()


def adapter(vendor: StandIn, token: str = TOKEN, **more: Any) -> RepairShopr:
    given: dict[str, Any] = {
        "read_timeout": PATIENCE,
        "look_pauses": (0.0, 0.0),
        "shelf_seconds": 0.0,
        "sleep": no_sleep,
        "per_minute": 100_000,
    }
    return RepairShopr(vendor.url, token, **given | more)


async def make_customer(crm: RepairShopr, number: int = 1) -> Customer:
    return await crm.upsert_customer(
        CustomerWish(
            name=f"Customer Number {number}",
            email=f"customer.{number}@example.com",
            phone=f"+44 7700 900{number:03d}",
        )
    )


def phone_of(customer: Customer, serial: str = "F2LXK0AAJG5H") -> Device:
    return Device(
        "", customer.id, "Apple", "iPhone 13", START, START, category="phone", serial=serial
    )


def intake_of(device: Device, **more: Any) -> Intake:
    given: dict[str, Any] = {
        "customer_id": device.customer_id,
        "device_id": device.id,
        "location_id": "",
        "type": "screen_phone",
        "actor": "counter",
        "fault": "Screen is cracked",
    }
    return Intake(**given | more)
