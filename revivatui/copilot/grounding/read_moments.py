"""Dates, weekdays, days relative to today, and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from revivatui.copilot.grounding.plain import TAKEN
from revivatui.copilot.grounding.readings import Edge, Reading

_MONTHS: Final = (
    "jan(?:uary|eiro)?", "feb(?:ruary)?|fev(?:ereiro)?", "mar(?:ch|co)?", "apr(?:il)?|abr(?:il)?",
    "may|maio?", "june?|jun(?:ho)?", "july?|jul(?:ho)?", "aug(?:ust)?|ago(?:sto)?",
    "sept?(?:ember)?|set(?:embro)?", "oct(?:ober)?|out(?:ubro)?", "nov(?:ember|embro)?",
    "dec(?:ember)?|dez(?:embro)?",
)  # fmt: skip
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})\.?(?!\w)"
_WEEKDAYS: Final = (
    "mon(?:days?)?|segundas?(?:-feiras?)?", "tue(?:s(?:days?)?)?|tercas?(?:-feiras?)?",
    "wed(?:nesdays?)?|quartas?(?:-feiras?)?", "thu(?:r(?:s(?:days?)?)?)?|quintas?(?:-feiras?)?",
    "fri(?:days?)?|sextas?(?:-feiras?)?", "sat(?:urdays?)?|sabados?", "sun(?:days?)?|domingos?",
)  # fmt: skip
_WEEKDAY: Final = rf"(?<!\w)(?:{'|'.join(_WEEKDAYS)})(?!\w)"
_SHORT_EN: Final = re.compile(r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)$", re.IGNORECASE)
_LONE_PT: Final = re.compile(r"(?:segunda|terca|quarta|quinta|sexta)s?$", re.IGNORECASE)
_LEADS_TO_DAY: Final = re.compile(
    r"(?:\b(?:n[ao]s?|a|as|ate|de|da|do|das|dos|para|proxim[ao]|est[ae]|e|ou|ultim[ao])\s+|[-/]\s?)$",
    re.IGNORECASE,
)
_DAY_NUMBERS: Final = {
    word: at
    for at, words in enumerate(
        (
            "first primeiro", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
            "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
            "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
            "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth",
            "twenty-sixth", "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth",
            "thirty-first",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_TO_TWENTY_PT: Final = (
    "um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis"
    " dezassete dezoito dezanove vinte"
)
_SPELLED_PT: Final = {
    **{word: at for at, word in enumerate(_TO_TWENTY_PT.split(), 1)},
    **{f"vinte e {word}": 20 + at for at, word in enumerate(_TO_TWENTY_PT.split()[:9], 1)},
    "trinta": 30,
    "trinta e um": 31,
}
_DAY_WORDS: Final = {**_DAY_NUMBERS, **_SPELLED_PT}
_SPELLED_DAY: Final = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
_DAY: Final = rf"(?:(?<![\d.,])\d{{1,2}}(?:st|nd|rd|th|o)?|(?<!\w)(?:{_SPELLED_DAY}))(?!\d)"
_YEAR: Final = r"(?:(?:,|\s+of|\s+de)?\s+(?:de\s+)?(?:20\d\d|'\d\d))"
_NAMED: Final = re.compile(
    rf"(?:(?P<w1>{_WEEKDAY})[.,]?\s+(?:the\s+|dia\s+)?)?"
    rf"(?:(?P<d1>{_DAY})(?:\s+(?:of|de)\s+|[\s.-]+|)(?P<m1>(?<![a-z]){_MONTH}|(?<=\d){_MONTH})"
    rf"(?P<y1>{_YEAR})?"
    rf"|(?<!\w)(?P<m2>{_MONTH})\s+(?:the\s+)?(?P<d2>{_DAY})(?![:.]?\d)(?P<y2>{_YEAR})?)"
    rf"(?:\s*[(,]?\s*(?P<w2>{_WEEKDAY}))?",
    re.IGNORECASE,
)
_FIGURES: Final = re.compile(
    rf"(?:(?P<w1>{_WEEKDAY})[.,]?\s+(?:the\s+|dia\s+)?)?"
    r"(?<![\d/.-])(?:(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"
    r"|(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?:(?P=s)(?P<y2>(?:20)?\d\d))?(?![\d/]|[.,-]\d))"
    rf"(?:\s*[(,]?\s*(?P<w2>{_WEEKDAY}))?",
    re.IGNORECASE,
)
_TWO_FIGURES: Final = re.compile(r"\d[-/.]\d")
_DAY_OF_WEEK: Final = re.compile(
    rf"(?P<a>{_WEEKDAY})\.?(?:(?P<join>\s?(?:-|to|through|thru|until|till|a|ate)\s?(?:as?\s+)?)"
    rf"(?P<b>{_WEEKDAY})\.?)?(?:\s+(?:the\s+|dia\s+)?(?P<n>\d{{1,2}})(?:st|nd|rd|th)(?!\w))?",
    re.IGNORECASE,
)
_DAY_ALONE: Final = re.compile(
    r"(?<!\w)(?:(?:the|by|on)\s+(?:the\s+)?(?P<a>\d{1,2})(?:st|nd|rd|th)"
    r"|(?:no\s+)?dia\s+(?P<b>\d{1,2}))(?!\w|[.:]\d)",
    re.IGNORECASE,
)
_IN_MONTH: Final = re.compile(
    r"(?<!\w)(?:[Ii]n|[Bb]y|[Uu]ntil|[Ss]ince|of|[Nn]ext|this|em|ate|de|desde|early|late|mid"
    r"|end of)"
    rf"\s+(?P<m>(?=[A-Z]|(?:jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez)\w+o\b)(?i:{_MONTH}))"
    rf"(?P<y>{_YEAR})?",
)
_RELATIVE: Final = re.compile(
    r"(?<!\w)(?:(?P<two>(?:the\s+)?day\s+after\s+tomorrow|depois\s+de\s+amanha)"
    r"|(?P<one>tomorrow|amanha)"
    r"|(?P<zero>today|tonight|this\s+(?:morning|afternoon|evening)|hoje"
    r"|est[ae]\s+(?:manha|tarde|noite)|end\s+of\s+(?:the\s+)?day|(?:ao\s+)?fim\s+do\s+dia"
    r"|same[\s-]day|(?:no\s+)?(?:proprio|mesmo)\s+dia)"
    r"|(?P<past>yesterday|ontem)"
    r"|(?P<week>this\s+week(?:end)?|esta\s+semana|este\s+fim\s+de\s+semana|end\s+of\s+the\s+week)"
    r"|(?P<next>next\s+week(?:end)?|(?:na\s+)?proxima\s+semana|semana\s+que\s+vem)"
    r"|(?P<month>next\s+month|(?:no\s+)?proximo\s+mes|this\s+month|este\s+mes))(?!\w)",
    re.IGNORECASE,
)
_NO_PROMISE: Final = re.compile(
    r"(?:(?:help|assist|do|writing|contact\w*|reach\w*|visit\w*|chat\w*|thank\w*|ajud\w+|contact\w+"
    r"|escrever|mensagem|servir)\b[^.!?\n]{0,30}|(?:how|como)\b[^.!?\n]{0,25})$",
    re.IGNORECASE,
)

_CLOCK: Final = (
    r"(?:(?P<h{0}>[01]?\d|2[0-4])(?:(?P<c{0}>[:h.])(?P<m{0}>[0-5]\d))?"
    r"(?:\s?(?P<ap{0}>[ap]\.?m(?:\.|(?!\w)))|(?P<bare{0}>\s?(?:h(?![a-z])|hrs?(?!\w)|o'?clock|horas?"
    r"(?!\w))))?)"
)
_TIME: Final = re.compile(
    rf"(?P<lead>(?<!\w)(?:at|as|pelas|by|from|between|until|till|before|after|das|ate\s+as|entre\s+as"
    rf"|antes\s+das|depois\s+das|a\s+partir\s+das)\s+)?(?<![\w.,:/-]){_CLOCK.format(1)}"
    rf"(?:(?P<join>\s?(?:-|to|until|till|and|ate|as|a|e)\s?(?:as\s+)?){_CLOCK.format(2)})?",
    re.IGNORECASE,
)
_WORD_TIME: Final = re.compile(
    r"(?<!\w)(?:(?P<noon>(?:twelve\s+)?noon|midday|meio[ -]dia)"
    r"|(?P<midnight>midnight|meia[ -]noite)"
    r"|(?:(?P<past>half\s+past|quarter\s+past)|(?P<to>quarter\s+to))\s+(?P<hour>[a-z]+|\d{1,2})"
    r"|(?P<h>(?:at|as|pelas|by|around|until|before|after)\s+(?P<word>[a-z]+)\s*"
    r"(?:(?P<ap>[ap]\.?m\.?)|(?P<clock>o'?clock|horas|da\s+(?:manha|tarde|noite)"
    r"|in\s+the\s+(?:morning|afternoon|evening)))))(?!\w)",
    re.IGNORECASE,
)
_HOURS_WORDS: Final = {
    word: at
    for at, words in enumerate(
        (
            "one uma", "two duas", "three tres", "four quatro", "five cinco", "six seis",
            "seven sete", "eight oito", "nine nove", "ten dez", "eleven onze", "twelve doze",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_HOURS: Final = re.compile(
    r"\b(?:open\w*|clos(?:e|ed|es|ing)|hours|walk[\s-]?in|drop\s+(?:in|by|it)|come\s+by|bring"
    r"|weekdays?|weekends?|shop|abert\w+|abrimos|fecha\w*|encerra\w*|horario\w*|passa[r]?|traz\w*"
    r"|loja|funciona\w*|feriados?|available|disponive\w+)\b",
    re.IGNORECASE,
)
_WITHIN_HOURS: Final = re.compile(r"\b(?:until|ate|before|between|entre|antes)\b", re.IGNORECASE)
"""Words that bound a time of day by when the shop closes, and no day."""
_HOURS_FOLLOW: Final = re.compile(
    r"[\s:,.]{1,3}(?:das\s|from\s|de\s)?\d{1,2}\S{0,5}\s?(?:-|to|as|a|ate|until)\s?(?:as\s)?\d{1,2}",
    re.IGNORECASE,
)
_PROMISED: Final = re.compile(
    r"\b(?:ready|done|finish\w*|complet\w*|promis\w*|arriv\w*|deliver\w*|appointment|booked|pront\w+"
    r"|conclu\w+|promet\w*|cheg\w+|entreg\w+|marca\w+|agenda\w+)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?;]\s|\n")


def in_hours(text: str, start: int, end: int, *, time: bool = False) -> bool:
    """Whether a sentence tells when the shop is open rather than when something happens."""
    begins = max((one.end() for one in _SENTENCE.finditer(text, 0, start)), default=0)
    ends = _SENTENCE.search(text, end)
    sentence = text[begins : ends.start() if ends else len(text)]
    told = _HOURS.search(sentence) or (time and _WITHIN_HOURS.search(sentence))
    return bool(told) and not _PROMISED.search(sentence)


def _month_of(words: str) -> int:
    bare = words.rstrip(".")
    return next(
        (at for at, one in enumerate(_MONTHS, 1) if re.fullmatch(one, bare, re.IGNORECASE)), 0
    )


def _weekday_of(words: str) -> int:
    return next(at for at, one in enumerate(_WEEKDAYS) if re.fullmatch(one, words, re.IGNORECASE))


def _day_of(words: str) -> int:
    digits = re.match(r"\d+", words)
    return int(digits[0]) if digits else _DAY_WORDS[words.lower()]


def _year_of(words: str | None) -> int:
    found = re.search(r"\d+", words or "")
    if found is None:
        return 0
    return int(found[0]) if len(found[0]) == 4 else 2000 + int(found[0])


def _date_key(year: int, month: int, day: int, weekdays: set[int]) -> str:
    named = ",".join(str(one) for one in sorted(weekdays))
    return f"{year or ''}-{month:02}-{day:02}" + (f" {named}" if named else "")


def dates(text: str) -> Iterator[Reading]:
    """Days with a month: "30 November 2026", "2026-11-30", "30/11", "segunda, 30 de novembro"."""
    for one in _NAMED.finditer(text):
        month, day = _month_of(one["m1"] or one["m2"]), _day_of(one["d1"] or one["d2"])
        if _is_day(month, day):
            key = _date_key(_year_of(one["y1"] or one["y2"]), month, day, _weekdays_of(one))
            yield Reading("date", one.start(), one.end(), (key,))


def figure_dates(text: str) -> Iterator[Reading]:
    if not _TWO_FIGURES.search(text):
        return
    for one in _FIGURES.finditer(text):
        if one["y"]:
            month, day, year = int(one["m"]), int(one["d"]), int(one["y"])
        else:
            day, month, year = int(one["a"]), int(one["b"]), _year_of(one["y2"])
            if one["s"] != "/" and not year:
                continue
            if month > 12:
                day, month = month, day
        if _is_day(month, day):
            key = _date_key(year, month, day, _weekdays_of(one))
            yield Reading("date", one.start(), one.end(), (key,))


def _weekdays_of(one: re.Match[str]) -> set[int]:
    return {_weekday_of(one[name]) for name in ("w1", "w2") if one[name]}


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def weekdays(text: str) -> Iterator[Reading]:
    for one in _DAY_OF_WEEK.finditer(text):
        if not one["b"] and not _is_weekday(text, one):
            continue
        first = _weekday_of(one["a"])
        hours = _HOURS_FOLLOW.match(text, one.end()) or in_hours(text, *one.span())
        role = "hours" if hours else ""
        if one["b"]:
            last = _weekday_of(one["b"])
            yield Reading("date", *one.span(), (f"w{first}",), (f"w{last}",), role="hours")
        elif one["n"]:
            yield Reading("date", *one.span(), (f"d{int(one['n'])} {first}",))
        else:
            yield Reading("date", *one.span(), (f"w{first}",), role=role)


def _is_weekday(text: str, one: re.Match[str]) -> bool:
    words = one["a"]
    if _SHORT_EN.fullmatch(words):
        return words[0].isupper()
    if _LONE_PT.fullmatch(words):
        return bool(_LEADS_TO_DAY.search(text[max(0, one.start() - 12) : one.start()]))
    return True


def other_days(text: str, today: date) -> Iterator[Reading]:
    """Days without a month, months without a day, and days told from today."""
    for one in _DAY_ALONE.finditer(text):
        yield Reading("date", *one.span(), (f"d{int(one['a'] or one['b'])}",))
    for one in _IN_MONTH.finditer(text):
        yield Reading("date", *one.span(), (f"m{_month_of(one['m'])}",))
    for one in _RELATIVE.finditer(text):
        if one["zero"] and not _promises(text, one):
            continue
        role = "hours" if in_hours(text, *one.span()) else ""
        yield Reading("date", *one.span(), (_relative_key(one, today),), role=role)


def _promises(text: str, one: re.Match[str]) -> bool:
    return not _NO_PROMISE.search(text[max(0, one.start() - 60) : one.start()])


def _relative_key(one: re.Match[str], today: date) -> str:
    for name, days in (("two", 2), ("one", 1), ("zero", 0), ("past", -1)):
        if one[name]:
            return (today + timedelta(days)).isoformat()
    if one["month"]:
        ahead = "next" in one["month"].lower() or "proximo" in one["month"].lower()
        return f"m{(today.month - 1 + ahead) % 12 + 1}"
    monday = today - timedelta(today.weekday()) + timedelta(7 if one["next"] else 0)
    return f"week {monday.isoformat()}"


def clock_times(text: str) -> Iterator[Reading]:
    """Times that carry a mark of one: "14:30", "2 pm", "14h", "9:00-18:00", "9-18h"."""
    for one in _TIME.finditer(text):
        start = one.start("h1")
        two = one["h2"] is not None
        behind_day = text[max(0, start - 3) : start].lstrip().startswith(f"{TAKEN},")
        marked = [_marked(one, at) or (behind_day and bool(one[f"bare{at}"])) for at in (1, 2)]
        if two and not any(marked) and not _joined_hours(text, one):
            continue
        if not two and not marked[0]:
            continue
        if two and not marked[1] and marked[0] and one["join"].strip() in ("a", "e", "and", "as"):
            yield Reading("time", start, _end_of_first(one), _times(one, 1), role=_role(text, one))
            continue
        role = "hours" if two else _role(text, one)
        edge: Edge = ""
        if two:
            yield Reading("time", start, one.end(), _times(one, 1), _times(one, 2), edge, role)
        else:
            yield Reading("time", start, one.end(), _times(one, 1), (), edge, role)


def _role(text: str, one: re.Match[str]) -> str:
    return "hours" if in_hours(text, *one.span(), time=True) else ""


def _end_of_first(one: re.Match[str]) -> int:
    return one.start("join")


def _marked(one: re.Match[str], at: int) -> bool:
    if one[f"h{at}"] is None:
        return False
    minutes = one[f"m{at}"] and one[f"c{at}"] != "."
    bare = one[f"bare{at}"] and (at == 2 or _says_when(one))
    dotted = one[f"m{at}"] and one[f"c{at}"] == "." and one["lead"]
    return bool(minutes or one[f"ap{at}"] or bare or dotted)


def _says_when(one: re.Match[str]) -> bool:
    """Whether "14h" is a time and not how long something takes."""
    bare = (one["bare1"] or "").strip().lower()
    return bool(one["lead"]) or bare in ("o'clock", "oclock") or one["h2"] is not None


def _joined_hours(text: str, one: re.Match[str]) -> bool:
    """Whether "9-18" stands behind a weekday, as opening hours do."""
    before = text[max(0, one.start() - 16) : one.start()]
    if one["m1"] or one["m2"] or int(one["h1"]) >= int(one["h2"]):
        return False
    return bool(re.search(rf"(?:{_WEEKDAY})[\s:,.]*(?:das\s+)?$|\x00[\s:,.]*$", before, re.I))


def _times(one: re.Match[str], at: int) -> tuple[str, ...]:
    hour, minute = int(one[f"h{at}"]), int(one[f"m{at}"] or 0)
    marked = one[f"ap{at}"] or (one["ap2"] if one["h2"] is not None else "")
    half = (marked or "").lower()[:1]
    if half == "p" and hour < 12 and (one[f"ap{at}"] or hour <= int(one["h2"] or 12)):
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return (f"{hour % 24:02}:{minute:02}",)


def spelled_times(text: str) -> Iterator[Reading]:
    for one in _WORD_TIME.finditer(text):
        keys = _spelled_keys(one)
        if keys:
            role = "hours" if in_hours(text, *one.span(), time=True) else ""
            yield Reading("time", one.start(), one.end(), keys, role=role)


def _spelled_keys(one: re.Match[str]) -> tuple[str, ...]:
    if one["noon"]:
        return ("12:00",)
    if one["midnight"]:
        return ("00:00",)
    words = (one["hour"] or one["word"] or "").lower()
    hour = int(words) if words.isdigit() else _HOURS_WORDS.get(words, 0)
    if not hour:
        return ()
    minute = 0
    if one["past"]:
        minute = 30 if one["past"].lower().startswith("half") else 15
    elif one["to"]:
        hour, minute = hour - 1, 45
    told = (one["ap"] or one["clock"] or "").lower()
    morning = f"{hour % 12:02}:{minute:02}"
    evening = f"{hour % 12 + 12:02}:{minute:02}"
    if told.startswith("p") or "tarde" in told or "noite" in told or "noon" in told:
        return (evening,)
    if told.startswith("a") or "manha" in told or "morning" in told:
        return (morning,)
    return morning, evening
