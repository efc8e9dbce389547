"""Days, times, amounts and opening hours as customers read them, and the other ways to say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from revivatui.text.when import DAYS, MONTHS

if TYPE_CHECKING:
    from revivatui.copilot.shop_profile import Open
    from revivatui.crm.money import Money

DIAS: Final = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
               "sábado", "domingo")  # fmt: skip
MESES: Final = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto",
                "setembro", "outubro", "novembro", "dezembro")  # fmt: skip
SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "BRL": "R$"}
NAMES: Final = {
    "EUR": ("euro", "euros"),
    "GBP": ("pound", "pounds"),
    "USD": ("dollar", "dollars"),
    "BRL": ("real", "reais"),
}
_NEAR: Final = 60
"""Days within which a day is named without its year."""
_WEEK: Final = 7
CLOSED: Final = {"en": "closed", "pt": "fechado"}
_RELATIVE: Final = {
    -1: ("yesterday", "ontem"),
    0: ("today", "hoje"),
    1: ("tomorrow", "amanhã"),
}


def day_words(day: date, today: date, language: str) -> str:
    """ "Friday 27 November", "sexta-feira, 27 de novembro", with its year where that is far."""
    if language == "pt":
        words = f"{DIAS[day.weekday()]}, {day.day} de {MESES[day.month - 1]}"
        return words if _is_near(day, today) else f"{words} de {day.year}"
    words = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return words if _is_near(day, today) else f"{words} {day.year}"


def _is_near(day: date, today: date) -> bool:
    return abs((day - today).days) < _NEAR


def day_spellings(day: date, today: date) -> tuple[str, ...]:
    """Every usual way to write a day, in both languages; weekdays alone while they are clear."""
    name, month, mes = DAYS[day.weekday()], MONTHS[day.month - 1], MESES[day.month - 1]
    short, dia = month[:3], DIAS[day.weekday()]
    found = [
        day.isoformat(),
        f"{name} {day.day} {month}",
        f"{name[:3]} {day.day} {short}",
        f"{day.day} {month}",
        f"{day.day} {month} {day.year}",
        f"{day.day} {short}",
        f"{day.day} {short} {day.year}",
        f"{month} {day.day}",
        f"{short} {day.day}",
        f"{dia}, {day.day} de {mes}",
        f"{day.day} de {mes}",
        f"{day.day} de {mes} de {day.year}",
        f"{day.day} {mes[:3]}",
        f"{day.day}/{day.month}",
        f"{day.day:02}/{day.month:02}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.day:02}-{day.month:02}-{day.year}",
    ]
    days = (day - today).days
    if abs(days) < _WEEK:
        found += [name, name[:3], dia, dia.removesuffix("-feira")]
    found += _RELATIVE.get(days, ())
    return tuple(dict.fromkeys(found))


def clock_words(minutes: int, language: str) -> str:
    """A time of day: "18:00", which both languages read."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def clock_spellings(minutes: int) -> tuple[str, ...]:
    """ "9:00", "9 am", "9h", "9h30"."""
    hour, minute = divmod(minutes, 60)
    half = "am" if hour < 12 else "pm"
    twelve = hour % 12 or 12
    past = f":{minute:02}" if minute else ""
    return tuple(
        dict.fromkeys(
            (
                f"{hour:02}:{minute:02}",
                f"{hour}:{minute:02}",
                f"{hour}h{minute:02}" if minute else f"{hour}h",
                f"{twelve}{past} {half}",
                f"{twelve}{past}{half}",
            )
        )
    )


def money_words(money: Money, language: str) -> str:
    """An amount as a bill has it: "€149.00", "149,00 €"; the code where there is no sign."""
    text = f"{money.amount:f}"
    sign = SYMBOLS.get(money.currency)
    if language == "pt":
        text = text.replace(".", ",")
        if money.currency == "BRL":
            return f"R$ {text}"
        return f"{text} {sign or money.currency}"
    return f"{sign}{text}" if sign else f"{text} {money.currency}"


def money_spellings(money: Money) -> tuple[str, ...]:
    """Every usual way to write an amount."""
    exact = f"{money.amount:f}"
    numbers = [exact, exact.replace(".", ",")]
    if money.amount == money.amount.to_integral_value():
        numbers.append(f"{money.amount.to_integral_value():f}")
    sign = SYMBOLS.get(money.currency, money.currency)
    found = [str(money), money_words(money, "en"), money_words(money, "pt")]
    for number in numbers:
        found += [f"{number} {money.currency}", f"{number} {sign}", f"{sign}{number}"]
        found += [f"{number} {name}" for name in NAMES.get(money.currency, ())]
    return tuple(dict.fromkeys(found))


def hours_words(hours: Sequence[Open], language: str) -> str:
    """ "Monday to Friday 09:00 to 18:00, Saturday 10:00 to 16:00"."""
    if not hours:
        return ""
    runs: list[tuple[int, int, str]] = []
    for weekday in sorted({one.weekday for one in hours}):
        times = times_of(hours, weekday, language)
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == times:
            runs[-1] = (runs[-1][0], weekday, times)
        else:
            runs.append((weekday, weekday, times))
    return ", ".join(_run_words(*one, language) for one in runs)


def _run_words(first: int, last: int, times: str, language: str) -> str:
    names = DIAS if language == "pt" else DAYS
    begin, end = names[first], names[last]
    if first == last:
        return f"{begin} {times}"
    if language == "pt":
        joint = " e " if last == first + 1 else " a "
        return f"{begin.removesuffix('-feira')}{joint}{end} {times}"
    joint = " and " if last == first + 1 else " to "
    return f"{begin}{joint}{end} {times}"


def times_of(hours: Iterable[Open], weekday: int, language: str) -> str:
    """When it is open on a weekday: "09:00 to 18:00"; "" where it is closed."""
    to, also = (" às ", " e ") if language == "pt" else (" to ", " and ")
    spans = [
        f"{clock_words(one.opens, language)}{to}{clock_words(one.closes, language)}"
        for one in hours
        if one.weekday == weekday
    ]
    return also.join(spans)


def hours_spellings(hours: Sequence[Open]) -> tuple[str, ...]:
    """The days and times of opening hours one by one, and the whole in both languages."""
    found = [hours_words(hours, "en"), hours_words(hours, "pt")]
    for one in hours:
        found += [DAYS[one.weekday], DAYS[one.weekday][:3]]
        found += [DIAS[one.weekday], DIAS[one.weekday].removesuffix("-feira")]
        found += (*clock_spellings(one.opens), *clock_spellings(one.closes))
    return tuple(dict.fromkeys(found))
