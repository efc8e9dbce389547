"""The desk on a vendor's CRM over a real socket: found customers, and each trouble in one line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring
import pytest

from revivatui import config, credentials
from revivatui.crm.repairshopr.address import base_url
from revivatui.crm.wishes import CustomerWish
from revivatui.crm_access import KEPT_AS, TOKEN, VENDOR_LOOKS, desk_access, place_of
from revivatui.paths import Paths
from tests.crm.repairshopr.conftest import adapter, phone_of
from tests.crm.repairshopr.stand_in import TOKEN as GOOD_TOKEN
from tests.crm.repairshopr.stand_in import StandIn
from tests.support.shops import Stage
from tests.ui.crm_help import crm_answered, first_conversation
from tests.ui.desk_help import OnScreen, desk_on

WIDE = (200, 50)


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What a vendor's CRM answers does not depend on the chat's version."""
    return str(request.param)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_given: str) -> str:
        raise keyring.errors.NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, none)
    monkeypatch.delenv(TOKEN, raising=False)


@pytest.fixture
async def vendor() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


def keep(token: str, vendor: StandIn, folder: Path) -> None:
    """As `revivatui login --crm` keeps it."""
    file = Paths.under(folder).credentials_file
    credentials.save_secret(KEPT_AS, base_url(vendor.url), token, file)


@asynccontextmanager
async def desk_at(stage: Stage, url: str, folder: Path) -> AsyncIterator[OnScreen]:
    """The desk with the conversation open whose customer the vendor may know."""
    settings = config.Settings(crm_url=url)
    async with desk_on(stage, folder, WIDE, settings=settings) as desk:
        number = int(first_conversation(stage)["display_id"])
        desk.inbox.commands.open(number)
        await desk.until(lambda: desk.inbox.open_id == number)
        await crm_answered(desk)
        yield desk


async def known_customer(stage: Stage, vendor: StandIn) -> None:
    """The vendor knows who writes in the first conversation, and their device."""
    contact = stage.shop.db.get("contacts", first_conversation(stage)["contact_id"])
    assert contact is not None
    email = contact["email"] or "known@example.org"
    stage.shop.db.update("contacts", contact["id"], email=email)
    crm = adapter(vendor)
    try:
        customer = await crm.upsert_customer(CustomerWish(name="Vera Vendor", email=email))
        await crm.save_device(phone_of(customer))
    finally:
        await crm.close()


async def test_the_address_in_the_settings_and_a_kept_token_show_the_vendors_customer(
    stage: Stage, vendor: StandIn, tmp_path: Path
) -> None:
    await known_customer(stage, vendor)
    keep(GOOD_TOKEN, vendor, tmp_path)
    async with desk_at(stage, vendor.url, tmp_path) as desk:
        await desk.sees("Vera Vendor")
    assert vendor.tokens_in_urls == []
    (holding,) = files_with(GOOD_TOKEN, tmp_path)
    assert holding.name == "credentials.json"
    assert holding.stat().st_mode & 0o777 == 0o600


def files_with(text: str, folder: Path) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if text.encode() in file.read_bytes()]


async def test_the_token_of_the_environment_goes_over_the_kept_one(
    stage: Stage, vendor: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known_customer(stage, vendor)
    keep("an-old-token", vendor, tmp_path)
    monkeypatch.setenv(TOKEN, GOOD_TOKEN)
    async with desk_at(stage, vendor.url, tmp_path) as desk:
        await desk.sees("Vera Vendor")


async def test_a_missing_token_is_a_plain_line_that_says_how_to_give_one(
    stage: Stage, vendor: StandIn, tmp_path: Path
) -> None:
    async with desk_at(stage, vendor.url, tmp_path) as desk:
        await desk.sees("revivatui login --crm")
        assert "is missing" in " ".join(desk.text().split())
    assert vendor.asked == []


async def test_a_wrong_token_is_a_plain_line_and_a_better_one_is_taken_without_a_restart(
    stage: Stage, vendor: StandIn, tmp_path: Path
) -> None:
    await known_customer(stage, vendor)
    keep("a-token-that-was-revoked", vendor, tmp_path)
    async with desk_at(stage, vendor.url, tmp_path) as desk:
        await desk.sees("does not accept the")
        assert "a-token-that-was-revoked" not in desk.text()
        keep(GOOD_TOKEN, vendor, tmp_path)
        await desk.press("f5")
        await desk.sees("Vera Vendor")
        await desk.sees_no("does not accept the")


async def test_a_vendor_that_is_not_there_is_a_plain_line_and_the_chat_goes_on(
    stage: Stage, tmp_path: Path
) -> None:
    async with StandIn() as gone:
        keep(GOOD_TOKEN, gone, tmp_path)
    async with desk_at(stage, gone.url, tmp_path) as desk:
        open_id = desk.inbox.open_id
        assert open_id is not None
        trouble = desk.crm.picture(open_id).trouble
        assert trouble.endswith(".")
        assert GOOD_TOKEN not in trouble
        await desk.sees(trouble[:20])
        assert desk.state.link.state == "live"


async def test_a_web_address_of_somebody_else_is_refused_before_any_token_is_sent(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_at(stage, "https://crm.example.org", tmp_path) as desk:
        await desk.sees("is no RepairShopr")


async def test_what_changed_at_the_vendor_is_asked_for_from_now_on_and_seldom(
    stage: Stage, vendor: StandIn, tmp_path: Path
) -> None:
    await known_customer(stage, vendor)
    keep(GOOD_TOKEN, vendor, tmp_path)
    async with desk_at(stage, vendor.url, tmp_path) as desk:
        await desk.until(lambda: any(one.path == "/me" for one in vendor.asked), "a look")
        old = [one for one in vendor.asked
               if one.path == "/tickets" and "since_updated_at" not in one.query
               and "customer_id" not in one.query]  # fmt: skip
        assert old == []
        assert desk.crm._look_again == VENDOR_LOOKS


def test_a_vendors_host_without_a_scheme_is_no_file(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    for typed in ("myshop.syncromsp.com", "MyShop.RepairShopr.COM"):
        assert place_of(config.Settings(crm_url=typed), paths) == typed
    named = config.Settings(crm_url="my.sqlite3")
    assert place_of(named, paths) == paths.data / "my.sqlite3"


async def test_our_own_store_takes_the_desks_clock(tmp_path: Path) -> None:
    settings = config.with_profile(config.Settings(), "https://chat.example.org", 1)
    paths = Paths.under(tmp_path)
    paths.make()
    access = desk_access(settings, paths, lambda: 1_000_000_000.0, lambda error: None)
    try:
        port = await access.port()
        made = await port.upsert_customer(CustomerWish(name="One", email="one@example.org"))
        assert made.created_at.timestamp() == 1_000_000_000.0
    finally:
        await access.close()
