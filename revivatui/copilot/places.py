"""Addresses of models' servers: in the form that requests are made of, and how far away they are.

Settings are checked with it before the first frame, so that it imports little.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import urlsplit

Where = Literal["this machine", "local network", "hosted"]

EXPECTED: Final = "Write it like http://localhost:11434/v1 or https://api.openai.com/v1"

_CHAT: Final = re.compile(r"/chat/completions/?$")
_LOCAL_NAMES: Final = (".local", ".lan", ".home.arpa", ".internal")


class BadPlace(ValueError):
    """An address that no model can have; the text says why, in words."""


def base_of(typed: str) -> str:
    """An address as people type it, in the form that requests are made of. Raises BadPlace."""
    text = typed.strip()
    if "://" not in text:
        text = f"{'https' if where_is(_host_of(text)) == 'hosted' else 'http'}://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadPlace(f"The model's address is no web address. {EXPECTED}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadPlace(f"The model's address is no web address. {EXPECTED}")
    if parts.username is not None or parts.password is not None:
        raise BadPlace("The model's address must hold no password: `revivatui copilot key`.")
    if parts.query or parts.fragment:
        raise BadPlace(f"The model's address must end with its path. {EXPECTED}")
    if parts.scheme == "http" and where_is(host) == "hosted":
        raise BadPlace("A model that is not on this machine or network is asked by https only.")
    place = f"[{host}]" if ":" in host else host
    path = _CHAT.sub("", parts.path).rstrip("/")
    return f"{parts.scheme}://{place}{'' if port is None else f':{port}'}{path}"


def where_is(host: str) -> Where:
    """Where what is sent to a host goes. A name that says nothing is somewhere else."""
    import ipaddress

    name = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        if name == "localhost" or name.endswith(".localhost"):
            return "this machine"
        is_near = bool(name) and ("." not in name or name.endswith(_LOCAL_NAMES))
        return "local network" if is_near else "hosted"
    if address.is_loopback:
        return "this machine"
    is_near = address.is_private or address.is_link_local
    return "local network" if is_near and not address.is_unspecified else "hosted"


def _host_of(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""
