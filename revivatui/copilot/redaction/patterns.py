"""What looks like a thing that may not leave, whosoever it is: the second line."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from revivatui.text.secrets import looks_like_token


class Spot(NamedTuple):
    """A stretch of a text that is to be replaced."""

    start: int
    end: int
    kind: str
    number: int = 0
    """Of the thing that is known; 0 where it only looks like one."""


_EMAIL: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+|[\w.+%-]{1,64}@[\w-]{2,}\b")
_OBFUSCATED: Final = re.compile(
    r"[\w.+-]{2,64}\s?(?:[\[(]\s?at\s?[\])])\s?[\w-]+(?:\s?(?:\.|[\[(]\s?dot\s?[\])])\s?[\w-]+)+",
    re.I,
)
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,60}", re.I)
_DIGITS: Final = re.compile(r"(?<!\d)\d(?:[ .-]?\d){12,60}(?!\d)")
_LONGEST: Final = 48
_GROUP: Final = re.compile(r"[A-Za-z0-9]+")
_PHONE: Final = re.compile(
    r"(?<![\w.])(?:\+|00)[ ]?\(?\d(?:[ ().\-/]{0,2}\d){6,14}(?!\d)"
    r"|(?<![\w.,-])\(?\d{2,4}\)?(?:[ .\-/]\d{2,4}){2,4}(?![\w-])"
    r"|(?<![\w.,-])\d{9,11}(?![\w])"
)
_DATE: Final = re.compile(
    r"(?:20|19)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:20|19)?\d\d"
)
_V4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_V6: Final = re.compile(r"(?<![\w:])[0-9A-Fa-f:]{2,39}(?:%\w+)?(?![\w:])")
_URL: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"]+|(?<![\w@.-])(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?[/?][^\s<>\"]+",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    r"://[^/\s]*@|[?&#;][^=\s]{0,60}(?:token|key|sig|signature|auth|code|secret|pass\w*|session|sid|jwt"
    r"|hash|email|mail|phone|user|uid|id|reset|invite)[^=\s]{0,60}=",
    re.IGNORECASE,
)
_KEY: Final = re.compile(
    r"(?<![\w-])(?:sk-[\w-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{10,}|gh[pousr]_\w{20,}"
    r"|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{12,}|AIza[\w-]{30,}"
    r"|ya29\.[\w.-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|hf_\w{20,}|npm_\w{20,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|[0-9a-fA-F]{32,}|-----BEGIN [A-Z ]+-----)"
)
_BEARER: Final = re.compile(
    r"\b(?:Bearer|api[_ -]?key|access[_ -]?token|(?:secret|client)[_ -]?(?:key|secret))"
    r"\s*[:=]?\s*[\"']?([\w.~+/-]{8,}=*)",
    re.IGNORECASE,
)
_LONG_WORD: Final = re.compile(r"(?<![\w/.-])[A-Za-z0-9_-]{20,}(?![\w])")


def spots(text: str) -> Iterator[Spot]:
    """Every stretch that looks like a thing that may not leave, in a plain text."""
    for kind, pattern, is_one in _PATTERNS:
        for one in pattern.finditer(text):
            if is_one(one[0]):
                yield Spot(*one.span(), kind)
    for kind, run, is_one in _RUNS:
        for one in run.finditer(text):
            yield from (Spot(start, end, kind) for start, end in _within(one, is_one))
    for one in _BEARER.finditer(text):
        if any(letter.isdigit() for letter in one[1]):
            yield Spot(*one.span(1), "KEY")


def _within(run: re.Match[str], is_one: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """What checks within a run of groups, which neighbours may have been drawn into; the longest
    from each group on."""
    text, first = run[0], run.start()
    groups = [(one.start(), one.end()) for one in _GROUP.finditer(text)]
    done = 0
    for start, _ in groups:
        if start >= done:
            ends = (end for _, end in reversed(groups) if 12 < end - start < _LONGEST)
            for end in ends:
                if is_one(text[start:end]):
                    yield first + start, first + end
                    done = end
                    break


def _always(_: str) -> bool:
    return True


def is_iban(text: str) -> bool:
    bare = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(bare) <= 34:
        return False
    turned = bare[4:] + bare[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def is_luhn(text: str) -> bool:
    """Whether the digits check as those of cards and IMEIs do."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_card(text: str) -> bool:
    return 13 <= len(re.sub(r"\D", "", text)) <= 19 and is_luhn(text)


def _is_imei(text: str) -> bool:
    return len(re.sub(r"\D", "", text)) == 15 and is_luhn(text)


def _is_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return 7 <= len(digits) <= 16 and not _DATE.fullmatch(text)


def _is_address(text: str) -> bool:
    if text.count(":") == 1 or len(text) < 3:
        return False
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _tells(link: str) -> bool:
    if _TELLING.search(link):
        return True
    parts = re.split(r"[/?&=#]", link.partition("://")[2])
    return any(looks_like_token(part) or _KEY.search(part) is not None for part in parts)


_PATTERNS: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("LINK", _URL, _tells),
    ("EMAIL", _EMAIL, _always),
    ("EMAIL", _OBFUSCATED, _always),
    ("ADDRESS", _V4, _is_address),
    ("ADDRESS", _V6, _is_address),
    ("PHONE", _PHONE, _is_phone),
    ("KEY", _KEY, _always),
    ("KEY", _LONG_WORD, looks_like_token),
)
_RUNS: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("IBAN", _IBAN, is_iban),
    ("IMEI", _DIGITS, _is_imei),
    ("CARD", _DIGITS, _is_card),
)
