"""Links, e-mail addresses, phones, numbers of repairs and quotes, and codes of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from revivatui.copilot.grounding.readings import Reading

_EMAIL: Final = re.compile(
    r"(?<![\w.+-])(?:mailto:)?(?P<a>[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:(?:\.|\s?[\[(]dot[\])]\s?)[\w-]+)+)",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"(?<![\w@.])(?:"
    r"(?P<scheme>[a-z][a-z0-9+.-]{1,15})(?:://|:(?=//)|(?<=javascript):|(?<=data):)(?P<rest>[^\s<>\"\x00]+)"
    r"|(?P<bare>(?:www\.[^\s<>\"\x00]+|(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?::\d+)?(?![\w.]*@)(?:[/?#][^\s<>\"\x00]*)?)))",
    re.IGNORECASE,
)
_AT: Final = re.compile(r"\s?[\[(]at[\])]\s?", re.IGNORECASE)
_DOT: Final = re.compile(r"\s?[\[(]dot[\])]\s?", re.IGNORECASE)
_TAIL: Final = ".,;:!?)]}'*_"
_NOT_HOSTS: Final = re.compile(
    r"(?:e\.g|i\.e|a\.m|p\.m|p\.s|etc\.\w+|v?\d[\d.]*|[a-z]\.[a-z]{2}|\w+\.(?:\d+))$",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"(?<![\w-])(?:(?P<letter>[A-Z]{1,4})\s?-\s?(?P<shop>[A-Z]{0,3})(?P<digits>\d{1,10})(?![\w-]*\d)"
    r"|(?P<glued>[RQT])(?P<bare>\d{2,10})(?!\w)"
    r"|(?:#|n[o.]\.?\s?|number\s|numero\s)\s?(?P<hash>\d{1,10})(?!\w)"
    r"|(?:repair|quote|ticket|order|invoice|job|case|reparacao|orcamento|pedido|encomenda|fatura"
    r"|processo)\s+(?:n\w{0,2}\.?\s+)?#?(?P<named>\d{2,10})(?![\w.,]*\d|\s?[€%]))",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w.,])(?:\+|00)\s?\d(?:[\s().-]{0,2}\d){6,14}(?!\d)"
    r"|(?<![\w.,+])\(?0?\d{2,4}\)?(?:[\s.-]\d{2,4}){2,4}(?![\w-])"
    r"|(?<![\w.,+-])\d{9,11}(?!\d)"
)
_CODE: Final = re.compile(r"(?<![^\s\x00])[^\s\x00\d]*\d[^\s\x00]*")


def emails(text: str) -> Iterator[Reading]:
    for one in _EMAIL.finditer(text):
        start, end = one.span("a")
        found = text[start:end].rstrip(_TAIL)
        key = _DOT.sub(".", _AT.sub("@", found)).replace(" ", "").lower()
        yield Reading("e-mail", start, start + len(found), (key,))


def links(text: str) -> Iterator[Reading]:
    for one in _LINK.finditer(text):
        found = one[0].rstrip(_TAIL)
        if one["bare"] and (_NOT_HOSTS.fullmatch(found) or "." not in found):
            continue
        yield Reading("link", one.start(), one.start() + len(found), (_link_key(found),))


def _link_key(link: str) -> str:
    scheme, mark, rest = link.rpartition("://")
    if mark and scheme.lower() not in ("http", "https"):
        return link
    host, slash, path = rest.partition("/")
    return host.lower().removeprefix("www.") + (slash + path).rstrip("/")


def references(text: str) -> Iterator[Reading]:
    for one in _REFERENCE.finditer(text):
        letter = (one["letter"] or one["glued"] or "").upper()
        if letter:
            if one["letter"] and not one["letter"].isupper() and len(letter) > 1:
                continue
            digits = one["digits"] or one["bare"]
            key = f"{letter}-{(one['shop'] or '').upper()}{digits}"
            yield Reading("reference", one.start(), one.end(), (key,))
        else:
            name = "hash" if one["hash"] else "named"
            yield Reading("reference", *one.span(name), (f"#{one[name]}",))


def phones(text: str) -> Iterator[Reading]:
    for one in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", one[0])
        if 7 <= len(digits) <= 16:
            yield Reading("phone", one.start(), one.end(), (digits.removeprefix("00"),))


def codes(text: str) -> Iterator[Reading]:
    """Whatever holds a digit and was not read as anything else, so that no figure goes by."""
    for one in _CODE.finditer(text):
        bare = one[0].strip(".,;:!?()[]{}'\"*_/-")
        start = one.start() + one[0].find(bare)
        yield Reading("number", start, start + len(bare), (f"code {bare.lower()}",))
