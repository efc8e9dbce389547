"""Which reports the bridge makes by itself: the [bridge.report] table of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from revivatui.bridge.errors import BadBridgeSettings
from revivatui.reporting.files import FORMATS, Format
from revivatui.state.records import dataclass
from revivatui.state.report_period import EVERY, Every
from revivatui.text.addresses import problem_of

_KEYS: Final = ("every", "at", "zone", "out", "format", "note", "webhook")


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """Nothing is made where `every` is empty."""

    every: tuple[Every, ...] = ()
    at: time = time(8)
    """When, on the day after the period, in `tz`."""
    zone: str = ""
    """Its name; "": the machine's."""
    tz: tzinfo | None = None
    folder: Path | None = None
    """Where files go; None: none are written."""
    formats: tuple[Format, ...] = FORMATS
    note: int = 0
    """The conversation that gets it as a private note; 0: none."""
    webhook: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """How it is told, in order."""
        there = (("files", self.folder is not None), ("note", self.note), ("webhook", self.webhook))
        return tuple(name for name, is_on in there if is_on)


NO_REPORTS: Final = ReportPlan()


def load(table: Any) -> ReportPlan:
    """Raises BadBridgeSettings, which names the key."""
    if not isinstance(table, Mapping):
        raise BadBridgeSettings("[bridge] report must be a table, [bridge.report].")
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}."
            raise BadBridgeSettings(f"[bridge.report] has no key {key!r}; {hint}")
    zone, out, webhook = (_text(table, key) for key in ("zone", "out", "webhook"))
    if webhook and (why := problem_of(webhook)):
        raise BadBridgeSettings(f"[bridge.report] webhook: {why}.")
    note = table.get("note", 0)
    if type(note) is not int or note < 0:
        raise BadBridgeSettings("[bridge.report] note must be the number of a conversation.")
    plan = ReportPlan(
        every=_some(table, "every", EVERY, ()),
        at=_time(_text(table, "at", "08:00")),
        zone=zone,
        tz=_zone(zone),
        folder=Path(out).expanduser() if out else None,
        formats=_some(table, "format", FORMATS, FORMATS),
        note=note,
        webhook=webhook,
    )
    if plan.every and not plan.ways:
        raise BadBridgeSettings(
            "[bridge.report] says what to make and not where to: out, note or webhook."
        )
    return plan


def _text(table: Mapping[str, Any], key: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise BadBridgeSettings(f"[bridge.report] {key} must be a text.")
    return value.strip()


def _some(table: Mapping[str, Any], key: str, known: tuple[Any, ...], default: Any) -> Any:
    value = table.get(key, list(default))
    if not isinstance(value, list) or any(one not in known for one in value):
        raise BadBridgeSettings(f"[bridge.report] {key} is a list of some of {', '.join(known)}.")
    return tuple(one for one in known if one in value)


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise BadBridgeSettings(f"[bridge.report] at is {text!r}; it must be like 08:00.") from None


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadBridgeSettings(f"[bridge.report] zone: there is no {name!r}.") from None
