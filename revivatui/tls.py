"""Whose certificates are trusted: the machine's and, for machines without, certifi's."""

from __future__ import annotations

import ssl
from functools import cache

from revivatui.text.safe import safe_line


@cache
def tls_context() -> ssl.SSLContext:
    """For every encrypted connection of the desk; made once (it reads a few hundred files)."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def no_tls_context() -> ssl.SSLContext:
    """For clients of plain http: it trusts nobody, and costs nothing to make."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def tls_reason(error: ssl.SSLError) -> str:
    """What a person can act on, as the end of a sentence: `: self-signed certificate`."""
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_message:
        return f": {safe_line(error.verify_message)}"
    return ""


def is_tls(error: BaseException | None) -> bool:
    """Whether encryption is at the bottom of it."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
