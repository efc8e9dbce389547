"""Message text as Chatwoot's agents see it: its Markdown as lines of styled runs.

The web desk shows every message through Markdown: bold, italic, strike, code, links, lists,
quotes, headings, and mentions as links of the scheme `mention:`. This reads the same marks, line
by line, in time linear in the text, and knows no colours: a run carries the names of its styles.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LONGEST_STYLED: Final = 10_000
"""A line of more characters is shown as it is: nobody formats by hand at that length."""


class Run(NamedTuple):
    """A piece of a line in one style."""

    text: str
    styles: frozenset[str] = frozenset()
    """bold, italic, strike, code, link, url, mention."""
    link: str = ""
    """Where it leads, for links."""


class Line(NamedTuple):
    """One line before wrapping."""

    runs: tuple[Run, ...]
    kind: str = "text"
    """text, code, quote, heading or rule."""
    first: str = ""
    """Goes before the first screen line: a bullet, a number, an indent."""
    rest: str = ""
    """Goes before the lines that the wrapping adds: as wide as `first`."""
    depth: int = 0
    """How many quotes deep."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


PLAIN: Final[frozenset[str]] = frozenset()
_CODE: Final = frozenset({"code"})
_URL: Final = frozenset({"url"})

_FENCE: Final = re.compile(r" {0,3}(```+|~~~+)")
_QUOTE: Final = re.compile(r" {0,3}> ?")
_HEADING: Final = re.compile(r" {0,3}#{1,6}(?= )")
_RULE: Final = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
_ITEM: Final = re.compile(r"( *)(?:([-*+])|(\d{1,9}[.)])) +(?=\S)")

_TOKEN: Final = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<tick>`+)"
    r"|!?\[(?P<label>(?:[^\[\]\\]|\\.){0,500})\]\((?P<target><[^<>]{0,2000}>|[^\s()<>]{0,2000}"
    r"(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,2000})?)(?: +\"[^\"]{0,500}\")? *\)"
    r"|<(?P<auto>(?:https?://|mailto:)[^\s<>]{1,2000})>"
    r"|(?P<url>\b(?:https?://|www\.)[^\s<>`]{1,2000})"
    r"|(?P<mark>\*+|_+|~~)",
    re.IGNORECASE,
)
_URL_TAIL: Final = "!\"'*,.:;?_~]"
_MENTION: Final = "mention://"
_EMPHASIS: Final = {"*": "italic", "_": "italic", "**": "bold", "__": "bold", "~~": "strike"}


def parse(text: str) -> list[Line]:
    """The lines of a message: blank ones between paragraphs kept one at a time."""
    lines: list[Line] = []
    fence = ""
    for raw in text.strip("\n").split("\n"):
        if opened := _FENCE.match(raw):
            mark = opened.group(1)
            if not fence:
                fence = mark
                continue
            if mark.startswith(fence) and not raw.strip().strip(mark[0]):
                fence = ""
                continue
        if fence:
            lines.append(Line((Run(raw, _CODE),), "code"))
            continue
        line = _read_line(raw)
        if line.runs or line.kind == "rule" or (lines and lines[-1].runs):
            lines.append(line)
    while lines and not lines[-1].runs and lines[-1].kind == "text":
        lines.pop()
    return lines


def plain(text: str) -> str:
    """The text in one line without its marks: for previews and quotes of one line."""
    head = text[:2000]
    return " ".join(" ".join(line.text.split()) for line in parse(head) if line.runs)


def _read_line(raw: str) -> Line:
    depth = 0
    while depth < 8 and (quoted := _QUOTE.match(raw)):
        raw = raw[quoted.end() :]
        depth += 1
    kind = "quote" if depth else "text"
    if not raw.strip():
        return Line((), kind, depth=depth)
    if heading := _HEADING.match(raw):
        return Line(inline(_heading_words(raw[heading.end() :])), "heading", depth=depth)
    if _RULE.match(raw):
        return Line((), "rule", depth=depth)
    if item := _ITEM.match(raw):
        spaces, bullet, number = item.groups()
        mark = " " * min(len(spaces), 8) + ("- " if bullet else f"{number} ")
        return Line(inline(raw[item.end() :]), kind, mark, " " * len(mark), depth)
    return Line(inline(raw.rstrip()), kind, depth=depth)


def _heading_words(rest: str) -> str:
    """Without the marks that may close a heading too."""
    words = rest.strip(" ")
    open_end = words.rstrip("#")
    return open_end.rstrip(" ") if open_end.endswith(" ") else words


def inline(text: str) -> tuple[Run, ...]:
    """The runs of one line."""
    if len(text) > LONGEST_STYLED:
        return (Run(text),)
    if text.endswith("\\"):
        text = text[:-1].rstrip()
    tokens = _tokens(text)
    if not tokens:
        return ()
    _pair_marks(tokens)
    return _joined(tokens)


