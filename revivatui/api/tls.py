"""Whose certificates are trusted: the machine's and, for machines without, certifi's."""

from __future__ import annotations

import ssl
from functools import cache


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
