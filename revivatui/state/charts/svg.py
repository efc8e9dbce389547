"""The charts as SVG for reports: small, self-contained, readable aloud and without colour.

Every picture has a title and a description that says all its values, and names itself by both. All
text is escaped; there is no script, no style from outside and no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.charts.columns import thinned
from revivatui.state.charts.data import (
    EMPTY,
    NO_DATA,
    Bar,
    BarData,
    HeatData,
    LineData,
    RatingData,
    all_values,
    is_empty,
    known,
)
from revivatui.state.charts.levels import HEAT_LEVELS, level
from revivatui.state.charts.numbers import short
from revivatui.state.charts.scale import Scale, scale_of
from revivatui.state.charts.shares import percents
from revivatui.state.charts.table import as_text
from revivatui.state.charts.words import RATED, points, spoken
from revivatui.text.width import truncate, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from revivatui.state.charts.data import Series

Drawable = LineData | BarData | HeatData | RatingData

WIDE: Final = 720
_TOP: Final = 44
"""Where the field begins below the title."""
_FIELD: Final = 220
_ROW: Final = 26
_LETTER: Final = 7.0
"""Width of a letter at the size of the labels, on the generous side."""
_INK: Final = "#1d1d1f"
_PALE: Final = "#636366"
_RULE: Final = "#e5e7eb"
_HUES: Final = ("#0062cc", "#15742e", "#a14f00")
_DASHES: Final = ("", "8 4", "3 3")
_BEFORE_DASH: Final = "1 5"
_SHADES: Final = ("#f2f2f7", "#cfe3ff", "#8fbdff", "#3d8bef", "#0062cc")
_NOT_IN_XML: Final = {
    code: None
    for code in (*range(32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
    if code not in (9, 10, 13)
}
_ESCAPED: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"))
_MOST_WORDS: Final = 400
"""Points that a description says one by one; more of them are said as a table would be."""


def svg(data: Drawable, name: str = "chart", empty: str = EMPTY) -> str:
    """A chart as an SVG element. `name` makes its ids unique in a page: letters and digits."""
    if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise ValueError(f"{name!r} is no name for an element")
    if is_empty(data):
        parts = [_text(WIDE / 2, _TOP + 40, empty, _PALE, "middle")]
        return _framed(data.title, empty, parts, _TOP + 80, name)
    match data:
        case LineData():
            parts, height = list(_line(data)), _TOP + _FIELD + 40
        case BarData():
            parts, height = list(_bars(data)), _TOP + _ROW * len(data.bars) + 10
        case RatingData():
            parts, height = list(_bars(_as_bars(data))), _TOP + _ROW * len(data.counts) + 10
        case HeatData():
            parts, height = list(_heat(data)), _TOP + _ROW * len(data.rows) + 64
    return _framed(data.title, _description(data), parts, height, name)


def escaped(text: str) -> str:
    """Text that is text in an element and in an attribute, and well-formed in any XML."""
    text = text.translate(_NOT_IN_XML)
    for letter, written in _ESCAPED:
        text = text.replace(letter, written)
    return text


def _framed(title: str, told: str, parts: Iterable[str], height: float, name: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDE} {_n(height)}" '
        f'width="{WIDE}" height="{_n(height)}" aria-labelledby="{name}-title {name}-desc" '
        'font-family="system-ui, sans-serif" font-size="12">'
        f'<title id="{name}-title">{escaped(title)}</title>'
        f'<desc id="{name}-desc">{escaped(told)}</desc>'
        f'<rect width="{WIDE}" height="{_n(height)}" fill="#ffffff"/>'
        f'<text x="12" y="24" font-size="15" font-weight="600" fill="{_INK}">'
        f"{escaped(title)}</text>"
        f"{''.join(parts)}</svg>\n"
    )


def _description(data: Drawable) -> str:
    if points(data) > _MOST_WORDS:
        return "\n".join(as_text(data)[1:])
    said = [spoken(data, index)[0] for index in range(points(data))]
    return ". ".join(said) + "."


def _n(value: float) -> str:
    """A coordinate: to a tenth, no longer than it need be."""
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, ink: str = _PALE, anchor: str = "start") -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" fill="{ink}" text-anchor="{anchor}">{escaped(text)}</text>'
    )


def _rule(x: float, y: float, to_x: float, to_y: float, ink: str = _RULE) -> str:
    return f'<path d="M{_n(x)} {_n(y)}L{_n(to_x)} {_n(to_y)}" stroke="{ink}" fill="none"/>'


def _box(x: float, y: float, wide: float, high: float, ink: str) -> str:
    size = f'width="{_n(wide)}" height="{_n(high)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" {size} fill="{ink}"/>'


def _line(data: LineData) -> Iterator[str]:
    unit = data.series[0].measure.unit
    scale = scale_of(all_values(data), unit)
    numbers = [short(tick, unit) for tick in scale.ticks]
    left = 20 + _LETTER * max(map(len, numbers))
    bottom = _TOP + _FIELD
    for tick, number in zip(scale.ticks, numbers, strict=True):
        y = bottom - scale.share(tick) * _FIELD
        yield _rule(left, y, WIDE - 16, y)
        yield _text(left - 8, y + 4, number, anchor="end")
    at = _places(len(data.slots), left, WIDE - 16)
    cells = [width(slot.short) for slot in data.slots]
    centres = [round((x - left) / _LETTER) for x in at]
    for label in thinned(cells, centres, int((WIDE - left) / _LETTER) + 4):
        anchor = "start" if label.number == 0 else "middle"
        yield _text(at[label.number], bottom + 18, data.slots[label.number].short, anchor=anchor)
    x = float(WIDE - 16)
    pens = list(_pens(data))
    for series, (ink, dash) in reversed(list(zip(data.series, pens, strict=True))):
        if len(data.series) > 1:
            yield _text(x, 24, series.label, anchor="end")
            x -= _LETTER * width(series.label) + 36
            yield _stroke([(x, 20), (x + 28, 20)], ink, dash)
            x -= 16
    for series, (ink, dash) in zip(data.series, pens, strict=True):
        for run in _runs(series, at, scale):
            if len(run) == 1:
                yield f'<circle cx="{_n(run[0][0])}" cy="{_n(run[0][1])}" r="2.5" fill="{ink}"/>'
            else:
                yield _stroke(run, ink, dash)


def _places(count: int, left: float, right: float) -> list[float]:
    if count == 1:
        return [(left + right) / 2]
    return [left + (right - left) * n / (count - 1) for n in range(count)]


def _pens(data: LineData) -> Iterator[tuple[str, str]]:
    """Colour and dashes of each series; those that are compared with are dotted."""
    number = 0
    for series in data.series:
        if series.is_previous:
            yield _PALE, _BEFORE_DASH
        else:
            yield _HUES[number], _DASHES[number]
            number += 1


def _runs(series: Series, at: Sequence[float], scale: Scale) -> list[list[tuple[float, float]]]:
    """The points of a series, in runs without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(at, series.values, strict=True):
        if value is None or not known((value,)):
            runs.append([])
        else:
            runs[-1].append((x, _TOP + _FIELD * (1 - scale.share(value))))
    return [run for run in runs if run]


