"""Numbers as people write them: "1.299,00", "1 299", "149", "three", "cento e quarenta e nove"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_UNITS_EN: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS_EN: Final = re.findall(
    r"\w+",
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS_EN: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITS_PT: Final = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6,
    "sete": 7, "oito": 8, "nove": 9,
}  # fmt: skip
_TEENS_PT: Final = {
    "dez": 10, "onze": 11, "doze": 12, "treze": 13, "catorze": 14, "quatorze": 14, "quinze": 15,
    "dezasseis": 16, "dezesseis": 16, "dezassete": 17, "dezessete": 17, "dezoito": 18,
    "dezanove": 19, "dezenove": 19,
}  # fmt: skip
_TENS_PT: Final = {
    word: 20 + 10 * at
    for at, word in enumerate(
        ["vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]
    )
}
_HUNDREDS_PT: Final = {
    "cem": 100, "cento": 100, "duzentos": 200, "duzentas": 200, "trezentos": 300,
    "trezentas": 300, "quatrocentos": 400, "quatrocentas": 400, "quinhentos": 500,
    "quinhentas": 500, "seiscentos": 600, "seiscentas": 600, "setecentos": 700,
    "setecentas": 700, "oitocentos": 800, "oitocentas": 800, "novecentos": 900,
    "novecentas": 900,
}  # fmt: skip
_WORTH: Final = {
    **{word: at + 1 for at, word in enumerate(_UNITS_EN)},
    **{word: at + 10 for at, word in enumerate(_TEENS_EN)},
    **{word: 20 + 10 * at for at, word in enumerate(_TENS_EN)},
    **_UNITS_PT, **_TEENS_PT, **_TENS_PT, **_HUNDREDS_PT,
    "dozen": 12, "duzia": 12,
}  # fmt: skip


def _any(words: list[str] | dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_BELOW_100_EN: Final = (
    rf"(?:{_any(_TENS_EN)}(?:[ -]{_any(_UNITS_EN)})?|{_any(_TEENS_EN)}|{_any(_UNITS_EN)})"
)
_BELOW_1000_EN: Final = (
    rf"(?:(?:{_BELOW_100_EN}|a) hundred(?:(?: and)? {_BELOW_100_EN})?|{_BELOW_100_EN})"
)
_EN: Final = (
    rf"(?:(?:{_BELOW_1000_EN}|a) thousand(?:(?:,| and)? {_BELOW_1000_EN})?|{_BELOW_1000_EN}|dozen)"
)
_BELOW_100_PT: Final = (
    rf"(?:{_any(_TENS_PT)}(?: e {_any(_UNITS_PT)})?|{_any(_TEENS_PT)}|{_any(_UNITS_PT)})"
)
_BELOW_1000_PT: Final = rf"(?:{_any(_HUNDREDS_PT)}(?: e {_BELOW_100_PT})?|{_BELOW_100_PT})"
_PT: Final = rf"(?:(?:{_BELOW_1000_PT} )?mil(?:(?: e)? {_BELOW_1000_PT})?|{_BELOW_1000_PT}|duzia)"

_SPELLED: Final = re.compile(rf"(?<!\w)(?:{_EN}|{_PT})(?!\w)", re.IGNORECASE)
_FIRST_WORDS: Final = frozenset({*_WORTH, "a", "mil"})
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_DIGIT: Final = 0xE000
_FILLER, _NOUGHTS, _LONE = "\ue00a", "\ue00b", "\ue00c"
WRITTEN_OUT: Final = "[\ue000-\ue00c]+"
"""A number in words, once `coded` has been over the text."""
FIGURES: Final = (
    r"(?<![\w.,])(?:\d{1,3}(?:[ .,']\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,15}(?:[.,]\d{1,15})?)(?!\d)"
)
NUMBER: Final = rf"(?>{FIGURES}|{WRITTEN_OUT})"
_LONE_WORDS: Final = frozenset({"one", "um", "uma", "mil"})
"""Words that are a number only before a unit: "one of us", "uma pergunta", "mil desculpas"."""


def coded(text: str) -> str:
    """The text with its numbers in words as letters of no script, so that they are found at once.

    No length changes; `values_of` reads them.
    """
    at = 0
    for one in _LETTERS.finditer(text):
        if one.start() < at or one[0].lower() not in _FIRST_WORDS:
            continue
        found = _SPELLED.match(text, one.start())
        is_percent = text[: one.start()].lower().endswith(("por ", "per ")) and found is not None
        if found is not None and not (is_percent and found[0].lower() == "cento"):
            at = found.end()
            text = text[: found.start()] + _code(found[0].lower()) + text[at:]
    return text


def _code(words: str) -> str:
    value = str(_spelled_value(words))
    head = value.removesuffix("000") if len(value) > 3 else value
    code = "".join(chr(_DIGIT + int(digit)) for digit in head)
    code += _NOUGHTS if head != value else ""
    code += _LONE if words in _LONE_WORDS else ""
    return code.ljust(len(words), _FILLER)


def is_lone(number: str) -> bool:
    """Whether a number is a word that may as well be an article."""
    return _LONE in number


_WORD: Final = re.compile(r"[a-z]+")


def values_of(text: str, *, money: bool = False) -> tuple[str, ...]:
    """What a number comes to, in plain decimals; two where "1.299" may be either.

    With money it is a thousand: no price has three places.
    """
    if not text[0].isdigit():
        return (_decoded(text),)
    bare = text.replace(" ", "").replace("'", "")
    dots, commas = bare.count("."), bare.count(",")
    if not dots and not commas:
        return (_key(bare),)
    if dots and commas:
        decimal = max(".", ",", key=bare.rfind)
        other = "," if decimal == "." else "."
        return (_key(bare.replace(other, "").replace(decimal, ".")),)
    mark = "." if dots else ","
    if dots + commas > 1:
        return (_key(bare.replace(mark, "")),)
    whole, places = bare.split(mark)
    if len(places) != 3 or whole == "0":
        return (_key(f"{whole}.{places}"),)
    if money:
        return (_key(whole + places),)
    return _key(whole + places), _key(f"{whole}.{places}")


def times(value: str, factor: int) -> str:
    """The value so many times."""
    return _key(str(Decimal(value) * factor))


def _key(number: str) -> str:
    return format(Decimal(number).normalize(), "f")


def _decoded(code: str) -> str:
    digits = code.rstrip(_FILLER).replace(_LONE, "").replace(_NOUGHTS, chr(_DIGIT) * 3)
    return "".join(str(ord(digit) - _DIGIT) for digit in digits)


def _spelled_value(text: str) -> int:
    total = below = 0
    for word in _WORD.findall(text):
        if word in ("thousand", "mil"):
            total, below = total + (below or 1) * 1000, 0
        elif word == "hundred":
            below = (below or 1) * 100
        else:
            below += _WORTH.get(word, 0)
    return total + below
