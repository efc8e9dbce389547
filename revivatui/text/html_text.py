"""HTML of e-mails and templates as plain text: what it says, not how it looks."""

from __future__ import annotations

import html
import re
from typing import Final

from revivatui.text.safe import safe

LONGEST: Final = 200_000
"""Characters that are read; a mail's own markup beyond that is not worth the wait."""

_TAG: Final = re.compile(r"</?([a-z][a-z0-9]*)\b[^<>]{0,4000}>|<[!?][^<>]{0,4000}>", re.IGNORECASE)
_UNSHOWN: Final = frozenset({"head", "style", "script", "title"})
_BREAKS_AFTER: Final = frozenset(
    {"p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_SPACES: Final = re.compile(r"[ \t\n\r]+")
_GAPS: Final = re.compile(r"\n{3,}")


def html_text(markup: str) -> str:
    """The text of a piece of HTML, a line for each paragraph; safe for a terminal.

    References such as `&#155;` could spell any character, so the result is made safe once more.
    """
    markup = _SPACES.sub(" ", _without_comments(markup[:LONGEST]))
    shown: list[str] = []
    at = 0
    unshown = ""
    for tag in _TAG.finditer(markup):
        name = (tag[1] or "").lower()
        closes = tag[0].startswith("</")
        if not unshown:
            shown.append(markup[at : tag.start()])
            if name in _UNSHOWN and not closes:
                unshown = name
            elif name == "br" or (closes and name in _BREAKS_AFTER):
                shown.append("\n")
            elif name == "li":
                shown.append("- ")
        elif closes and name == unshown:
            unshown = ""
        at = tag.end()
    if not unshown:
        shown.append(markup[at:])
    lines = (line.strip() for line in safe(html.unescape("".join(shown))).split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def looks_like_html(text: str) -> bool:
    """Whether a text begins with a tag, as the server's own templates do."""
    return bool(_TAG.match(text.lstrip()[:5000]))
