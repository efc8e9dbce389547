"""What the recordings do not show of the lists but the contract says (2.2, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from revivatui.shop.db import Database
from revivatui.shop.lists import (
    Asker,
    active_contacts,
    conversation_counts,
    list_contacts,
    list_conversations,
    matching_messages,
    search_contacts,
)
from revivatui.shop.search import (
    search_contacts_globally,
    search_conversations,
    search_messages,
)
from tests.shop.raw_shop import asker, open_raw, query


@pytest.fixture
def db() -> Iterator[Database]:
    made, _ = open_raw("4.10.1")
    yield made
    made.close()


ADMIN = asker("4.10.1", 6)
GIL = asker("4.10.1", 7, is_admin=False)


def test_an_agent_sees_only_the_inboxes_of_which_they_are_a_member(db: Database) -> None:
    everything = conversation_counts(db, ADMIN, query(status="all")).all
    db.execute("DELETE FROM inbox_members WHERE user_id = 7 AND inbox_id = 4")
    seen = conversation_counts(db, GIL, query(status="all")).all
    in_five = conversation_counts(db, ADMIN, query(status="all", inbox_id=5)).all
    assert 0 < seen == in_five < everything
    assert list_conversations(db, GIL, query(status="all", inbox_id=4)).ids == []
    db.execute("DELETE FROM inbox_members WHERE user_id = 7")
    assert conversation_counts(db, GIL, query(status="all")).all == 0


def test_mine_is_counted_on_every_tab_and_listed_on_its_own(db: Database) -> None:
    page = list_conversations(db, GIL, query(status="all", assignee_type="me"))
    assignees = {db.value("SELECT assignee_id FROM conversations WHERE id = ?", (page.ids[0],))}
    assert assignees == {7}
    other = list_conversations(db, GIL, query(status="all", assignee_type="unassigned"))
    assert page.counts == other.counts
    assert page.counts.mine == db.value("SELECT count(*) FROM conversations WHERE assignee_id = 7")


def test_participating_ignores_the_inbox_and_mention_does_not(db: Database) -> None:
    first, second = (
        db.value("SELECT min(id) FROM conversations WHERE inbox_id = ?", (inbox,))
        for inbox in (4, 5)
    )
    for conversation_id in (first, second):
        db.insert("conversation_participants", conversation_id=conversation_id, user_id=7)
        db.insert("mentions", conversation_id=conversation_id, user_id=7)
    ask = {"status": "all", "inbox_id": 4}
    taking_part = list_conversations(db, GIL, query(conversation_type="participating", **ask))
    assert set(taking_part.ids) == {first, second}
    mentioned = list_conversations(db, GIL, query(conversation_type="mention", **ask))
    assert mentioned.ids == [first]


def test_updated_within_gives_every_row_at_once_and_counts_all(db: Database) -> None:
    db.execute("UPDATE conversations SET updated_at = ?", (int((ADMIN.now - 30) * 1e6),))
    page = list_conversations(db, ADMIN, query(status="all", updated_within=60))
    assert len(page.ids) == page.counts.all == 320
    assert list_conversations(db, ADMIN, query(status="all", updated_within=20)).ids == []


def test_a_search_is_not_bound_to_the_status_and_finds_letters_in_any_case(db: Database) -> None:
    rows = db.all("SELECT id, conversation_id FROM messages WHERE message_type = 'incoming'")
    target = rows[0]
    db.update("messages", target["id"], content="A ÁGUA entrou")
    db.update("conversations", target["conversation_id"], status="resolved")
    page = list_conversations(db, ADMIN, query(q="água"))
    assert page.ids == [target["conversation_id"]]
    assert matching_messages(db, page.ids, "água") == {page.ids[0]: [target["id"]]}
    assert list_conversations(db, ADMIN, query(q="ág_a")).ids == page.ids
    assert list_conversations(db, ADMIN, query(q="ägua")).ids == []


def test_a_source_id_finds_the_conversations_of_its_place(db: Database) -> None:
    row = db.all("SELECT * FROM contact_inboxes LIMIT 1")[0]
    page = list_conversations(db, ADMIN, query(status="all", source_id=row["source_id"]))
    places = {
        db.value("SELECT contact_inbox_id FROM conversations WHERE id = ?", (one,))
        for one in page.ids
    }
    assert places == {row["id"]}


@pytest.mark.parametrize("page", ["0", "-3", "abc", "1"])
def test_a_page_that_is_no_positive_number_is_the_first(db: Database, page: str) -> None:
    first = list_conversations(db, ADMIN, query(status="all"))
    assert list_conversations(db, ADMIN, query(status="all", page=page)) == first


@pytest.mark.parametrize("status", ["nonsense", ""])
def test_an_unknown_status_lists_nothing(db: Database, status: str) -> None:
    assert list_conversations(db, ADMIN, query(status=status)).counts.all == 0


def test_contacts_without_any_address_are_not_listed_but_can_be_active(db: Database) -> None:
    nobody = db.insert("contacts", account_id=2, name="Nobody")
    assert nobody not in list_contacts(db, ADMIN, query(sort="-created_at", page=22)).ids
    assert list_contacts(db, ADMIN, query()).count == 320
    active = active_contacts(db, ADMIN, query(), [nobody])
    assert active.ids == [nobody]
    assert active.as_meta() == {"count": 1, "current_page": 1}


def test_contacts_sort_by_several_columns_with_unknown_ones_passed_over(db: Database) -> None:
    for row_id, city in ((5025, "Porto"), (5026, "Braga"), (5027, "Porto")):
        db.update("contacts", row_id, additional_attributes={"city": city})
    page = list_contacts(db, ADMIN, query(sort="-city,nonsense,-name"))
    assert page.ids[:3] == [5027, 5025, 5026]


def test_contact_search_looks_at_the_company_and_at_identifiers_by_case(db: Database) -> None:
    db.update("contacts", 5025, additional_attributes={"company_name": "Oficina"})
    db.update("contacts", 5026, identifier="CRM-77")
    assert search_contacts(db, ADMIN, query(q="oficina")).ids == [5025]
    assert search_contacts(db, ADMIN, query(q="CRM-7")).ids == [5026]
    assert search_contacts(db, ADMIN, query(q="crm-7")).ids == []
    assert search_contacts(db, ADMIN, query(q=" ")).count == 0


def test_global_search_limits_by_version_and_by_three_months(db: Database) -> None:
    recent = int((ADMIN.now - 3600) * 1e6)
    db.execute("UPDATE messages SET created_at = ?, content = 'needle' WHERE id % 9 = 0", (recent,))
    db.execute("UPDATE messages SET content = 'needle', created_at = 1 WHERE id % 9 = 1")
    newer = search_messages(db, ADMIN, query(q="NEEDLE"))
    assert len(newer) == 15
    assert all(one % 9 == 0 for one in newer)
    assert not set(newer) & set(search_messages(db, ADMIN, query(q="needle", page=2)))
    assert len(search_messages(db, Asker(2, 6, True, "3.9.0", ADMIN.now), query(q="needle"))) == 10


def test_global_search_finds_conversations_by_number_and_contact(db: Database) -> None:
    by_name = search_conversations(db, ADMIN, query(q="c12@example.com"))
    assert len(by_name) == 1
    number = db.value(
        "SELECT display_id FROM conversations WHERE id = ?", (by_name[0].conversation_id,)
    )
    found = [hit.conversation_id for hit in search_conversations(db, ADMIN, query(q=str(number)))]
    assert by_name[0].conversation_id in found
    oldest = db.value(
        "SELECT min(id) FROM messages WHERE conversation_id = ?", (by_name[0].conversation_id,)
    )
    assert by_name[0].message_id == oldest
    assert search_contacts_globally(db, ADMIN, query(q="C12@"))
