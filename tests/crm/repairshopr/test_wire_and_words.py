"""The small parts of the RepairShopr adapter: addresses, tokens, shapes of answers, marks."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revivatui.crm.errors import InvalidRecord, MoneyError, TokenRefused, WrongAddress
from revivatui.crm.money import Money
from revivatui.crm.opening import open_crm
from revivatui.crm.port import CrmPort
from revivatui.crm.repairshopr import RepairShopr, markers, reading
from revivatui.crm.repairshopr.__main__ import told
from revivatui.crm.repairshopr.address import base_url, is_vendor, product_name
from revivatui.crm.repairshopr.bucket import Bucket
from revivatui.crm.repairshopr.opening import open_vendor, read_status_words
from revivatui.crm.repairshopr.refusals import words
from revivatui.crm.store import Store
from tests.crm.repairshopr.conftest import adapter
from tests.crm.repairshopr.stand_in import TOKEN, StandIn

# --- addresses and opening -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("myshop.repairshopr.com", "https://myshop.repairshopr.com/api/v1"),
        ("https://MyShop.SyncroMSP.com/tickets/5?x=1", "https://myshop.syncromsp.com/api/v1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v1"),
        ("https://localhost", "https://localhost/api/v1"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, base: str) -> None:
    assert base_url(typed) == base


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "myshop",
        "http://myshop.repairshopr.com",
        "https://myshop.repairshopr.com.example.com",
        "https://example.com",
        "https://user:pass@myshop.repairshopr.com",
        "https://a.b.repairshopr.com:99",
        "https://[",
        "ftp://myshop.repairshopr.com",
        TOKEN,
    ],
)
def test_the_token_goes_nowhere_but_to_the_vendor(typed: str) -> None:
    with pytest.raises(WrongAddress) as refused:
        base_url(typed)
    assert "pass" not in str(refused.value).replace("password", "")
    assert TOKEN not in str(refused.value)


def test_both_names_of_the_product_are_said_as_the_shop_says_them() -> None:
    assert product_name(base_url("myshop.syncromsp.com")) == "Syncro"
    assert product_name(base_url("myshop.repairshopr.com")) == "RepairShopr"


async def test_one_way_opens_our_own_store_and_the_vendors(tmp_path: Path) -> None:
    assert is_vendor("https://myshop.repairshopr.com")
    assert not is_vendor("postgresql://desk@localhost/crm")
    assert not is_vendor("crm.sqlite3")
    links = tmp_path / "links.sqlite3"
    own = await open_crm(tmp_path / "crm.sqlite3", {}, links)
    assert isinstance(own, Store)
    await own.close()
    environ = {
        "REVIVATUI_CRM_TOKEN": TOKEN,
        "REVIVATUI_CRM_MAY_SET_STATUS": "yes",
        "REVIVATUI_CRM_STATUS_WORDS": "At the lab = in_repair; Parts here=approved",
    }
    crm = await open_crm("myshop.repairshopr.com", environ, links)
    assert isinstance(crm, RepairShopr)
    assert crm.capabilities.can_set_status
    assert not crm.capabilities.can_send_quotes
    await crm.close()
    with pytest.raises(TokenRefused, match="REVIVATUI_CRM_TOKEN"):
        open_vendor("myshop.repairshopr.com", {}, None)
    with pytest.raises(WrongAddress, match="put it into REVIVATUI_CRM"):
        open_vendor("", environ, None)
    with pytest.raises(WrongAddress, match="is no RepairShopr"):
        open_vendor("example.com", {}, None)
    environ["REVIVATUI_CRM_MAY_SET_STATUS"] = "perhaps"
    with pytest.raises(InvalidRecord, match="either yes or no"):
        open_vendor("myshop.repairshopr.com", environ, None)
    crowded = {"REVIVATUI_CRM_TOKEN": TOKEN, "REVIVATUI_CRM_PER_MINUTE": "180"}
    with pytest.raises(InvalidRecord, match="from 1 to 150"):
        open_vendor("myshop.repairshopr.com", crowded, None)
    with pytest.raises(InvalidRecord, match="At the lab = in_repair"):
        read_status_words("At the lab")


async def test_the_check_says_who_and_what_is_allowed(crm: RepairShopr, vendor: StandIn) -> None:
    vendor.data.statuses.append("At the lab")
    ok, lines = await told(crm)
    assert ok
    assert lines[0].startswith("RepairShopr answers as Bench One.")
    assert lines[1] == "Changing states is off; e-mailing quotes is off."
    assert "  New: Checked in" in lines
    assert "  At the lab: unknown, shown as it is" in lines
    assert vendor.writes() == []


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "Customer required field"}, "Customer required field"),
        (
            {"errors": "Name can't be blank, Description can't be blank", "params": {}},
            "Name can't be blank, Description can't be blank",
        ),
        (
            {"customer_id": ["can't be blank"], "date": ["can't be blank"]},
            "customer id can't be blank; date can't be blank",
        ),
        (
            {"success": False, "message": ["Body can't be blank", "Subject can't be blank"]},
            "Body can't be blank, Subject can't be blank",
        ),
        ({"errors": {"mute_for": ["is not valid"]}}, "mute_for is not valid"),
        ({"success": False, "params": {"email": "x"}}, ""),
        (["x"], ""),
        (None, ""),
    ],
)
def test_what_the_vendor_says_is_read_in_each_of_its_shapes(body: Any, said: str) -> None:
    assert words(body) == said


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


@settings(deadline=None)
@given(ANSWERS)
def test_no_shape_of_a_refusal_is_an_error(body: Any) -> None:
    assert "\x1b" not in words(body)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2019-11-04T08:59:31.034Z", datetime(2019, 11, 4, 8, 59, 31, 34000, UTC)),
        ("2019-11-04T08:59:31-08:00", datetime(2019, 11, 4, 16, 59, 31, tzinfo=UTC)),
        ("2019-11-04 08:59:31 UTC", datetime(2019, 11, 4, 8, 59, 31, tzinfo=UTC)),
        ("2019-11-04T08:59:31", datetime(2019, 11, 4, 8, 59, 31, tzinfo=UTC)),
        ("2019-11-04", datetime(2019, 11, 4, tzinfo=UTC)),
        (1572857971, datetime(2019, 11, 4, 8, 59, 31, tzinfo=UTC)),
        (1572857971034, datetime(2019, 11, 4, 8, 59, 31, 34000, UTC)),
        ("", None),
        (None, None),
        ("yesterday", None),
        (10**30, None),
        (True, None),
    ],
)
def test_moments_are_read_in_each_of_their_forms(value: object, read: datetime | None) -> None:
    assert reading.moment({"at": value}, "at") == read


@pytest.mark.parametrize(
    ("row", "price"),
    [
        ({"price": "64.99"}, "64.99"),
        ({"price_retail": Decimal("0.1")}, "0.10"),
        ({"price_retail": 15, "retail_cents": 1500}, "15"),
        ({"retail_cents": 1999}, "19.99"),
        ({"price_retail": 0}, "0"),
        ({}, "0"),
    ],
)
def test_amounts_are_exact_in_each_of_their_forms(row: dict[str, Any], price: str) -> None:
    assert reading.price(row, "EUR") == Money.parse(price, "EUR")


def test_an_amount_that_is_none_is_refused_not_guessed() -> None:
    wrongs: tuple[object, ...] = ("1,234.50", "$5", True, 9.99, [])
    for wrong in wrongs:
        with pytest.raises(MoneyError):
            reading.amount({"total": wrong}, "total", "EUR")


# --- marks ---------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(1, 10**12), st.text(max_size=100))
def test_a_mark_is_read_back_whatever_the_author_is_called(number: int, author: str) -> None:
    mark = markers.message_mark(number)
    read = markers.read_subject(reading.line({"s": markers.subject(mark, "contact", author)}, "s"))
    assert read is not None
    assert (read.message_id, read.author_kind) == (number, "contact")
    assert not read.is_edit
    assert not read.is_deletion


def test_marks_of_tickets_and_messages_are_told_apart() -> None:
    assert markers.read_subject("[cw:chat/7] Description") is None
    assert markers.conversation_mark({"chatwoot_conversation_id": 7}) == "[cw:chat/7]"
    assert markers.conversation_in("[cw:desk.example.com/1/7]") == "7"
    assert markers.conversation_in("[cw:ticket-1a2b]") == ""
    assert markers.read_first_subject("[cw:note-1a2b] Note") == ""
    assert markers.conversation_mark({}) == ""


# --- pace ----------------------------------------------------------------------------------------


async def test_no_minute_sees_more_requests_than_the_vendor_allows() -> None:
    now = [0.0]
    left: list[float] = []

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    bucket = Bucket(150, clock=lambda: now[0], sleep=sleep)
    for _ in range(1000):
        await bucket.take()
        left.append(now[0])
    most = max(sum(start <= one < start + 60 for one in left) for start in left)
    assert most <= 180
    assert left[-1] == pytest.approx((1000 - 30) / 2.5, rel=0.02)
    bucket.empty()
    await bucket.take()
    assert now[0] > left[-1]


# --- the port ------------------------------------------------------------------------------------


def test_the_adapter_answers_to_the_port() -> None:
    def as_port(crm: RepairShopr) -> CrmPort:
        return crm

    promised = {name for name in vars(CrmPort) if not name.startswith("_")}
    assert {name for name in promised if not hasattr(RepairShopr, name)} == set()
    assert callable(as_port)


def test_telling_an_address_apart_costs_no_client_and_no_database() -> None:
    script = "import sys, revivatui.crm.opening; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    heavy = {"httpx", "sqlalchemy", "sqlite3", "revivatui.crm.repairshopr.adapter"}
    assert set(done.stdout.split()) & heavy == set()


async def test_a_list_that_is_cut_short_is_said_to_be(vendor: StandIn) -> None:
    crm = adapter(vendor)
    row = vendor.data.make_customer({"firstname": "Many"})
    for _ in range(2100):
        vendor.data.make_estimate({"customer_id": row["id"], "date": "2026-11-05"})
    context = await crm.get_context(str(row["id"]))
    assert context.total_repairs == 0
    health = await crm.health()
    assert health.ok
    assert "Too long to be read whole: estimates." in health.words
    await crm.close()
