"""Which time zone an offset means (contract 6.1): Rails' list of zones, and how each version picks.

3.x takes the first zone whose standard offset is the one asked for, 4.x the first whose offset of
this moment is. The standard offsets stand in the table because builds of the zone database do not
agree on what is standard in Dublin and Casablanca; here it is the hour they call standard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

_TABLE: Final = """
-720 International Date Line West=Etc/GMT+12
-660 American Samoa=Pacific/Pago_Pago; Midway Island=Pacific/Midway
-600 Hawaii=Pacific/Honolulu
-540 Alaska=America/Juneau
-480 Pacific Time (US & Canada)=America/Los_Angeles; Tijuana=America/Tijuana
-420 Arizona=America/Phoenix; Mazatlan=America/Mazatlan
-420 Mountain Time (US & Canada)=America/Denver
-360 Central America=America/Guatemala; Central Time (US & Canada)=America/Chicago
-360 Chihuahua=America/Chihuahua; Guadalajara=America/Mexico_City
-360 Mexico City=America/Mexico_City; Monterrey=America/Monterrey
-360 Saskatchewan=America/Regina
-300 Bogota=America/Bogota; Eastern Time (US & Canada)=America/New_York
-300 Indiana (East)=America/Indiana/Indianapolis; Lima=America/Lima; Quito=America/Lima
-240 Atlantic Time (Canada)=America/Halifax; Caracas=America/Caracas; Georgetown=America/Guyana
-240 La Paz=America/La_Paz; Puerto Rico=America/Puerto_Rico; Santiago=America/Santiago
-210 Newfoundland=America/St_Johns
-180 Brasilia=America/Sao_Paulo; Buenos Aires=America/Argentina/Buenos_Aires
-180 Montevideo=America/Montevideo
-120 Greenland=America/Nuuk; Mid-Atlantic=Atlantic/South_Georgia
-60 Azores=Atlantic/Azores; Cape Verde Is.=Atlantic/Cape_Verde
0 Edinburgh=Europe/London; Lisbon=Europe/Lisbon; London=Europe/London; Monrovia=Africa/Monrovia
0 UTC=Etc/UTC
60 Amsterdam=Europe/Amsterdam; Belgrade=Europe/Belgrade; Berlin=Europe/Berlin; Bern=Europe/Zurich
60 Bratislava=Europe/Bratislava; Brussels=Europe/Brussels; Budapest=Europe/Budapest
60 Casablanca=Africa/Casablanca; Copenhagen=Europe/Copenhagen; Dublin=Europe/Dublin
60 Ljubljana=Europe/Ljubljana; Madrid=Europe/Madrid; Paris=Europe/Paris; Prague=Europe/Prague
60 Rome=Europe/Rome; Sarajevo=Europe/Sarajevo; Skopje=Europe/Skopje; Stockholm=Europe/Stockholm
60 Vienna=Europe/Vienna; Warsaw=Europe/Warsaw; West Central Africa=Africa/Algiers
60 Zagreb=Europe/Zagreb; Zurich=Europe/Zurich
120 Athens=Europe/Athens; Bucharest=Europe/Bucharest; Cairo=Africa/Cairo; Harare=Africa/Harare
120 Helsinki=Europe/Helsinki; Jerusalem=Asia/Jerusalem; Kaliningrad=Europe/Kaliningrad
120 Kyiv=Europe/Kiev; Pretoria=Africa/Johannesburg; Riga=Europe/Riga; Sofia=Europe/Sofia
120 Tallinn=Europe/Tallinn; Vilnius=Europe/Vilnius
180 Baghdad=Asia/Baghdad; Istanbul=Europe/Istanbul; Kuwait=Asia/Kuwait; Minsk=Europe/Minsk
180 Moscow=Europe/Moscow; Nairobi=Africa/Nairobi; Riyadh=Asia/Riyadh
180 St. Petersburg=Europe/Moscow; Volgograd=Europe/Volgograd
210 Tehran=Asia/Tehran
240 Abu Dhabi=Asia/Muscat; Baku=Asia/Baku; Muscat=Asia/Muscat; Samara=Europe/Samara
240 Tbilisi=Asia/Tbilisi; Yerevan=Asia/Yerevan
270 Kabul=Asia/Kabul
300 Almaty=Asia/Almaty; Ekaterinburg=Asia/Yekaterinburg; Islamabad=Asia/Karachi
300 Karachi=Asia/Karachi; Tashkent=Asia/Tashkent
330 Chennai=Asia/Kolkata; Kolkata=Asia/Kolkata; Mumbai=Asia/Kolkata; New Delhi=Asia/Kolkata
330 Sri Jayawardenepura=Asia/Colombo
345 Kathmandu=Asia/Kathmandu
360 Astana=Asia/Dhaka; Dhaka=Asia/Dhaka; Urumqi=Asia/Urumqi
390 Rangoon=Asia/Rangoon
420 Bangkok=Asia/Bangkok; Hanoi=Asia/Bangkok; Jakarta=Asia/Jakarta
420 Krasnoyarsk=Asia/Krasnoyarsk; Novosibirsk=Asia/Novosibirsk
480 Beijing=Asia/Shanghai; Chongqing=Asia/Chongqing; Hong Kong=Asia/Hong_Kong
480 Irkutsk=Asia/Irkutsk; Kuala Lumpur=Asia/Kuala_Lumpur; Perth=Australia/Perth
480 Singapore=Asia/Singapore; Taipei=Asia/Taipei; Ulaanbaatar=Asia/Ulaanbaatar
540 Osaka=Asia/Tokyo; Sapporo=Asia/Tokyo; Seoul=Asia/Seoul; Tokyo=Asia/Tokyo
540 Yakutsk=Asia/Yakutsk
570 Adelaide=Australia/Adelaide; Darwin=Australia/Darwin
600 Brisbane=Australia/Brisbane; Canberra=Australia/Canberra; Guam=Pacific/Guam
600 Hobart=Australia/Hobart; Melbourne=Australia/Melbourne; Port Moresby=Pacific/Port_Moresby
600 Sydney=Australia/Sydney; Vladivostok=Asia/Vladivostok
660 Magadan=Asia/Magadan; New Caledonia=Pacific/Noumea; Solomon Is.=Pacific/Guadalcanal
660 Srednekolymsk=Asia/Srednekolymsk
720 Auckland=Pacific/Auckland; Fiji=Pacific/Fiji; Kamchatka=Asia/Kamchatka
720 Marshall Is.=Pacific/Majuro; Wellington=Pacific/Auckland
765 Chatham Is.=Pacific/Chatham
780 Nuku'alofa=Pacific/Tongatapu; Samoa=Pacific/Apia; Tokelau Is.=Pacific/Fakaofo
"""
_NUMBER: Final = re.compile(r"\s*[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by the name Rails gives it; ``standard`` is its standard offset in minutes."""

    name: str
    key: str
    standard: int

    @property
    def rules(self) -> ZoneInfo:
        return ZoneInfo(self.key)

    @property
    def label(self) -> str:
        """``(GMT+01:00) Amsterdam``."""
        hours, minutes = divmod(abs(self.standard), 60)
        sign = "-" if self.standard < 0 else "+"
        return f"(GMT{sign}{hours:02d}:{minutes:02d}) {self.name}"


