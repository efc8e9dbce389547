"""Texts that must not be shown or sent where they do not belong."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}$")
_LOWER, _UPPER, _DIGIT = (re.compile(one) for one in ("[a-z]", "[A-Z]", "[0-9]"))


def looks_like_token(text: str) -> bool:
    """Whether a text is rather an access token than an address: long, without a dot, and mixed
    as no name is."""
    text = text.strip()
    kinds = [bool(kind.search(text)) for kind in (_LOWER, _UPPER, _DIGIT)]
    return bool(_TOKEN.match(text)) and sum(kinds) > 1
