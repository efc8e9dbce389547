"""Ids sort by time and never repeat; what is printed on devices is told apart."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.crm.devices import (
    brand_of,
    category_of,
    imei_with_check_digit,
    is_imei,
    plain_mark,
    recognise,
)
from revivatui.crm.ids import Ids, human_number, parse_number


def test_an_id_is_a_uuid_of_version_7_that_tells_its_time() -> None:
    made = UUID(Ids(lambda: 1_794_000_000.123)())
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_794_000_000_123


@given(st.lists(st.floats(1.7e9, 1.9e9), min_size=1, max_size=30))
def test_ids_rise_and_differ_even_where_the_clock_stands_or_goes_back(times: list[float]) -> None:
    clock = iter([one for one in times for _ in range(300)])
    ids = Ids(lambda: next(clock))
    made = [ids() for _ in range(len(times) * 300)]
    assert made == sorted(set(made))


def test_the_same_clock_and_seed_make_the_same_ids() -> None:
    assert Ids(lambda: 5.0, Random(1))() == Ids(lambda: 5.0, Random(1))()


@pytest.mark.parametrize(
    ("typed", "number", "digits"),
    [
        ("R-2041", "R-2041", "2041"),
        ("r2041", "R-2041", "2041"),
        ("r-b2041", "R-B2041", "2041"),
        ("RB2041", "R-B2041", "2041"),
        ("#2041", "", "2041"),
        (" 2041 ", "", "2041"),
        ("Maria", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed: str, number: str, digits: str) -> None:
    assert parse_number(typed) == (number, digits)


def test_the_number_of_a_second_shop_is_told_from_that_of_the_first() -> None:
    assert human_number("R", "", 2041) == "R-2041"
    assert human_number("R", "B", 2041) == "R-B2041"
    assert parse_number(human_number("R", "B", 2041))[0] == "R-B2041"


@given(st.from_regex(r"[0-9]{14}", fullmatch=True).filter(str.isascii))
def test_an_imei_has_one_right_check_digit(fourteen: str) -> None:
    right = imei_with_check_digit(fourteen)
    assert is_imei(right)
    assert sum(is_imei(fourteen + str(digit)) for digit in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "kind", "stored"),
    [
        ("49-015420-323751-8", "imei", "490154203237518"),
        ("490154203237519", "", ""),
        ("C02XK0AAJG5H", "serial", "C02XK0AAJG5H"),
        ("iPhone15,2", "model", "iPhone15,2"),
        ("a2338", "model", "A2338"),
        ("Maria Silva", "", ""),
        ("٤٩٠١٥٤٢٠٣٢٣٧٥١٨", "", ""),
    ],
)
def test_what_a_label_says_is_recognised(text: str, kind: str, stored: str) -> None:
    assert recognise(text) == (kind, stored)


def test_marks_are_compared_without_separators_and_capitals() -> None:
    assert plain_mark("c02 xk0-aa.jg5h") == "C02XK0AAJG5H"


@pytest.mark.parametrize(
    ("model", "category", "brand"),
    [
        ("iPhone 13 mini", "phone", "Apple"),
        ("Galaxy Tab S8", "tablet", "Samsung"),
        ("MacBook Pro 14", "laptop", "Apple"),
        ("Surface Laptop 4", "laptop", "Microsoft"),
        ("OptiPlex 7080", "desktop", "Dell"),
        ("Nintendo Switch", "console", "Nintendo"),
        ("Samsung T7", "storage", "Samsung"),
        ("Synology DS420+", "storage", "Synology"),
        ("thing", "other", ""),
    ],
)
def test_a_model_tells_its_kind_and_maker(model: str, category: str, brand: str) -> None:
    assert (category_of(model), brand_of(model)) == (category, brand)
