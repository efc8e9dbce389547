"""The server's address as people type it, made into one form."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from revivatui.api.errors import BadAddress
from revivatui.text.safe import safe_line
from revivatui.text.secrets import looks_like_token

_DASHBOARD: Final = re.compile(r"/(app|auth|api|super_admin|widget|cable)(/.*)?$")
_LOCAL: Final = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])$", re.IGNORECASE)
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^\s/@?#\\\[\]:<>\"'`{}|^%]+)$", re.IGNORECASE)


def base_url(typed: str) -> str:
    """`scheme://host[:port][/path]`, without a trailing slash.

    Takes what is in the browser's address line too: a dashboard path such as `/app/login` is cut
    off, https is put before a bare name and http before one of this machine. A user name or
    password in the address is refused. Raises BadAddress.
    """
    text = typed.strip()
    if looks_like_token(text):
        raise BadAddress("This looks like an access token, not like an address. It went nowhere.")
    if not text or any(ord(character) < 33 or ord(character) == 127 for character in text):
        raise BadAddress("This is not a web address.")
    if "://" not in text:
        host = text.split("/", 1)[0].rsplit(":", 1)[0] if "]" not in text else text.split("]")[0]
        local = _LOCAL.match(host if "[" not in host else host + "]")
        text = f"{'http' if local else 'https'}://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadAddress("This is not a web address.") from None
    if parts.scheme not in ("http", "https"):
        raise BadAddress(f"{safe_line(parts.scheme)} addresses do not lead to a Chatwoot.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("The address must not hold a user name or password.")
    return f"{parts.scheme}://{_host(parts)}{f':{port}' if port else ''}{_path(parts)}"


def _host_part(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _host(parts: SplitResult) -> str:
    bracketed = _host_part(parts)
    if not _HOST.match(bracketed):
        raise BadAddress("This is not a web address.")
    return bracketed


def _path(parts: SplitResult) -> str:
    return _DASHBOARD.sub("", parts.path.rstrip("/")).rstrip("/")


def is_local(base: str) -> bool:
    """Whether a server is on this machine: no proxy of the environment stands before it."""
    return _LOCAL.match(_host_part(urlsplit(base))) is not None


def cable_url(base: str) -> str:
    """Where the live feed of a server is (contract 7.1)."""
    return f"ws{base.removeprefix('http')}/cable"
