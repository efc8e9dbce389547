"""Who is spoken of: the customer's own names, numbers and addresses, and the agents' names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from revivatui.copilot.facts import Fact, Record
from revivatui.state.records import dataclass

SHOP: Final = "shop/"
_SERIAL: Final = re.compile(r"serial", re.IGNORECASE)
_IMEI: Final = re.compile(r"imei", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is replaced wherever it stands, in any spelling."""

    names: tuple[str, ...] = ()
    """Whole names; their parts are replaced too."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    imeis: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Of repairs, quotes, orders, tickets: "R-2041"."""
    agents: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    """The shop's own addresses and phones, which anybody may know."""


def known_of(
    record: Record,
    *,
    names: Iterable[str] = (),
    agents: Iterable[str] = (),
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
) -> Known:
    """What the record knows of a customer, private facts too, and what the chat adds to it."""
    own = [one for one in record.facts if not one.id.startswith(SHOP)]
    shop = [one for one in record.facts if one.id.startswith(SHOP)]
    numbers = [one for one in own if one.kind == "number"]
    return Known(
        names=_each(names, _values(own, "name")),
        emails=_each(emails, _values(own, "email")),
        phones=_each(phones, _values(own, "phone")),
        addresses=_each(_values(own, "address")),
        serials=_each(one.value for one in own if _SERIAL.search(one.label)),
        imeis=_each(one.value for one in own if _IMEI.search(one.label)),
        numbers=_each(one.value for one in numbers if not _is_of_device(one)),
        agents=_each(agents),
        public=_each(
            one.value for one in shop if one.kind in ("email", "phone", "link", "address")
        ),
    )


def _is_of_device(fact: Fact) -> bool:
    return bool(_SERIAL.search(fact.label) or _IMEI.search(fact.label))


def _values(facts: Iterable[Fact], kind: str) -> list[str]:
    return [one.value for one in facts if one.kind == kind]


def _each(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for some in lists for one in some if one.strip()))
