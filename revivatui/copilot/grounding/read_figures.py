"""Amounts of money, percentages, durations, quantities, and whatever number is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from revivatui.copilot.grounding.numerals import (
    FIGURES,
    NUMBER,
    WRITTEN_OUT,
    is_lone,
    times,
    values_of,
)
from revivatui.copilot.grounding.plain import TAKEN
from revivatui.copilot.grounding.readings import Edge, Kind, Reading

_CODES: Final = "CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CNY INR AOA MZN CVE MXN NZD ZAR TRY BTC"
_CURRENCIES: Final = {
    "EUR": r"€|eur(?:os?)?",
    "GBP": r"£|gbp|pounds?(?: sterling)?|quid|libras?",
    "BRL": r"R\$|brl|reais",
    "$": r"(?:US|CA|AU)?\$|usd|cad|aud|dollars?|dolar(?:es)?|bucks",
    "cent": r"cents?|centimos?|pence",
    **{code: code.lower() for code in (_CODES.split())},
    "JPY/CNY": "[¥]",
    "other": "[₿₹₽₺₩₴₫₦]|bitcoins?|coroas?|kronor|kroner",
}
_CURRENCY: Final = (
    "(?:"
    + "|".join(
        rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])"
        for words in sorted(_CURRENCIES.values(), key=lambda one: "$" not in one)
    )
    + ")"
)
_JOIN: Final = r"\s?(?:-|/|to|up to|until|till|through|ate|a|or|ou|and|e)\s?"
_THOUSANDS: Final = r"(?:\s?k(?!\w)|\s+mil(?!\w)|\s+thousand(?!\w))?"
_BETWEEN: Final = r"(?:(?:between|entre)\s+)?"

_MONEY: Final = re.compile(
    rf"{_BETWEEN}(?:"
    rf"(?P<c1>{_CURRENCY})\s?(?P<n1>{NUMBER}{_THOUSANDS})"
    rf"(?:{_JOIN}(?P<c2>{_CURRENCY})?\s?(?P<n2>{NUMBER}{_THOUSANDS})(?!\s?%))?(?:\s?{_CURRENCY})?"
    rf"|(?P<n3>{NUMBER}{_THOUSANDS})(?:\s?(?P<c3>{_CURRENCY}))?{_JOIN}"
    rf"(?P<n4>{NUMBER}{_THOUSANDS})(?:,-|\.-)?\s?(?P<c4>{_CURRENCY})"
    rf"|(?P<n5>{NUMBER}{_THOUSANDS})(?:,-|\.-)?[\s-]?(?P<c5>{_CURRENCY}))",
    re.IGNORECASE,
)
_PERCENT: Final = r"(?:%|percent|per cent|por cento|pct\.?)"
_PERCENTAGE: Final = re.compile(
    rf"{_BETWEEN}(?P<n1>{NUMBER})(?:\s?{_PERCENT})?{_JOIN}(?P<n2>{NUMBER})\s?{_PERCENT}"
    rf"|(?P<n3>{NUMBER})[\s-]?{_PERCENT}"
    r"|(?P<half>half(?:\s+the)?[\s-]price|half off|metade do preco|a meio preco)",
    re.IGNORECASE,
)

_SPANS: Final = {
    "minute": (r"min(?:ute|uto)?s?\.?", "minute", 1),
    "hour": (r"h(?:ou)?rs?|horas?|h", "minute", 60),
    "night": (r"nights?|noites?", "minute", 1440),
    "day": (r"(?:(?:business|working|week|calendar)[\s-]?)?days?|dias?(?:\s+(?:uteis|util))?|d",
            "day", 1),
    "week": (r"weeks?|wks?|semanas?", "day", 7),
    "month": (r"months?|mos?|mes(?:es)?", "month", 1),
    "year": (r"years?|yrs?|anos?", "month", 12),
    "second": (r"seconds?|secs?|segundos?", "second", 1),
}  # fmt: skip
_SPAN: Final = "(?:" + "|".join(words for words, _, _ in _SPANS.values()) + r")(?!\w)"
_VAGUE: Final = (
    r"(?:a\s+)?(?:few|couple(?:\s+of)?)|several|alguns|algumas|poucos|poucas"
    rf"|{WRITTEN_OUT}\s+par\s+de"
)
_DURATION: Final = re.compile(
    rf"{_BETWEEN}(?P<n1>{NUMBER})(?:[\s-]?(?P<u1>{_SPAN}))?{_JOIN}(?P<n2>{NUMBER})[\s-]?(?P<u2>{_SPAN})"
    rf"|(?P<n3>{NUMBER})[\s-]?(?P<u3>{_SPAN})"
    rf"|(?<!\w)(?P<vague>{_VAGUE})\s+(?P<u4>{_SPAN})"
    rf"|(?<!\w)(?P<half>half\s+an?|half|meia)\s+(?P<u5>hour|hora|day|year)(?!\w)"
    r"|(?<!\w)(?:in|within|takes?|about|after|for|another|under|less\s+than|is|only|just|lasts?|of"
    r"|em|dentro\s+de|demora|cerca\s+de|daqui\s+a|mais|menos\s+de|dura)\s+(?P<one>an?|the)\s+"
    rf"(?:single\s+)?(?P<u6>{_SPAN})",
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(
    rf"(?P<n>{FIGURES})\s?-?(?P<u>[GTMK]i?B|[GM]Hz|mAh|Wh|W|V|mm|cm|km|kg|inch(?:es)?|in\.|\"|''"
    r"|polegadas|px|fps|rpm|cores|nm)(?![A-Za-z])",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    rf"{_BETWEEN}(?P<n1>{NUMBER})(?P<join>\s?(?:-|/|to|ate|a)\s?)(?P<n2>{NUMBER})"
    rf"|(?P<n3>{NUMBER})(?P<tail>(?:st|nd|rd|th|x|o|a)(?!\w))?",
    re.IGNORECASE,
)
_LOW: Final = re.compile(
    r"(?:from|starting(?:\s+(?:at|from))?|starts?\s+(?:at|from)|at\s+least|minimum(?:\s+of)?"
    r"|no\s+less\s+than|a\s+partir\s+de|desde|pelo\s+menos|no\s+minimo|minimo(?:\s+de)?"
    r"|comeca(?:m)?\s+(?:em|nos)|de)\s*(?:os\s+)?$",
    re.IGNORECASE,
)
_HIGH: Final = re.compile(
    r"(?:up\s+to|at\s+most|maximum(?:\s+of)?|no\s+more\s+than|not\s+more\s+than|max\.?|within"
    r"|ate|no\s+maximo|maximo(?:\s+de)?|em|dentro\s+de)\s*(?:aos?\s+)?$",
    re.IGNORECASE,
)
_ROLE_WORDS: Final = {
    "discount": r"discount\w*|rebate|off|cheaper|reduction|voucher|coupon|promo\w*|savings?|save"
    r"|desconto\w*|abatimento|promocao|vale|menos",
    "refund": r"refund\w*|money\s+back|back|reimburse\w*|compensat\w+|goodwill|credit|reembols\w+"
    r"|devolv\w+|devolucao|compensacao|indemniza\w+",
    "deposit": r"deposit|prepay\w*|advance|down\s+payment|sinal|caucao|adiantamento",
    "total": r"total|in\s+all|altogether|ao\s+todo",
    "cancel": r"cancellation\s+fee|taxa\s+de\s+cancelamento",
}
_ROLE_BEFORE: Final = {
    role: re.compile(rf"(?<!\w)(?:{words})(?:[ :]+[a-z]+){{0,3}}[ :]*$", re.IGNORECASE)
    for role, words in _ROLE_WORDS.items()
}
_ROLE_AFTER: Final = {
    role: re.compile(
        rf"(?:\s+(?:de|em|as|of|in|a|um|your|on)){{0,2}}[\s-]*(?:{words})(?!\w)", re.IGNORECASE
    )
    for role, words in _ROLE_WORDS.items()
}
_CLAUSE: Final = re.compile(rf"[.;:!?\n,(){TAKEN}]|\s(?:and|but|e|mas)\s")


def money(text: str) -> Iterator[Reading]:
    for one in _MONEY.finditer(text):
        named = one["c1"] or one["c5"] or one["c4"]
        code = _code_of(named)
        low, high = one["n1"] or one["n3"] or one["n5"], one["n2"] or one["n4"]
        first = _code_of(one["c3"]) if one["c3"] else code
        second = _code_of(one["c2"]) if one["c2"] else code
        keys = tuple(f"{first} {value}" for value in _amounts(low))
        upper = tuple(f"{second} {value}" for value in _amounts(high)) if high else ()
        yield _figure("price", text, one, keys, upper)


def percentages(text: str) -> Iterator[Reading]:
    for one in _PERCENTAGE.finditer(text):
        if one["half"]:
            yield Reading("percentage", one.start(), one.end(), ("50",), role="discount")
        else:
            upper = values_of(one["n2"]) if one["n2"] else ()
            yield _figure("percentage", text, one, values_of(one["n1"] or one["n3"]), upper)


def durations(text: str) -> Iterator[Reading]:
    for one in _DURATION.finditer(text):
        if one["n2"]:
            unit = one["u2"]
            keys = _spans(one["n1"], one["u1"] or unit)
            yield _figure("duration", text, one, keys, _spans(one["n2"], unit))
        elif one["n3"]:
            yield _figure("duration", text, one, _spans(one["n3"], one["u3"]))
        elif one["vague"]:
            yield Reading("duration", *one.span(), (f"some {_unit_of(one['u4'])[0]}",))
        elif one["half"]:
            yield Reading("duration", *one.span(), (_half_of(one["u5"]),))
        else:
            start = one.start("one")
            edge = _edge(text, start)
            yield Reading("duration", start, one.end(), _spans("1", one["u6"]), edge=edge)


def quantities(text: str) -> Iterator[Reading]:
    for one in _QUANTITY.finditer(text):
        unit = one["u"].lower()
        unit = "inch" if unit[:2] in ("in", '"', "''", "po") else unit.replace("ib", "b")
        keys = tuple(f"{value} {unit}" for value in values_of(one["n"]))
        yield Reading("number", one.start(), one.end(), keys)


def numbers(text: str) -> Iterator[Reading]:
    """The numbers that nothing else was made of."""
    for one in _NUMBER.finditer(text):
        if one["n2"]:
            yield from _two_numbers(text, one)
        elif not is_lone(one["n3"]):
            start, end = one.span("n3")
            if one["tail"] and text[start].isdigit():
                end = one.end()
            yield _figure("number", text, one, values_of(one["n3"]), place=(start, end))


def _two_numbers(text: str, one: re.Match[str]) -> Iterator[Reading]:
    if not is_lone(one["n1"]) and not is_lone(one["n2"]):
        place = (one.start("n1"), one.end("n2"))
        low, high = values_of(one["n1"]), values_of(one["n2"])
        yield _figure("number", text, one, low, high, place=place)
        return
    for name in ("n1", "n2"):
        if not is_lone(one[name]):
            yield _figure("number", text, one, values_of(one[name]), place=one.span(name))


def _figure(
    kind: Kind,
    text: str,
    one: re.Match[str],
    keys: tuple[str, ...],
    high: tuple[str, ...] = (),
    place: tuple[int, int] | None = None,
) -> Reading:
    start, end = place or one.span()
    role = role_of(text, start, end) if kind in ("price", "percentage") else ""
    return Reading(kind, start, end, keys, high, "" if high else _edge(text, start), role)


def role_of(text: str, start: int, end: int) -> str:
    """What a figure is said to be for, by the words of its clause."""
    before = _CLAUSE.split(text[max(0, start - 60) : start])[-1] or ""
    behind = _CLAUSE.split(text[end : end + 40])[0] or ""
    for role, pattern in _ROLE_BEFORE.items():
        if pattern.search(before):
            return role
    for role, pattern in _ROLE_AFTER.items():
        if pattern.match(behind):
            return role
    return ""


def _edge(text: str, start: int) -> Edge:
    before = text[max(0, start - 30) : start]
    if _LOW.search(before):
        return "low"
    return "high" if _HIGH.search(before) else ""


def _amounts(number: str) -> tuple[str, ...]:
    lowered = number.lower()
    for ending in ("k", " mil", " thousand"):
        if lowered.endswith(ending) and (bare := number[: -len(ending)].strip()):
            return tuple(times(value, 1000) for value in values_of(bare))
    return values_of(number, money=True)


def _code_of(words: str) -> str:
    for code, pattern in sorted(_CURRENCIES.items(), key=lambda one: "R" not in one[1]):
        if re.fullmatch(pattern, words, re.IGNORECASE):
            return code
    return "other"


def _unit_of(words: str) -> tuple[str, int]:
    for pattern, unit, factor in _SPANS.values():
        if re.fullmatch(pattern, words, re.IGNORECASE):
            return unit, factor
    return "day", 1


def _spans(number: str, unit_words: str) -> tuple[str, ...]:
    unit, factor = _unit_of(unit_words)
    spans = []
    for value in values_of(number):
        length = times(value, factor)
        if unit == "minute" and length.isdigit() and int(length) % 1440 == 0 and int(length):
            spans.append(f"{int(length) // 1440} day")
        else:
            spans.append(f"{length} {unit}")
    return tuple(spans)


def _half_of(unit: str) -> str:
    halves: dict[Literal["h", "d", "y"], str] = {
        "h": "30 minute",
        "d": "720 minute",
        "y": "6 month",
    }
    return halves["h" if unit[0] in "hH" else "d" if unit[0] in "dD" else "y"]