class _Token:
    """A piece of a line while its marks look for their partners."""

    __slots__ = ("closes", "link", "mark", "off", "on", "opens", "styles", "text")

    def __init__(
        self, text: str, styles: frozenset[str] = PLAIN, link: str = "", mark: str = ""
    ) -> None:
        self.text = text
        self.styles = styles
        self.link = link
        self.mark = mark
        """One of the keys of `_EMPHASIS`, where this may open or close emphasis."""
        self.opens = self.closes = False
        self.on = ""
        """The style that begins here, once the partner is found."""
        self.off = ""


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    closing_ticks: dict[str, bool] = {}
    at = 0
    position = 0
    while match := _TOKEN.search(text, position):
        start, end = match.span()
        found: list[_Token] | None = None
        if match["escape"]:
            found = [_Token(match["escape"][1])]
        elif ticks := match["tick"]:
            # A code span ends at as many ticks as began it, or it is no code span.
            if closing_ticks.get(ticks, True):
                close = re.compile(rf"(?<!`){ticks}(?!`)").search(text, end)
                closing_ticks[ticks] = close is not None
                if close:
                    found = [_Token(_code_text(text[end : close.start()]), _CODE)]
                    end = close.end()
        elif match["label"] is not None:
            found = _link(match["label"], match["target"].strip("<>"))
        elif match["auto"]:
            found = [_Token(match["auto"], frozenset({"link"}), match["auto"])]
        elif match["url"]:
            url = _trimmed(match["url"])
            end = start + len(url)
            address = url if "://" in url else f"https://{url}"
            found = [_Token(url, frozenset({"link"}), address)]
        elif match["mark"]:
            found = _marks(text, start, end)
        if found is not None:
            if start > at:
                tokens.append(_Token(text[at:start]))
            tokens.extend(found)
            at = end
        position = max(end, position + 1)
    if at < len(text):
        tokens.append(_Token(text[at:]))
    return tokens


def _code_text(text: str) -> str:
    return text[1:-1] if text[:1] == text[-1:] == " " and text.strip() else text


def _trimmed(url: str) -> str:
    """A bare address without the sentence's own marks after it."""
    url = url.rstrip(_URL_TAIL)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_URL_TAIL)
    return url


def _link(label: str, target: str) -> list[_Token]:
    label = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label).replace("**", "")
    if target.lower().startswith(_MENTION):
        return [_Token(label, frozenset({"mention"}), target)]
    shown = _Token(label or target, frozenset({"link"}), target)
    if not label or not target or label == target or target == f"mailto:{label}":
        return [shown]
    # Where a link leads is always shown: its words are the writer's to choose.
    return [shown, _Token(f" ({target})", _URL, target)]


def _marks(text: str, start: int, end: int) -> list[_Token]:
    """Marks that can open or close emphasis, in ones and twos; others are text."""
    run = text[start:end]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    opens = not after.isspace() and (after.isalnum() or not before.isalnum())
    closes = not before.isspace() and (before.isalnum() or not after.isalnum())
    if run[0] == "_":
        opens = opens and not before.isalnum()
        closes = closes and not after.isalnum()
    if len(run) > 3 or not (opens or closes):
        return [_Token(run)]
    sizes = {1: [1], 2: [2], 3: [2, 1]}[len(run)]
    if closes and not opens:
        sizes.reverse()
    tokens = []
    for size in sizes:
        token = _Token(run[0] * size, mark=run[0] * size)
        token.opens, token.closes = opens, closes
        tokens.append(token)
    return tokens


def _pair_marks(tokens: list[_Token]) -> None:
    """Turn marks that have a partner into the start and the end of a style."""
    open_at: dict[str, list[int]] = {mark: [] for mark in _EMPHASIS}
    for index, token in enumerate(tokens):
        if not token.mark:
            continue
        stack = open_at[token.mark]
        if token.closes and stack and stack[-1] < index - 1:
            start = stack.pop()
            style = _EMPHASIS[token.mark]
            tokens[start].on = token.off = style
            tokens[start].text = token.text = ""
            # Marks between the two found no partner there and never will.
            for other in open_at.values():
                while other and other[-1] > start:
                    other.pop()
        elif token.opens:
            stack.append(index)


def _joined(tokens: list[_Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    active: list[str] = []
    for token in tokens:
        if token.on:
            active.append(token.on)
        if token.off:
            active.remove(token.off)
        if not token.text:
            continue
        styles = token.styles.union(active) if active else token.styles
        if runs and runs[-1].styles == styles and runs[-1].link == token.link:
            runs[-1] = Run(runs[-1].text + token.text, styles, token.link)
        else:
            runs.append(Run(token.text, styles, token.link))
    return tuple(runs)
