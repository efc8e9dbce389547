"""What is known about a customer is read by a person, whatever program wrote it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from revivatui.screens.attribute_lines import MOST_ENTRIES, AttributeLines

NOW = datetime(2026, 3, 11, 15, 0, tzinfo=UTC).timestamp()
READ = AttributeLines(NOW, UTC, 80)


def nested(attributes: dict[str, object]) -> list[str]:
    return ["".join(piece.text for piece in line.pieces) for line in READ.nested(attributes)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-11T14:05:42+00:00", "14:05"),
        ("2026-03-11T14:05:42Z", "14:05"),
        ("2026-03-11 14:05:42.123+00:00", "14:05"),
        ("2026-03-09T09:10:13+01:00", "Mon 08:10"),
        ("2026-02-12T09:10:13+00:00", "12 Feb 09:10"),
        ("2024-02-12T09:10:13+00:00", "12 Feb 2024"),
        ("2026-03-30", "2026-03-30"),
        ("2026-03-09T09:10:13", "2026-03-09T09:10:13"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("not a date at all, really", "not a date at all, really"),
    ],
)
def test_moments_are_told_as_on_a_clock_and_days_and_words_as_they_are(
    written: str, read: str
) -> None:
    assert READ.facts({"last_interaction": written}) == [("last interaction", read)]


def test_moments_are_told_where_the_reader_is() -> None:
    lisbon = AttributeLines(NOW, timezone(timedelta(hours=1)), 80)
    assert lisbon.facts({"at": "2026-03-11T14:05:42+00:00"}) == [("at", "15:05")]


def test_no_value_is_told_in_the_words_of_a_program() -> None:
    facts = READ.facts({"vip": True, "open_quotes": 2.0, "tags": ["a", None, 3], "none": None})
    assert facts == [("vip", "yes"), ("open quotes", "2"), ("tags", "a, 3")]


def test_records_within_a_record_have_a_line_each() -> None:
    repairs = [
        {"id": "R-1142", "device": "iPad Air", "quote": 75.0, "parts": ["a", "b"], "to": None},
        {"id": "R-1073", "at": "2026-03-11T14:05:42+00:00"},
    ]
    assert nested({"context": {"active_repairs": repairs, "pending_quotes": [], "vip": False}}) == [
        "context",
        "\u2022 active repairs: R-1142 \u00b7 iPad Air \u00b7 quote 75 \u00b7 parts: 2",
        "\u2022 active repairs: R-1073 \u00b7 14:05",
        "\u2022 vip: no",
    ]


def test_a_long_list_says_how_much_of_it_is_not_shown() -> None:
    lines = nested({"history": [{"id": str(number)} for number in range(MOST_ENTRIES + 3)]})
    assert len(lines) == MOST_ENTRIES + 2
    assert lines[-1].endswith("and 3 more")


def test_what_is_longer_than_the_pane_goes_on_below_itself() -> None:
    narrow = AttributeLines(NOW, UTC, 24)
    said = {"history": [{"id": "R-1142", "device": "Xiaomi Redmi Note 12", "state": "Booked"}]}
    lines = ["".join(piece.text for piece in line.pieces) for line in narrow.nested(said)]
    assert lines == ["history", "\u2022 R-1142 \u00b7 Xiaomi Redmi", "  Note 12 \u00b7 Booked"]


def test_a_value_of_any_length_and_many_lines_is_a_few_lines_of_the_pane() -> None:
    narrow = AttributeLines(NOW, UTC, 42)
    lines = narrow.nested({"notes": {"from the mail": "one\n\ttwo " + "and on " * 50_000}})
    texts = ["".join(piece.text for piece in line.pieces) for line in lines]
    assert texts[1].startswith("\u2022 from the mail: one two and on")
    assert texts[-1].endswith("\u2026")
    assert len(lines) < 40
    assert all("\n" not in text and "\t" not in text for text in texts)