def _stroke(run: Sequence[tuple[float, float]], ink: str, dash: str) -> str:
    path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in run)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    cap = ' stroke-linecap="round"' if dash == _BEFORE_DASH else ""
    return f'<path d="{path}" stroke="{ink}" stroke-width="2" fill="none"{dashes}{cap}/>'


def _bars(data: BarData) -> Iterator[str]:
    top = max(known(bar.value for bar in data.bars), default=0.0)
    longest = max(width(bar.name) for bar in data.bars)
    left = 24 + _LETTER * min(longest, 28)
    values = [_value_words(bar, data) for bar in data.bars]
    room = WIDE - left - 24 - _LETTER * max(map(len, values))
    for n, (bar, words) in enumerate(zip(data.bars, values, strict=True)):
        y = _TOP + _ROW * n
        yield _text(left - 8, y + 15, truncate(bar.name, 28), _INK, "end")
        value = max(known((bar.value,)), default=0.0)
        long = room * max(0.0, value) / top if top > 0 else 0.0
        if long:
            yield _box(left, y + 3, max(1.0, long), _ROW - 8, _HUES[0])
        yield _text(left + long + 8, y + 15, words, _INK if words != NO_DATA else _PALE)


def _value_words(bar: Bar, data: BarData) -> str:
    if bar.value is None or not known((bar.value,)):
        return NO_DATA
    return f"{short(bar.value, data.measure.unit)}  {bar.note}".rstrip()


def _as_bars(data: RatingData) -> BarData:
    shares = percents(data.counts)
    bars = [
        Bar(f"{n} of 5", data.counts[n - 1], f"({shares[n - 1]} %)")
        for n in range(len(data.counts), 0, -1)
    ]
    return BarData(data.title, RATED, tuple(bars))


def _heat(data: HeatData) -> Iterator[str]:
    unit = data.measure.unit
    values = [value for row in data.values for value in row]
    top = max(known(values), default=0.0)
    left = 24 + _LETTER * max(width(slot.words) for slot in data.rows)
    wide = (WIDE - left - 16) / len(data.columns)
    names = [slot.short for slot in data.columns]
    step = 1 if max(map(width, names)) * _LETTER < wide else 2
    for n, name in list(enumerate(names))[::step]:
        yield _text(left + wide * (n + 0.5), _TOP + 10, name, anchor="middle")
    for r, (slot, row) in enumerate(zip(data.rows, data.values, strict=True)):
        y = _TOP + 18 + _ROW * r
        yield _text(left - 8, y + 16, slot.words, _INK, "end")
        for c, value in enumerate(row):
            if value is None or not known((value,)):
                continue
            shade = level(value, top)
            x = left + wide * c
            yield _box(x + 1, y + 1, wide - 2, _ROW - 2, _SHADES[shade])
            number = short(value, unit)
            if value and len(number) * _LETTER < wide:
                ink = "#ffffff" if shade == HEAT_LEVELS else _INK
                yield _text(x + wide / 2, y + 17, number, ink, "middle")
    y = _TOP + 18 + _ROW * len(data.rows)
    yield _text(left, y + 22, f"shaded from 0 to {short(top, unit)}; blank: {NO_DATA}")
