"""The filter language beyond its recordings: both versions' quirks (contract 2.3, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from revivatui.shop.db import Database
from revivatui.shop.filters import (
    FilterBroken,
    FilterRefused,
    filter_contacts,
    filter_conversations,
)
from tests.shop.raw_shop import asker, open_raw, query


@pytest.fixture
def db() -> Iterator[Database]:
    made, _ = open_raw("4.10.1")
    yield made
    made.close()


def condition(
    key: str, operator: str, values: Any = (), then: str | None = None, **more: Any
) -> dict[str, Any]:
    listed = list(values) if isinstance(values, tuple) else values
    return {
        "attribute_key": key,
        "filter_operator": operator,
        "values": listed,
        "query_operator": then,
        **more,
    }


def count(db: Database, version: str, *conditions: dict[str, Any], user: int = 6) -> int:
    who = asker(version, user, is_admin=user == 6)
    return filter_conversations(db, who, list(conditions), query()).counts.all


def test_and_binds_tighter_than_or(db: Database) -> None:
    open_urgent_or_free = count(
        db,
        "4.10.1",
        condition("status", "equal_to", ("open",), "AND"),
        condition("priority", "equal_to", ("urgent",), "or"),
        condition("assignee_id", "is_not_present"),
    )
    assert open_urgent_or_free == db.value(
        "SELECT count(*) FROM conversations"
        " WHERE status = 'open' AND priority = 'urgent' OR assignee_id IS NULL"
    )


def test_3_9_0_takes_priorities_by_code_only_and_4_10_1_by_name_only(db: Database) -> None:
    urgent = count(db, "4.10.1", condition("priority", "equal_to", ("urgent",)))
    assert urgent > 0
    assert count(db, "3.9.0", condition("priority", "equal_to", (3,))) == urgent
    for version, value in (("3.9.0", "urgent"), ("4.10.1", 3)):
        with pytest.raises(FilterBroken):
            count(db, version, condition("priority", "equal_to", (value,)))


def test_3_9_0_filters_all_inboxes_and_4_10_1_the_agents_own(db: Database) -> None:
    db.execute("DELETE FROM inbox_members WHERE user_id = 7 AND inbox_id = 4")
    every = condition("status", "equal_to", ("all",))
    assert count(db, "3.9.0", every, user=7) == 320
    assert 0 < count(db, "4.10.1", every, user=7) < 320


@pytest.mark.parametrize("version", ["3.9.0", "4.10.1"])
@pytest.mark.parametrize(
    "conditions",
    [
        [condition("status", "equal_to", ("open",), "AND")],
        [
            condition("status", "equal_to", ("open",)),
            condition("labels", "is_present"),
        ],
        [condition("assignee_id", "equal_to", ("abc",))],
        [condition("created_at", "is_less_than", ("not a day",))],
        [condition("amount", "equal_to", ("much",), custom_attribute_type="x")],
        [condition("amount", "contains", ("1",))],
        ["no object"],
    ],
)
def test_what_makes_no_sql_is_a_server_error(
    db: Database, version: str, conditions: list[Any]
) -> None:
    with pytest.raises(FilterBroken):
        count(db, version, *conditions)


def test_a_strange_query_operator_is_explained_by_4_10_1_only(db: Database) -> None:
    conditions = [
        condition("status", "equal_to", ("open",), "XOR"),
        condition("labels", "is_present"),
    ]
    with pytest.raises(FilterRefused, match='must be either "AND" or "OR"'):
        count(db, "4.10.1", *conditions)
    with pytest.raises(FilterBroken):
        count(db, "3.9.0", *conditions)


def test_only_3_9_0_knows_the_country_of_a_conversation(db: Database) -> None:
    wanted = condition("country_code", "equal_to", ("PT",))
    assert count(db, "3.9.0", wanted) == 0
    with pytest.raises(FilterRefused, match=r"Invalid attribute key - \[country_code\]"):
        count(db, "4.10.1", wanted)


def test_not_equal_leaves_out_rows_without_the_value_but_keeps_missing_custom_ones(
    db: Database,
) -> None:
    without_team = db.value("SELECT count(*) FROM conversations WHERE team_id IS NULL")
    assert without_team > 0
    others = count(db, "4.10.1", condition("team_id", "not_equal_to", (3,)))
    assert others == db.value("SELECT count(*) FROM conversations WHERE team_id <> 3")
    wanted = condition("order", "not_equal_to", ("r-3",), custom_attribute_type="x")
    same = condition("order", "equal_to", ("r-3",), custom_attribute_type="x")
    assert count(db, "4.10.1", wanted) + count(db, "4.10.1", same) == 320


def test_custom_text_is_folded_only_when_its_type_is_named(db: Database) -> None:
    assert count(db, "4.10.1", condition("order", "equal_to", ("R-3",))) == 0
    assert count(db, "4.10.1", condition("order", "equal_to", ("r-3",))) > 0
    named = condition("order", "equal_to", ("R-3",), custom_attribute_type="x")
    assert count(db, "4.10.1", named) > 0


def test_custom_numbers_compare_as_numbers(db: Database) -> None:
    more = count(db, "4.10.1", condition("amount", "is_greater_than", ("99",)))
    assert more == db.value(
        "SELECT count(*) FROM conversations WHERE json_extract(custom_attributes, '$.amount') > 99"
    )
    assert more > 0


def test_currency_has_no_type_in_the_database(db: Database) -> None:
    db.insert(
        "custom_attribute_definitions",
        account_id=2,
        attribute_key="price",
        attribute_model="conversation_attribute",
        attribute_display_type="currency",
    )
    with pytest.raises(FilterBroken):
        count(db, "4.10.1", condition("price", "equal_to", ("5",)))


def contacts(db: Database, version: str, *conditions: dict[str, Any], text: str = "") -> Any:
    return filter_contacts(db, asker(version, 6), list(conditions), query(text))


def test_contact_filters_use_the_first_value_in_any_case(db: Database) -> None:
    page = contacts(db, "4.10.1", condition("name", "equal_to", ("c7", "C8")))
    assert [db.value("SELECT name FROM contacts WHERE id = ?", (one,)) for one in page.ids] == [
        "C7"
    ]


def test_contact_filters_take_phones_with_or_without_plus(db: Database) -> None:
    db.update("contacts", 5025, phone_number="+447700900123")
    for value in ("447700900123", "+447700900123"):
        assert contacts(db, "4.10.1", condition("phone_number", "equal_to", (value,))).ids == [5025]


def test_contact_filter_pages_are_25_unsorted_in_3_9_0_and_15_sorted_in_4_10_1(
    db: Database,
) -> None:
    every = condition("email", "contains", ("example",))
    older = contacts(db, "3.9.0", every, text="sort=-name")
    newer = contacts(db, "4.10.1", every, text="sort=-name")
    assert (len(older.ids), len(newer.ids)) == (25, 15)
    assert older.ids[0] == 5025
    assert db.value("SELECT name FROM contacts WHERE id = ?", (newer.ids[0],)) == "C99"


def test_contacts_filter_by_label_city_and_block(db: Database) -> None:
    db.insert("taggings", taggable_type="Contact", taggable_id=5030, tag="vip")
    db.update("contacts", 5031, additional_attributes={"city": "Porto"}, blocked=True)
    ask = (
        (condition("labels", "equal_to", ("vip",)), [5030]),
        (condition("city", "contains", ("ORT",)), [5031]),
        (condition("blocked", "equal_to", (True,)), [5031]),
    )
    for wanted, ids in ask:
        assert contacts(db, "4.10.1", wanted).ids == ids


def test_unlike_a_custom_attribute_is_an_alternative_to_all_before_it(db: Database) -> None:
    other = condition("order", "not_equal_to", ("r-3",), custom_attribute_type="x")
    found = count(db, "4.10.1", condition("status", "equal_to", ("open",), "AND"), other)
    assert found == db.value(
        "SELECT count(*) FROM conversations WHERE status = 'open' AND"
        " lower(json_extract(custom_attributes, '$.order')) <> 'r-3'"
        " OR json_extract(custom_attributes, '$.order') IS NULL"
    )
    first = {**other, "query_operator": "AND"}
    with pytest.raises(FilterBroken):
        count(db, "4.10.1", first, condition("status", "equal_to", ("open",)))


def test_an_unknown_name_equals_nothing_and_differs_from_nothing(db: Database) -> None:
    for operator in ("equal_to", "not_equal_to"):
        assert count(db, "4.10.1", condition("status", operator, ("nonsense",))) == 0
        assert count(db, "4.10.1", condition("priority", operator, ("nonsense",))) == 0


@pytest.mark.parametrize("day", ["2026-08-01", "2026-8-1", "20260801", "2026-08-01T12:00:00Z"])
def test_days_are_read_as_the_database_reads_them(db: Database, day: str) -> None:
    found = count(db, "4.10.1", condition("created_at", "is_less_than", (day,)))
    assert found == 26


@pytest.mark.parametrize("day", ["", "2026-13-01", "01-08-2026", "tomorrowish", "1790000000"])
def test_what_is_no_day_is_a_server_error(db: Database, day: str) -> None:
    with pytest.raises(FilterBroken):
        count(db, "4.10.1", condition("created_at", "is_greater_than", (day,)))


def test_days_before_may_lie_ahead(db: Database) -> None:
    assert count(db, "4.10.1", condition("created_at", "days_before", ("-5",))) == 320
