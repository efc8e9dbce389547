"""Numbers as an axis shows them (short) and as they are said (in full, with their noun)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from revivatui.state.charts.data import Measure, Unit

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_LARGE: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def plain(value: float, places: int = 1) -> str:
    """A number with its thousands set apart, at most `places` behind the point: "1,204", "4.5"."""
    text = f"{value:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def short(value: float, unit: Unit) -> str:
    """For an axis or the end of a bar: "1,200", "12 k", "4.5", "1 min 30", "85 %"."""
    if unit == "seconds":
        return _short_seconds(value)
    if unit == "percent":
        return f"{plain(value)} %"
    if abs(value) < 9999.5:
        return plain(value, 1 if abs(value) >= 1 else 2)
    for size, letter in _LARGE:
        if abs(value) >= size * 0.9995:
            return f"{plain(value / size)} {letter}"
    return plain(value)


def _short_seconds(value: float) -> str:
    if value < 0:
        return "-" + _short_seconds(-value)
    if value < 9.95 and value != int(value):
        return f"{plain(value, 2 if value < 1 else 1)} s"
    whole = round(value)
    if whole < _MINUTE:
        return f"{whole} s" if whole else "0"
    if whole < _HOUR:
        return _two(whole, _MINUTE, "min", 1)
    if whole < _DAY:
        return _two(whole, _HOUR, "h", _MINUTE)
    days, rest = divmod(round(whole / _HOUR), 24)
    return f"{plain(days)} d {rest} h" if rest else f"{plain(days)} d"


def _two(whole: int, size: int, word: str, rest_size: int) -> str:
    """ "2 h 05": a whole number of a unit, and of the next smaller one where there is a rest."""
    large, rest = divmod(round(whole / rest_size), size // rest_size)
    return f"{large} {word} {rest:02}" if rest else f"{large} {word}"


def seconds_words(value: float) -> str:
    """A duration in its two largest units: "52 s", "1 min 52 s", "2 h 5 min", "3 d 4 h"."""
    if value < 0:
        return f"minus {seconds_words(-value)}"
    if value < 9.95 and value != int(value):
        return f"{plain(value, 2 if value < 1 else 1)} s"
    whole = round(value)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _pair(whole, _MINUTE, "min", 1, "s")
    if round(whole / _MINUTE) < _DAY // _MINUTE:
        return _pair(whole, _HOUR, "h", _MINUTE, "min")
    return _pair(whole, _DAY, "d", _HOUR, "h")


def _pair(whole: int, size: int, word: str, rest_size: int, rest_word: str) -> str:
    large, rest = divmod(round(whole / rest_size), size // rest_size)
    return f"{plain(large)} {word} {rest} {rest_word}" if rest else f"{plain(large)} {word}"


def said(value: float, measure: Measure) -> str:
    """A value as it is said: "12 conversations", "1 min 52 s", "83 %", "4.6"."""
    if measure.unit == "seconds":
        return seconds_words(value)
    if measure.unit == "percent":
        return f"{plain(value)} %"
    text = plain(value, 1 if measure.unit == "count" else 2)
    noun = measure.one if text == "1" else measure.many
    return f"{text} {noun}".rstrip()


def difference(value: float, before: float, measure: Measure) -> str:
    """How a value differs from one before it, to be followed by what that was.

    "3 more than", "1 min 5 s shorter than", "2 points less than", "the same as".
    """
    change = value - before
    apart = abs(change)
    if measure.unit == "seconds":
        words = seconds_words(apart)
        zero, more, less = words == "0 s", "longer than", "shorter than"
    elif measure.unit == "percent":
        number = plain(apart)
        words = f"{number} point{'' if number == '1' else 's'}"
        zero, more, less = number == "0", "more than", "less than"
    else:
        words = plain(apart, 1 if measure.unit == "count" else 2)
        zero, more = words == "0", "more than"
        less = "fewer than" if measure.unit == "count" else "less than"
    return "the same as" if zero else f"{words} {more if change > 0 else less}"


def percent_change(value: float, before: float) -> float | None:
    """The change in percent of what was before; None where that was nothing."""
    if not before or not math.isfinite(before) or not math.isfinite(value):
        return None
    return 100 * (value - before) / abs(before)
