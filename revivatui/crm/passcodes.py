"""Passcodes, PINs, passwords and unlock patterns in what people write: found and masked.

Customers send them in chats. They are masked before anything is stored; a word too many that is
masked costs less than a code that stays readable. English and Portuguese.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "••••"

_SECRET_WORDS: Final = (
    r"pass\s?codes?|pass\s?words?|pass\s?phrase|pwd|pins?(?:\s+(?:code|number))?|pin\s?codes?"
    r"|(?:un)?lock\s?(?:code|pattern)s?|(?:screen|security|access|unlock)\s+codes?"
    r"|c[óo]digos?\s+(?:de\s+)?(?:acesso|bloqueio|desbloqueio|segurança|seguranca|pin|do\s+ecr[ãa])"
    r"|palavras?[\s-]?passe|senhas?|chave\s+de\s+acesso|login"
)
_LOOSE_WORDS: Final = r"codes?|c[óo]digos?|patterns?|padr[ãa]o|desenho"
"""Words that mean a secret only where a code follows them."""

_OPENING: Final = r"(?:desbloque\w+|unlocks?)(?:\s+\w+)?\s+(?:com|with|using)"

_NO_SECRETS: Final = (
    r"(?:promo|discount|error|post(?:al)?|zip|qr|bar|source|area|country|order|tracking|voucher"
    r"|coupon|repair|ticket|status|model|part|imei|serial)[\s-]*$"
)
_OTHER_CODES: Final = (
    r"(?!\s*+(?:postal|promocional|de\s++(?:erro|barras|desconto|área|area|reparação|reparacao)))"
)
_LINK: Final = (
    r"(?:\s*+[:=]+\s*+|\s++(?:is|was|are|to|é|e|era|foi|são|ist)\b\s*+[:=]?\s*+|\s*+['’]s\s++|\s*+-\s++"
    r"|\s++(?:(?:of|for|do|da|de|to|on|no|na)\s++(?:(?:the|my|o|a|meu|minha)\s++)?\w+\s*+"
    r"(?::|=|\bis\b|\bé\b)\s*+))"
)
_FILLER: Final = r"(?:(?:the|just|still|o|a|only|now|agora|mesmo|simply)\s++)?"
_DIGITS: Final = r"\d(?:[ .-]?\d){3,11}"
_VALUE: Final = r"(?P<value>[\"'“‘«][^\n\"'”’»]{1,80}[\"'”’»]|\S{3,80})"

_NO_VALUES: Final = frozenset(
    re.findall(
        r"\w+",
        """
    wrong not right correct incorrect required needed forgotten lost unknown missing expired that
    working disabled locked changed fine okay what when where why how the this your sent below here
    there stuck blocked invalid same asked asking removed off reset gone none nothing bad good on
    no yes too also and but for with from only very broken old
    errada errado certa certo não nao preciso precisa necessária necessário perdida perdido
    esquecida esquecido bloqueado bloqueada inválida inválido qual quando onde como igual
""",
    )
)

_AFTER_SECRET: Final = re.compile(
    rf"(?<!\w)(?:{_SECRET_WORDS})(?!\w)(?:{_LINK}{_FILLER}|\s++(?=[\"'“‘«]\S|\S*\d)){_VALUE}",
    re.IGNORECASE,
)
_SECRET_DIGITS: Final = re.compile(
    rf"(?<!\w)(?:(?:{_SECRET_WORDS}|{_OPENING})(?!\w)[^\d\n]{{0,24}}?|pin)(?P<value>(?<!\d){_DIGITS})(?!\d)",
    re.IGNORECASE,
)
_DRAWN: Final = re.compile(
    r"(?<!\w)(?:(?:un)?lock\s?patterns?|(?:padr[ãa]o|desenho)\s++de\s++(?:des)?bloqueio)"
    rf"{_LINK}(?P<value>[^\n.;]{{1,80}})",
    re.IGNORECASE,
)
_AFTER_LOOSE: Final = re.compile(
    rf"(?<!\w)(?:{_LOOSE_WORDS})(?!\w){_OTHER_CODES}(?:{_LINK}{_FILLER}|\s++)"
    rf"[\"'“‘«]?(?P<value>{_DIGITS}|(?=\w*\d)\S{{3,80}})",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    rf"(?<![\w.,-])(?P<value>\d{{4,12}})(?![\w-])\s*+,?\s*+(?:is|é|=|->|as|como)\s++"
    rf"(?:(?:the|my|his|her|its|o|a|meu|minha)\s++)?(?:{_SECRET_WORDS}|{_LOOSE_WORDS})(?!\w)",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    rf"(?<!\w)(?:{_SECRET_WORDS}|c[óo]digo(?!\w){_OTHER_CODES}|code)(?!\w)", re.IGNORECASE
)
_BARE: Final = re.compile(
    r"\s*(?:(?:it'?s|its|is|é|sim|yes|ok)[\s,:]+)*"
    r"(?P<value>\d(?:[ .-]?\d){3,11}|\S*\d\S*)\s*[.!]?\s*",
    re.IGNORECASE,
)
_BEFORE_WORD: Final = re.compile(_NO_SECRETS, re.IGNORECASE)
_LONGEST_BARE: Final = 200
"""Signs of a message that may be nothing but a passcode."""
_NEAR: Final = 40
"""Signs before a word in which another one may say that it is no secret."""
_HUMAN_NUMBER: Final = re.compile(r"[RQT]-\w*\d+", re.IGNORECASE)


def mask_passcodes(text: str, *, asked_for: bool = False) -> tuple[str, bool]:
    """The text with every passcode in it masked, and whether there was one.

    `asked_for` says that the message before asked for it: then a bare code is one too.
    """
    found = passcode_spans(text, asked_for=asked_for)
    return _masked(text, found), bool(found)


def passcode_spans(text: str, *, asked_for: bool = False) -> set[tuple[int, int]]:
    """Where the passcodes of a text stand. `asked_for` as in `mask_passcodes`."""
    found = set()
    for pattern in (_AFTER_SECRET, _SECRET_DIGITS, _DRAWN, _AFTER_LOOSE, _BEFORE):
        found |= {one.span("value") for one in pattern.finditer(text) if _is_secret(text, one)}
    is_bare = asked_for and len(text.strip()) <= _LONGEST_BARE
    bare = _BARE.fullmatch(text, len(text) - len(text.lstrip())) if is_bare else None
    if bare is not None and not _HUMAN_NUMBER.fullmatch(bare["value"]):
        found.add(bare.span("value"))
    return found


def asks_for_passcode(text: str) -> bool:
    """Whether a message speaks of a passcode, so that the answer may be nothing but one."""
    return any(not _is_harmless(text, one.start()) for one in _ASKS.finditer(text))


def _is_secret(text: str, match: re.Match[str]) -> bool:
    value = match["value"].strip(".,;!?:)(\"'“”‘’«»").lower()
    if value in _NO_VALUES or not value or _HUMAN_NUMBER.fullmatch(value):
        return False
    return MASK not in value and not _is_harmless(text, match.start())


def _is_harmless(text: str, start: int) -> bool:
    return _BEFORE_WORD.search(text, max(0, start - _NEAR), start) is not None


def _masked(text: str, spans: set[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            parts += [text[end:start], MASK]
        end = max(end, stop)
    return "".join(parts) + text[end:]
