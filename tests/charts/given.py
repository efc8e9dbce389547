"""Charts' data to test with: a fortnight at a shop's desk, and random ones from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from revivatui.state.charts.data import (
    Bar,
    BarData,
    HeatData,
    LineData,
    Measure,
    RatingData,
    Series,
    Slot,
    SparkData,
    StackData,
    StackRow,
    Value,
)
from revivatui.text.when import DAYS, MONTHS

CONVERSATIONS = Measure("Conversations", "count", "conversation", "conversations")
RESOLVED = Measure("Resolved", "count", "resolved", "resolved")
FIRST_RESPONSE = Measure("First response", "seconds")
SATISFACTION = Measure("Satisfaction", "percent")
LAST_DAY = date(2026, 11, 25)
NAMES = (
    "Ben Counter", "Cleo Bench", "Dara Desk", "Emílio Sousa", "Farah Haddad", "Gil Ponte",
    "Hana Sato", "Ivo Matos", "Jun Park", "Kaya Demir", "Lena Maria von der Heide-Albrecht",
    "李小明",
)  # fmt: skip


def day_slot(day: date) -> Slot:
    month = MONTHS[day.month - 1][:3]
    return Slot(f"{day.day} {month}", f"{DAYS[day.weekday()][:3]} {day.day} {month}")


def days(count: int, last: date = LAST_DAY) -> tuple[Slot, ...]:
    return tuple(day_slot(last - timedelta(days=n)) for n in reversed(range(count)))


def busy(random: Random, day: int, level: float = 18.0) -> float:
    """Conversations of a day: fewer at the weekend, more towards the end."""
    weekend = 0.35 if (LAST_DAY.weekday() - day) % 7 in (5, 6) else 1.0
    return round(max(0.0, random.gauss(level, level / 6) * weekend * (1 + (90 - day) / 200)))


def two_lines(count: int = 90, seed: int = 6, gaps: bool = True) -> LineData:
    """Conversations of the last days and of as many before them; two days nobody counted."""
    random = Random(seed)
    now: list[Value] = [busy(random, day) for day in reversed(range(count))]
    before = tuple(busy(random, day, 15.0) for day in reversed(range(count)))
    if gaps and count > 30:
        now[count // 3] = now[count // 3 + 1] = None
    earlier = days(count, LAST_DAY - timedelta(days=count))
    series = (
        Series(CONVERSATIONS, tuple(now), "This time"),
        Series(CONVERSATIONS, before, "Time before", is_previous=True, slots=earlier),
    )
    return LineData("Conversations", days(count), series, "the day before")


def three_lines(count: int = 14, seed: int = 6) -> LineData:
    random = Random(seed)
    opened = [busy(random, day) for day in reversed(range(count))]
    solved = [max(0.0, value - random.randint(-1, 6)) for value in opened]
    series = (
        Series(CONVERSATIONS, tuple(opened)),
        Series(RESOLVED, tuple(solved)),
        Series(
            CONVERSATIONS,
            tuple(busy(random, day, 14.0) for day in reversed(range(count))),
            "Time before",
            is_previous=True,
            slots=days(count, LAST_DAY - timedelta(days=count)),
        ),
    )
    return LineData("Conversations and resolved", days(count), series, "the day before")


def response_line(count: int = 30, seed: int = 6) -> LineData:
    random = Random(seed)
    values: list[Value] = [round(random.lognormvariate(4.7, 0.4), 1) for _ in range(count)]
    values[4] = values[5] = values[11] = None
    return LineData(
        "First response", days(count), (Series(FIRST_RESPONSE, tuple(values)),), "the day before"
    )


def agents(count: int = 12, seed: int = 6) -> BarData:
    random = Random(seed)
    values: list[Value] = []
    values += sorted((float(random.randint(1, 140)) for _ in range(count)), reverse=True)
    if count > 3:
        values[-1], values[-2] = 0.0, None
    bars = tuple(Bar(NAMES[n % len(NAMES)], value) for n, value in enumerate(values))
    return BarData("Conversations by agent", CONVERSATIONS, bars)


def stacked(count: int = 6, seed: int = 6) -> StackData:
    random = Random(seed)
    rows = [
        StackRow(NAMES[n], tuple(float(random.randint(0, 30)) for _ in range(4)))
        for n in range(count)
    ]
    rows[-1] = StackRow(rows[-1].name, (None, None, None, None))
    parts = ("open", "resolved", "pending", "snoozed")
    return StackData("Status by agent", CONVERSATIONS, parts, tuple(rows))


def week(seed: int = 6) -> HeatData:
    random = Random(seed)
    weekdays = tuple(Slot(day[:2], day) for day in DAYS)
    hours = tuple(Slot(f"{h:02}", f"{h:02}:00 to {(h + 1) % 24:02}:00") for h in range(24))
    values: list[tuple[Value, ...]] = []
    for day in range(7):
        row: list[Value] = []
        for hour in range(24):
            peak = max(0.0, 1 - abs(hour - 11) / 5) + 0.8 * max(0.0, 1 - abs(hour - 16) / 4)
            row.append(float(round(peak * random.uniform(6, 12) * (0.3 if day > 4 else 1.0))))
        values.append(tuple(row))
    values[6] = (*values[6][:18], *([None] * 6))
    return HeatData("Traffic by hour", CONVERSATIONS, weekdays, hours, tuple(values))


def ratings() -> RatingData:
    return RatingData("Satisfaction", (3, 2, 7, 31, 89))


def spark(count: int = 14, seed: int = 6) -> SparkData:
    random = Random(seed)
    values: list[Value] = [busy(random, day) for day in reversed(range(count))]
    if count > 6:
        values[4] = None
    return SparkData(Series(CONVERSATIONS, tuple(values)), days(count), "the day before")


def random_values(random: Random, most: int = 200) -> list[Value]:
    """Values of any size, some of them none."""
    size = 10 ** random.uniform(-1, 6)
    whole = random.random() < 0.6
    gaps = random.choice((0.0, 0.1, 0.7))
    made: list[Value] = []
    for _ in range(random.randint(1, most)):
        value = random.uniform(0, size)
        made.append(None if random.random() < gaps else float(round(value)) if whole else value)
    return made
