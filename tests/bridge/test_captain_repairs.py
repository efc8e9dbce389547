"""What captain tells of a repair, and to whom: names in a chat are only said."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui.bridge import captain_store, known
from revivatui.bridge.captain_identity import Shown, fits, shown_in
from revivatui.bridge.captain_tables import TRIES
from revivatui.bridge.known import KnownContact
from tests.bridge.captains import running_captain
from tests.bridge.test_captain import says
from tests.crm.build import make_house, take_in
from tests.support.shops import Stage

RIGHT = "0001"
"""How the phone number of the house's customer ends."""


@pytest.fixture
def version() -> str:
    return "4.10.1"


def test_number_and_digits_are_found_in_what_people_write() -> None:
    assert shown_in("it is R-2041 and my phone ends in 0142") == Shown("R-2041", "0142")
    assert shown_in("r2041, +351 21 555 0142") == Shown("R-2041", "0142")
    assert shown_in("0142") == Shown("", "0142")
    assert shown_in("R-2041") == Shown("R-2041", "")
    assert shown_in("my iPhone 13") == Shown()


def test_a_phone_number_is_known_by_its_end() -> None:
    assert fits("+351 21 555 0142", "0142")
    assert not fits("+351 21 555 0142", "0143")
    assert not fits("", "")
    assert not fits("0142", "0142")
    assert not fits("+351 21 555 0142", "142")


async def test_nothing_is_told_of_a_repair_before_number_and_phone_are_right(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        chat = there.new_chat()
        [asked] = await says(there, chat, "Hi, is my repair ready?")
        assert "its number" in asked
        [again] = await says(there, chat, f"{repair.number} and 9999")
        assert "does not match" in again
        assert "iPhone" not in again
        [told] = await says(there, chat, f"sorry, {repair.number} and {RIGHT}")
        assert repair.number in told
        assert "iPhone 13" in told
        [more] = await says(there, chat, "when will it be ready?")
        assert "its number" not in more


async def test_who_cannot_show_it_goes_to_people(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        chat = there.new_chat()
        told = await says(there, chat, "is my repair ready?")
        told += await says(there, chat, f"{repair.number} 1111")
        told += await says(there, chat, f"{repair.number} 2222")
        assert chat.status == "open"
        assert "could not be shown" in chat.notes()[0]
        assert all("iPhone" not in one for one in told)


async def test_who_tries_often_may_try_no_more(stage: Stage, tmp_path: Path) -> None:
    """Over all conversations of a contact."""
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        first = there.new_chat()
        contact_id = int(first.row["contact_id"])
        for number in range(captain_store.MOST_TRIES):
            chat = there.new_chat(contact_id=contact_id)
            await says(there, chat, f"is my repair ready? {repair.number} {number}{number}11")
        chat = there.new_chat(contact_id=contact_id)
        told = await says(there, chat, f"is my repair ready? {repair.number} {RIGHT}")
        assert all("iPhone" not in one for one in told)
        assert chat.status == "open"
        assert "Too many tries" in chat.notes()[0]
        by_contact = await there.count(TRIES, who=f"contact:{contact_id}")
        assert by_contact == captain_store.MOST_TRIES


async def test_nobody_finds_the_phone_number_of_a_repair_by_trying(
    stage: Stage, tmp_path: Path
) -> None:
    """Each time as somebody else."""
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        for number in range(captain_store.MOST_TRIES):
            chat = there.new_chat()
            await says(there, chat, f"is my repair ready? {repair.number} {number}{number}11")
        chat = there.new_chat()
        told = await says(there, chat, f"is my repair ready? {repair.number} {RIGHT}")
        assert all("iPhone" not in one for one in told)
        assert chat.status == "open"


async def test_whom_the_website_vouches_for_is_told_at_once(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        chat = there.new_chat(verified=True)
        async with there.store.unit_of_work() as work:
            contact = KnownContact(int(chat.row["contact_id"]), house.customer.id)
            await known.keep_contact(work, there.bridge.place, contact)
        [told] = await says(there, chat, "is my repair ready?")
        assert repair.number in told


async def test_a_contact_who_only_says_so_is_not_vouched_for(stage: Stage, tmp_path: Path) -> None:
    """Though the CRM knows the contact by the e-mail address that they typed."""
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        await take_in(there.store, house)
        chat = there.new_chat()
        async with there.store.unit_of_work() as work:
            contact = KnownContact(int(chat.row["contact_id"]), house.customer.id)
            await known.keep_contact(work, there.bridge.place, contact)
        [told] = await says(there, chat, "is my repair ready?")
        assert "its number" in told


async def test_who_knows_one_repair_hears_of_no_other(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        one = await take_in(there.store, house)
        other = await take_in(there.store, house)
        chat = there.new_chat()
        [told] = await says(there, chat, f"any news of {one.number}? my phone ends in {RIGHT}")
        assert one.number in told
        assert other.number not in told
        more = await says(there, chat, f"and what about {other.number}?")
        assert all(other.number not in each for each in more)


async def test_a_decision_on_a_quote_is_for_a_person(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        house = await make_house(there.store)
        repair = await take_in(there.store, house)
        chat = there.new_chat()
        await says(there, chat, f"status of {repair.number}? phone {RIGHT}")
        await says(there, chat, "go ahead, I approve the quote")
        assert chat.status == "open"
        assert "only a person can write down" in chat.notes()[0]
