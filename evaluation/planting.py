"""Errors put into drafts that had none: one each, of every kind in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final

from evaluation import spelling
from evaluation.clean import Draft, Place
from evaluation.drafts import PROMISES, SENTENCES
from evaluation.worlds import OTHER_DEVICES, SHOP, TODAY


@dataclass(frozen=True, slots=True)
class Planted:
    kind: str
    text: str
    start: int
    end: int


def planted(draft: Draft, at: int, random: Random) -> Planted:
    """A draft with one error: in the place of a right figure, else in a sentence more."""
    kinds = list(_WRONG)
    kind = kinds[at % len(kinds)]
    fitting = [one for one in draft.places if _KIND_OF.get(one.slot.rpartition(".")[2]) == kind]
    if fitting and random.random() < 0.75:
        place = random.choice(fitting)
        return _in_place(draft, place, kind, random)
    if kind == "date" and random.random() < 0.25:
        return _sentence(draft, "wrong weekday", "date", _wrong_weekday(draft, random), random)
    if kind == "price" and random.random() < 0.25 and draft.places:
        return _misused(draft, random)
    return _sentence(draft, kind, kind, _WRONG[kind](draft, random), random)


def _in_place(draft: Draft, place: Place, kind: str, random: Random) -> Planted:
    wrong = _WRONG[kind](draft, random)
    other = _of_the_other(draft, place, random)
    name = kind
    if other and random.random() < 0.4:
        wrong, name = other, f"other repair's {kind}"
    text = draft.text[: place.start] + wrong + draft.text[place.end :]
    return Planted(name, text, place.start, place.start + len(wrong))


def _of_the_other(draft: Draft, place: Place, random: Random) -> str:
    """A figure of the other repair, where the draft has named the one it speaks of."""
    what = place.slot.rpartition(".")[2]
    before = [one.slot for one in draft.places if one.end <= place.start]
    named = {one[0] for one in before if one.endswith((".number", ".quote", ".device"))}
    if named != {place.slot[0]} or what not in ("total", "promised", "received", "valid", "part"):
        return ""
    if len({case.device for case in draft.world.cases}) < 2:
        return ""
    case = draft.world.cases[1 if place.slot[0] == "a" else 0]
    value = getattr(case, what)
    if isinstance(value, Decimal):
        return spelling.money(value, draft.language, random)
    return spelling.day(value, draft.language, random, near=False)


def _sentence(draft: Draft, name: str, kind: str, wrong: str, random: Random) -> Planted:
    sentence = random.choice(SENTENCES[draft.language][kind])
    return _added(draft, name, sentence, wrong)


def _added(draft: Draft, name: str, sentence: str, wrong: str) -> Planted:
    start = len(draft.text) + 1 + sentence.index("{wrong}")
    return Planted(name, f"{draft.text} {sentence.format(wrong=wrong)}", start, start + len(wrong))


def _misused(draft: Draft, random: Random) -> Planted:
    """The total of a quote, offered as something else."""
    total = spelling.money(draft.world.cases[0].total, draft.language, random)
    sentences = {
        "en": (
            "You get a discount of {wrong}.",
            "We refund {wrong} to you.",
            "We take {wrong} off.",
        ),
        "pt": ("Tem um desconto de {wrong}.", "Devolvemos-lhe em reembolso {wrong}."),
    }
    return _added(draft, "misused price", random.choice(sentences[draft.language]), total)


# --- what is wrong -----------------------------------------------------------------------------


def _amount(draft: Draft, random: Random) -> Decimal:
    case = draft.world.cases[0]
    while True:
        way = random.randrange(4)
        digits = f"{int(case.total)}"
        if way == 0 and len(digits) > 1:
            amount = Decimal(digits[1] + digits[0] + digits[2:])
        elif way == 1:
            amount = case.total + random.choice((-1, 1, 10, -10, 100))
        elif way == 2:
            amount = Decimal(int(case.total) * 10)
        else:
            amount = Decimal(random.randrange(20, 1900))
        known = draft.world.amounts() if draft.source is None else set(draft.world.amounts())
        if amount > 0 and amount not in known and f"{int(amount)}" not in draft.text:
            return amount


def _price(draft: Draft, random: Random) -> str:
    return spelling.money(_amount(draft, random), draft.language, random)


def _currency(draft: Draft, random: Random) -> str:
    case = random.choice(draft.world.cases)
    return spelling.money(case.total, draft.language, random, random.choice(("$", "£")))


def _date(draft: Draft, random: Random) -> str:
    known = draft.world.days()
    taken = {one.weekday() for one in known if abs((one - TODAY).days) <= 8}
    while True:
        day = TODAY + timedelta(random.randrange(1, 60))
        if day not in known:
            near = (day - TODAY).days <= 6 and day.weekday() not in taken
            return spelling.day(day, draft.language, random, near=near)


def _wrong_weekday(draft: Draft, random: Random) -> str:
    """A day that is known, called by another weekday."""
    day = draft.world.cases[0].promised
    names = spelling.DAYS[draft.language]
    name = names[(day.weekday() + random.randrange(1, 7)) % 7]
    month = spelling.MONTHS[draft.language][day.month - 1]
    return f"{name}, {day.day} {'de ' if draft.language == 'pt' else ''}{month}"


def _time(draft: Draft, random: Random) -> str:
    hour, minute = (
        random.choice((8, 11, 12, 13, 15, 19, 20)),
        random.choice((5, 10, 20, 35, 40, 50)),
    )
    return spelling.clock(hour, minute, draft.language, random)


def _duration(draft: Draft, random: Random) -> str:
    wrong: dict[str, tuple[str, ...]] = {
        "en": (
            "two days",
            "1-2 days",
            "48 hours",
            "six weeks",
            "24 months",
            "five years",
            "an hour and a half",
            "half an hour",
            "7 business days",
            "30 minutes",
            "4 to 6 days",
            "eleven days",
        ),
        "pt": (
            "dois dias",
            "1-2 dias",
            "48 horas",
            "seis semanas",
            "24 meses",
            "cinco anos",
            "meia hora",
            "7 dias úteis",
            "40 minutos",
            "4 a 6 dias",
            "onze dias",
        ),
    }
    return _not_in(draft, wrong[draft.language], random)


def _percent(draft: Draft, random: Random) -> str:
    number = random.choice((78, 95, 10, 15, 33, 99, 25))
    word = "percent" if draft.language == "en" else "por cento"
    forms = (
        f"{number} %",
        f"{number}%",
        f"{number} {word}",
        f"{spelling.spelled(number, draft.language)} {word}",
    )
    return _not_in(draft, forms, random)


def _number(draft: Draft, random: Random) -> str:
    number = draft.world.cases[0].number
    digits = list(number[2:])
    known = {one for case in draft.world.cases for one in (case.number[2:], case.quote[2:])}
    while "".join(digits) in known:
        if random.random() < 0.5:
            digits[1], digits[2] = digits[2], digits[1]
        if random.random() < 0.5 or "".join(digits) in known:
            digits[random.randrange(4)] = str(random.randrange(1, 10))
    return spelling.number(f"{random.choice('RRQ')}-{''.join(digits)}", random)


def _device(draft: Draft, random: Random) -> str:
    own = draft.world.cases[0].device
    head, *rest = own.split(" ")
    near = [
        f"{own} Max",
        f"{head} {' '.join(rest[:-1])}".strip() if rest and not rest[-1][0].isdigit() else "",
    ]
    known = {case.device for case in draft.world.cases}
    choices = [
        one
        for one in (*OTHER_DEVICES, *near)
        if one and one not in known and any(map(str.isdigit, one))
    ]
    return spelling.device(_not_in(draft, tuple(choices), random), random)


def _link(draft: Draft, random: Random) -> str:
    return random.choice(
        (
            "https://repairs.example.pay.example/book",
            "https://repairs.examp1e/book",
            "http://pay.example.org/x?id=7",
            "bit.example/3xYz",
            "www.repairs-pay.example",
            "https://repairs.example/pay",
            "repairs-example.net",
            "https://203.0.113.9/book",
            "[our page](https://evil.example/book)",
        )
    )


def _email(draft: Draft, random: Random) -> str:
    return random.choice(
        (
            "counter@repairs.example.net",
            "pay@other.example",
            "counter@repair.example",
            "boss@repairs.example",
            "counter(at)fixes.example",
        )
    )


def _phone(draft: Draft, random: Random) -> str:
    digits = list(SHOP.phone.replace(" ", "").removeprefix("+351"))
    while "".join(digits) == "210000123":
        first, second = random.sample(range(9), 2)
        digits[first], digits[second] = digits[second], digits[first]
        if random.random() < 0.4:
            digits[random.randrange(1, 9)] = str(random.randrange(10))
    number = "".join(digits)
    return spelling.phone(f"+351 {number[:3]} {number[3:6]} {number[6:]}", random)


def _promise(draft: Draft, random: Random) -> str:
    return random.choice(PROMISES[draft.language])


def _not_in(draft: Draft, choices: tuple[str, ...], random: Random) -> str:
    """One that the draft, or the source it cites, does not hold by chance."""
    text = draft.text.lower()
    fresh = [one for one in choices if one.lower() not in text]
    return random.choice(fresh or list(choices))


_WRONG: Final[dict[str, Callable[[Draft, Random], str]]] = {
    "price": _price,
    "date": _date,
    "time": _time,
    "duration": _duration,
    "percent": _percent,
    "number": _number,
    "device": _device,
    "link": _link,
    "email": _email,
    "phone": _phone,
    "currency": _currency,
    "promise": _promise,
}
_KIND_OF: Final = {
    "total": "price",
    "part": "price",
    "promised": "date",
    "received": "date",
    "valid": "date",
    "visit_day": "date",
    "visit_time": "time",
    "closes": "time",
    "days": "duration",
    "warranty": "duration",
    "percent": "percent",
    "number": "number",
    "quote": "number",
    "device": "device",
    "link": "link",
    "email": "email",
    "phone": "phone",
}
