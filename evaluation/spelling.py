"""Amounts, days, times, numbers and devices as people spell them, drawn by chance.

Written for the evaluation alone: it shares nothing with what reads them back.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

DAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": (
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
}
MONTHS: Final = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "pt": (
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ),
}
_TO_TWENTY: Final = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze"
    " dezasseis dezassete dezoito dezanove",
}
_BY_TEN: Final = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_BY_HUNDRED: Final = (
    "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)
_ONES: Final = {language: words.split() for language, words in _TO_TWENTY.items()}
_TENS: Final = {language: words.split() for language, words in _BY_TEN.items()}
_HUNDREDS: Final = _BY_HUNDRED.split()


def spelled(number: int, language: str) -> str:
    """A number below 10,000 in words."""
    ones, tens = _ONES[language], _TENS[language]
    if number < 20:
        return ones[number]
    if number < 100:
        ten, one = tens[number // 10 - 2], number % 10
        if not one:
            return ten
        return f"{ten}-{ones[one]}" if language == "en" else f"{ten} e {ones[one]}"
    if number < 1000:
        rest = number % 100
        if language == "en":
            head = f"{ones[number // 100]} hundred"
            return f"{head} and {spelled(rest, 'en')}" if rest else head
        if number == 100:
            return "cem"
        head = _HUNDREDS[number // 100 - 1]
        return f"{head} e {spelled(rest, 'pt')}" if rest else head
    thousands, rest = divmod(number, 1000)
    if language == "en":
        head = f"{spelled(thousands, 'en')} thousand"
        joint = " and " if rest < 100 else " "
    else:
        head = "mil" if thousands == 1 else f"{spelled(thousands, 'pt')} mil"
        joint = " e " if rest <= 100 or rest % 100 == 0 else " "
    return f"{head}{joint}{spelled(rest, language)}" if rest else head


def money(amount: Decimal, language: str, random: Random, sign: str = "€") -> str:
    """ "€149", "149,00 €", "1.299,50 EUR", "one hundred and forty-nine euros"."""
    code = {"€": "EUR", "$": "USD", "£": "GBP"}[sign]
    word = {
        "€": "euros",
        "$": "dollars" if language == "en" else "dólares",
        "£": "pounds" if language == "en" else "libras",
    }[sign]
    whole = amount == amount.to_integral_value()
    cents = f"{amount:.2f}"
    grouped = f"{amount:,.2f}"
    turned = grouped.replace(",", "_").replace(".", ",").replace("_", ".")
    forms = [
        f"{sign}{cents}",
        f"{sign}{grouped}",
        f"{cents.replace('.', ',')} {sign}",
        f"{turned} {sign}",
        f"{cents} {code}",
        f"{code} {cents}",
        f"{turned}{sign}",
        f"{turned.replace('.', ' ')} {sign}",
    ]
    if whole:
        plain = f"{int(amount)}"
        forms += [f"{sign}{plain}", f"{plain} {sign}", f"{plain}{sign}", f"{plain} {word}"]
        forms += [f"{spelled(int(amount), language)} {word}"]
    return random.choice(forms)


def day(when: date, language: str, random: Random, *, near: bool) -> str:
    """ "30 November", "Nov 30th", "30/11/2026", "segunda-feira, 30 de novembro"."""
    name, month = DAYS[language][when.weekday()], MONTHS[language][when.month - 1]
    short = month[:3]
    forms = [f"{when.day}/{when.month}/{when.year}", f"{when.day:02}/{when.month:02}", str(when)]
    if language == "en":
        ending = {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10, "th")
        ending = "th" if 10 < when.day < 20 else ending
        forms += [
            f"{when.day} {month}",
            f"{month} {when.day}",
            f"{short} {when.day}{ending}",
            f"{name}, {when.day} {month}",
            f"{when.day} {short} {when.year}",
            f"the {when.day}{ending} of {month}",
            f"{name} {month} {when.day}{ending}",
            f"{month} {when.day}, {when.year}",
        ]
    else:
        forms += [
            f"{when.day} de {month}",
            f"{name}, {when.day} de {month}",
            f"dia {when.day} de {month}",
            f"{when.day} de {month} de {when.year}",
            f"{name}, dia {when.day} de {month}",
            f"{when.day} {short}",
        ]
    if near:
        forms += [name, name]
    return random.choice(forms)


def clock(hour: int, minute: int, language: str, random: Random) -> str:
    """ "14:30", "2:30 pm", "14h30"."""
    half = "am" if hour < 12 else "pm"
    forms = [f"{hour}:{minute:02}", f"{hour:02}:{minute:02}"]
    if language == "en":
        twelve = hour % 12 or 12
        forms += [f"{twelve}:{minute:02} {half}", f"{twelve}:{minute:02}{half}"]
        forms += [f"{twelve} {half}", f"{twelve}{half}"] if not minute else []
    else:
        forms += [f"{hour}h{minute:02}"] + ([f"{hour}h"] if not minute else [])
    return random.choice(forms)


def number(text: str, random: Random) -> str:
    """ "R-2041", "R2041", "#2041"."""
    letter, digits = text.split("-")
    return random.choice((text, text, f"{letter}{digits}", f"#{digits}", text.lower()))


def phone(text: str, random: Random) -> str:
    """ "+351 210 000 123", "210000123", "00351-210-000-123"."""
    digits = text.replace(" ", "").removeprefix("+351")
    parts = (digits[:3], digits[3:6], digits[6:])
    return random.choice(
        (
            text,
            digits,
            " ".join(parts),
            "-".join(parts),
            f"+351{digits}",
            f"00351 {' '.join(parts)}",
            f"(+351) {' '.join(parts)}",
            f"{digits[:2]} {digits[2:5]} {digits[5:7]} {digits[7:]}",
        )
    )


def device(text: str, random: Random) -> str:
    """ "iPhone 13 Pro", "iPhone13 Pro", "iphone 13 pro"."""
    head, *rest = text.split(" ", 1)
    glued = f"{head}{rest[0]}" if rest and rest[0][0].isdigit() else text
    return random.choice((text, text, text.lower(), glued))
