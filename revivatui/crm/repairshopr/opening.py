"""The adapter as variables of the environment describe it.

The token above all is there, put there by whoever runs the program or out of the keyring by the
program itself: it is in no settings file and on no command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from revivatui.crm.errors import InvalidRecord, TokenRefused, WrongAddress
from revivatui.crm.repairshopr import bucket
from revivatui.crm.repairshopr.adapter import RepairShopr
from revivatui.crm.repairshopr.address import base_url

ADDRESS: Final = "REVIVATUI_CRM"
TOKEN: Final = "REVIVATUI_CRM_TOKEN"
MAY_SET_STATUS: Final = "REVIVATUI_CRM_MAY_SET_STATUS"
MAY_WRITE: Final = "REVIVATUI_CRM_MAY_WRITE_TO_CUSTOMERS"
STATUS_WORDS: Final = "REVIVATUI_CRM_STATUS_WORDS"
COUNTRY_CODE: Final = "REVIVATUI_CRM_COUNTRY_CODE"
CURRENCY: Final = "REVIVATUI_CRM_CURRENCY"
PER_MINUTE: Final = "REVIVATUI_CRM_PER_MINUTE"
DEVICE_TYPE: Final = "REVIVATUI_CRM_DEVICE_TYPE"
_YES: Final = frozenset({"1", "yes", "true", "on"})
_NO: Final = frozenset({"", "0", "no", "false", "off"})


def open_vendor(address: str, environ: Mapping[str, str], links: Path | None) -> RepairShopr:
    """The adapter as the environment describes it. Raises CrmError; nothing is asked yet."""
    if not address.strip():
        raise WrongAddress(f"The address of the shop's CRM is missing: put it into {ADDRESS}.")
    base_url(address)
    token = environ.get(TOKEN, "").strip()
    if not token:
        raise TokenRefused(
            "The access token of the shop's CRM is missing: `revivatui login --crm` keeps one, or"
            f" {TOKEN} gives it."
        )
    return RepairShopr(
        address,
        token,
        may_set_status=_is_on(environ, MAY_SET_STATUS),
        may_write_to_customers=_is_on(environ, MAY_WRITE),
        status_words=read_status_words(environ.get(STATUS_WORDS, "")),
        country_code=environ.get(COUNTRY_CODE, "").strip(),
        currency=environ.get(CURRENCY, "").strip().upper(),
        device_type=environ.get(DEVICE_TYPE, "").strip(),
        links=links,
        per_minute=_count(environ),
    )


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().casefold()
    if value not in _YES | _NO:
        raise InvalidRecord(f"{name} is either yes or no.")
    return value in _YES


def _count(environ: Mapping[str, str]) -> int:
    value = environ.get(PER_MINUTE, "").strip() or str(bucket.PER_MINUTE)
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= bucket.PER_MINUTE):
        raise InvalidRecord(f"{PER_MINUTE} is a number from 1 to {bucket.PER_MINUTE}.")
    return int(value)


def read_status_words(text: str) -> dict[str, str]:
    """The shop's own words for states: "At the lab = in_repair; Waiting = awaiting_parts"."""
    found = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        theirs, equals, ours = part.partition("=")
        if not (equals and theirs.strip() and ours.strip()):
            raise InvalidRecord(f"{part!r} names no state. Write it like: At the lab = in_repair")
        found[theirs.strip()] = ours.strip()
    return found
