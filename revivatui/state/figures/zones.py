"""Which time zone a `timezone_offset` means (contract 6.1).

A client sends hours from UTC; the server groups by a named zone, with that zone's own summer time.
It goes through the zones that Rails knows, ordered by standard offset and then by name, and takes
the first that fits. 3.9 compares the standard offset, 4.x the offset of today, so one number can
mean two zones (in winter -3 is Brasilia on 3.9 and Santiago on 4.x).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revivatui.state.figures.names import ZONE_NAMES
from revivatui.state.records import dataclass

HOURS_AT_MOST: Final = 13
"""3.9 reads a larger number as seconds, and no zone is so few seconds from UTC."""


class ZonesMissing(LookupError):
    """This machine has no time zone data, so nothing can be grouped by day or hour."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by the name that the server gives it."""

    name: str
    """As Rails names it: "Edinburgh", "Pacific Time (US & Canada)"."""
    info: ZoneInfo

    def label(self, now: datetime) -> str:
        """As the traffic report heads it: "(GMT+01:00) Amsterdam", the standard offset."""
        seconds = int(standard_offset(self.info, now).total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"(GMT{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}) {self.name}"


def zone_info(key: str) -> ZoneInfo:
    """A zone of the IANA data. ZonesMissing where this machine does not have it."""
    try:
        return ZoneInfo(key)
    except ZoneInfoNotFoundError as error:
        raise ZonesMissing(f"This machine knows no time zone {key}: install tzdata.") from error


def utc() -> Zone:
    return Zone("UTC", zone_info("Etc/UTC"))


def counts_every_event(version: str) -> bool:
    """Whether the server is a 4.x: the two differ in how they count (contract 6.3, 6.8)."""
    major = version.split(".", 1)[0]
    return major.isdigit() and int(major) >= 4


def zone_of(offset: str | float | None, version: str, now: datetime) -> Zone:
    """The zone in which a server of that version groups for `timezone_offset` (hours).

    `now` is when the question is asked: 4.x chooses another zone in summer than in winter. UTC
    where no zone fits.
    """
    if not counts_every_event(version):
        return standard_zone(offset, now) or utc()
    if offset is None or str(offset).strip() == "":
        return utc()
    seconds = leading_number(offset) * 3600
    for zone in ordered_zones(now.date().toordinal()):
        if _offset(zone.info, now) == seconds:
            return zone
    return utc()


def standard_zone(offset: str | float | None, now: datetime) -> Zone | None:
    """The first zone whose standard offset is so many hours, as 3.9 looks it up."""
    hours = leading_number(offset)
    seconds = int(hours * 3600 if abs(hours) <= HOURS_AT_MOST else hours)
    for zone in ordered_zones(now.date().toordinal()):
        if standard_offset(zone.info, now).total_seconds() == seconds:
            return zone
    return None


@lru_cache(maxsize=4)
def ordered_zones(day: int) -> tuple[Zone, ...]:
    """Every zone that Rails knows, by standard offset on that day (ordinal) and by name."""
    noon = datetime.fromordinal(day).replace(hour=12, tzinfo=UTC)
    zones = [Zone(name, zone_info(key)) for name, key in ZONE_NAMES.items()]
    zones.sort(key=lambda zone: (standard_offset(zone.info, noon), zone.name))
    return tuple(zones)


def standard_offset(info: ZoneInfo, now: datetime) -> timedelta:
    """The offset from UTC without summer time, also where it is summer."""
    local = now.astimezone(info)
    return (local.utcoffset() or timedelta()) - (local.dst() or timedelta())


def _offset(info: ZoneInfo, now: datetime) -> float:
    return (now.astimezone(info).utcoffset() or timedelta()).total_seconds()


def leading_number(value: str | float | None) -> float:
    """A number as Ruby reads one: what a text begins with, else 0."""
    if value is None:
        return 0.0
    found = re.match(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", str(value))
    return float(found.group()) if found else 0.0
