"""A report as one HTML page: nothing from outside, charts as SVG, light and dark, fit to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state import report_words as words
from revivatui.state.charts.svg import escaped, svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.report_data import ShopReport

_LONGEST: Final = 1000
"""Letters of a customer's comment that are repeated."""
_EMPTY: Final = "Nothing in this time"
_STYLE: Final = """
:root { color-scheme: light dark; --ground: #f2f2f7; --paper: #ffffff; --ink: #1d1d1f;
  --pale: #636366; --rule: #e5e7eb; --good: #15742e; --bad: #b3261e; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
p { margin: .3rem 0; } .pale { color: var(--pale); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .8rem;
  list-style: none; padding: 0; margin: 1.2rem 0; }
.tiles li, .sheet { background: var(--paper); border: 1px solid var(--rule);
  border-radius: .6rem; padding: .8rem 1rem; }
.tiles b { display: block; font-size: 1.35rem; } .tiles span { display: block; font-size: .85rem; }
.met { color: var(--good); } .missed { color: var(--bad); }
.sheet { overflow-x: auto; margin: .8rem 0; } svg { width: 100%; height: auto; display: block; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .2rem 0 .5rem; }
th, td { text-align: right; padding: .25rem .6rem; border-top: 1px solid var(--rule);
  vertical-align: top; }
th:first-child, td:first-child { text-align: left; }
table.texts th, table.texts td { text-align: left; }
table.texts td:nth-child(2) { white-space: nowrap; }
blockquote { margin: .1rem 0 .9rem; padding-left: .8rem; border-left: 3px solid var(--rule); }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0; color: var(--pale); }
@media (prefers-color-scheme: dark) {
  :root { --ground: #000000; --paper: #1c1c1e; --ink: #f2f2f7; --pale: #aeaeb2; --rule: #3a3a3c;
    --good: #5fd07a; --bad: #ff8a80; }
  svg [fill="#ffffff"] { fill: #1c1c1e; } svg [fill="#1d1d1f"] { fill: #f2f2f7; }
  svg [fill="#636366"] { fill: #aeaeb2; } svg [stroke="#e5e7eb"] { stroke: #3a3a3c; }
  svg [stroke="#0062cc"] { stroke: #6cb2ff; } svg [stroke="#15742e"] { stroke: #5fd07a; }
  svg [fill="#f2f2f7"] { fill: #2c2c2e; } svg [fill="#cfe3ff"] { fill: #16365c; }
  svg [fill="#8fbdff"] { fill: #1f5596; } svg [fill="#3d8bef"] { fill: #2f7cd6; }
  svg [fill="#0062cc"] { fill: #6cb2ff; } svg [fill="#15742e"] { fill: #5fd07a; }
}
@media print {
  :root { color-scheme: light; --ground: #ffffff; --paper: #ffffff; --ink: #1d1d1f;
    --pale: #636366; --rule: #e5e7eb; --good: #15742e; --bad: #b3261e; }
  body { padding: 0; max-width: none; font-size: 12px; }
  .sheet, .tiles li, blockquote, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def html(report: ShopReport) -> str:
    """The whole page."""
    return "".join(_page(report))


def _page(report: ShopReport) -> Iterator[str]:
    title = escaped(words.title(report))
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n"
        f"<h1>{title}</h1>\n"
        f'<p class="pale">{escaped(words.as_of(report))}</p>\n</header>\n<main>\n'
    )
    yield '<ul class="tiles">\n'
    for one in report.figures:
        yield _tile(one, report)
    yield "</ul>\n"
    for name, chart in (
        ("course", svg(report.course, "course", _EMPTY)),
        ("agents", svg(report.by_agent, "agents", _EMPTY)),
        ("inboxes", svg(report.by_inbox, "inboxes", _EMPTY)),
        ("traffic", svg(report.traffic, "traffic", _EMPTY)),
        ("rated", svg(report.rated, "rated", "No answers to surveys in this time")),
    ):
        yield f'<div class="sheet" id="{name}-chart">{chart}</div>\n'
    for caption, heads, rows in words.tables(report):
        yield from _table(caption, heads, rows)
    yield "<h2>Comments</h2>\n"
    yield from _comments(report)
    yield "<h2>What is counted</h2>\n<dl>\n"
    for name, text in report.definitions.items():
        yield f"<dt>{escaped(name)}</dt><dd>{escaped(text)}</dd>\n"
    yield "</dl>\n"
    for text in report.footnotes:
        yield f'<p class="pale">{escaped(text)}</p>\n'
    yield "</main>\n</body>\n</html>\n"


def _tile(one: Tile, report: ShopReport) -> str:
    verdict = words.verdict(one)
    style = one.verdict if one.verdict in ("met", "missed") else "pale"
    lines = [f"<span>{escaped(one.kind.name)}</span><b>{escaped(words.value(one))}</b>"]
    if verdict:
        lines.append(f'<span class="{style}">{escaped(verdict)}</span>')
    if trend := words.trend(one, report.period.noun):
        lines.append(f'<span class="pale">{escaped(trend)}</span>')
    return f"<li>{''.join(lines)}</li>\n"


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    style = ' class="texts"' if caption in words.OF_TEXTS else ""
    yield f'<div class="sheet"><table{style}><caption>{escaped(caption)}</caption>\n<thead><tr>'
    yield "".join(f'<th scope="col">{escaped(one)}</th>' for one in heads)
    yield "</tr></thead>\n<tbody>\n"
    if not rows:
        yield f'<tr><td colspan="{len(heads)}">{_EMPTY}.</td></tr>\n'
    for name, *values in rows:
        cells = "".join(f"<td>{escaped(one)}</td>" for one in values)
        yield f'<tr><th scope="row">{escaped(name)}</th>{cells}</tr>\n'
    yield "</tbody></table></div>\n"


def _comments(report: ShopReport) -> Iterator[str]:
    if not report.comments:
        yield '<p class="pale">None in this time.</p>\n'
    for index, one in enumerate(report.comments):
        text = escaped(one.comment.strip()[:_LONGEST]).replace("\n", "<br>")
        head = escaped(words.comment_head(report, index))
        yield f'<p class="pale">{head}</p><blockquote>{text}</blockquote>\n'
    if note := words.comments_note(report):
        yield f'<p class="pale">{escaped(note)}</p>\n'