@cache
def zones() -> tuple[Zone, ...]:
    """All zones in Rails' order: by standard offset, then by name."""
    found = []
    for line in _TABLE.strip().splitlines():
        minutes, _, entries = line.partition(" ")
        for entry in entries.split("; "):
            name, _, key = entry.partition("=")
            found.append(Zone(name, key, int(minutes)))
    return tuple(sorted(found, key=lambda zone: (zone.standard, zone.name)))


def number(text: object) -> float:
    """Ruby's ``to_f``: the number that a text begins with, else 0."""
    match = _NUMBER.match(str(text if text is not None else ""))
    return float(match[0]) if match else 0.0


def standard_zone(offset: object) -> Zone | None:
    """The first zone of this standard offset in hours (beyond 13: seconds, as Rails reads it)."""
    hours = number(offset)
    wanted = int(hours * 3600 if abs(hours) <= 13 else hours)
    return next((zone for zone in zones() if zone.standard * 60 == wanted), None)


def current_zone(offset: object, now: float) -> Zone | None:
    """The first zone that has this offset in hours now; without one it is UTC."""
    if offset is None or str(offset).strip() == "":
        return next(zone for zone in zones() if zone.name == "UTC")
    wanted = number(offset) * 3600
    moment = datetime.fromtimestamp(now, UTC)
    for zone in zones():
        shift = moment.astimezone(zone.rules).utcoffset()
        if shift is not None and shift.total_seconds() == wanted:
            return zone
    return None


def zone_for(offset: object, *, v4: bool, now: float) -> ZoneInfo:
    """The rules by which a report asked with this ``timezone_offset`` counts; UTC if none fits."""
    zone = current_zone(offset, now) if v4 else standard_zone(offset)
    return zone.rules if zone is not None else ZoneInfo("Etc/UTC")
