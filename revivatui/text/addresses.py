"""Web addresses that the shop names for others to be told at."""

from __future__ import annotations

from urllib.parse import urlsplit


def problem_of(url: str) -> str:
    """Why this is no address for a webhook; "" where it is one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "it is no web address"
    if parts.scheme not in ("http", "https") or not host or (port is not None and not port):
        return "it must begin with https:// or http:// and name a host"
    return ""
