"""The address of a shop's RepairShopr or Syncro, made into the one its API has."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from revivatui.crm.errors import WrongAddress
from revivatui.text.safe import safe_line
from revivatui.text.secrets import looks_like_token

API_PATH: Final = "/api/v1"
_HOSTS: Final = re.compile(r"[a-z0-9][a-z0-9-]*\.(?:repairshopr|syncromsp)\.com")
_LOCAL: Final = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_EXPECTED: Final = "Type it like myshop.repairshopr.com or myshop.syncromsp.com."


def base_url(typed: str) -> str:
    """`https://myshop.repairshopr.com/api/v1`, from that or from any page of the shop's.

    Only the vendor's own hosts are taken, so that the token goes nowhere else; of this machine
    plain http is taken too. Raises WrongAddress.
    """
    text = typed.strip()
    if looks_like_token(text):
        raise WrongAddress("This looks like an access token, not like an address. It went nowhere.")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise WrongAddress(f"This is not a web address. {_EXPECTED}") from None
    if parts.username is not None or parts.password is not None:
        raise WrongAddress("The address must not hold a user name or password.")
    if parts.scheme in ("http", "https") and _LOCAL.fullmatch(host):
        return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{_port(port)}{API_PATH}"
    if parts.scheme != "https" or port not in (None, 443) or not _HOSTS.fullmatch(host):
        raise WrongAddress(f"{safe_line(host)[:80] or 'This'} is no RepairShopr. {_EXPECTED}")
    return f"https://{host}{API_PATH}"


def _port(port: int | None) -> str:
    return "" if port is None else f":{port}"


def is_vendor(typed: str) -> bool:
    """Whether an address is no file and no database: one of the vendor's hosts, or any page of the
    web, of which `base_url` says whether the vendor has it."""
    text = typed.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if "://" in text and parts.scheme in ("http", "https"):
        return True
    return _HOSTS.fullmatch(host.lower()) is not None


def product_name(base: str) -> str:
    """What the shop calls the product: its host says which of the two names it has."""
    return "Syncro" if "syncromsp.com" in base else "RepairShopr"


def is_local(base: str) -> bool:
    """Whether the server is on this machine: no proxy of the environment stands before it."""
    return _LOCAL.fullmatch(urlsplit(base).hostname or "") is not None
