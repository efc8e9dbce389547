"""The bridge's settings: the [bridge] table of the settings file, and secrets from the environment
or the keyring, never from the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from revivatui.bridge.captain_settings import OFF, CaptainSettings
from revivatui.bridge.captain_settings import load as load_captain
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.report_plan import NO_REPORTS, ReportPlan
from revivatui.bridge.report_plan import load as load_plan
from revivatui.bridge.rules import NONE, Rules
from revivatui.bridge.rules import load as load_rules
from revivatui.bridge.senders import Links
from revivatui.state.records import dataclass

SECRET_VARIABLE: Final = "REVIVATUI_BRIDGE_SECRET"
PATH_VARIABLE: Final = "REVIVATUI_BRIDGE_PATH_SECRET"
CRM_VARIABLE: Final = "REVIVATUI_CRM"
SECRET_ENTRY: Final = "webhook"
PATH_ENTRY: Final = "path"
_MOST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """Everything but the Chatwoot itself, which is the profile's."""

    host: str = "127.0.0.1"
    port: int = 8377
    public_url: str = ""
    """Where Chatwoot reaches the bridge."""
    place: str = ""
    """What the Chatwoot is called in the CRM instead of its address; the profile's to say, since
    the desk has to call it the same."""
    allow: tuple[str, ...] = ()
    """Addresses or networks that may deliver; empty: any, as far as the secrets let it in."""
    crm: str = ""
    links: Links = field(default_factory=Links)
    backfill_minutes: int = 5
    first_days: int = 7
    """How far the first catching up goes back."""
    writes_per_minute: int = 6
    rules: Rules = NONE
    reports: ReportPlan = NO_REPORTS
    captain: CaptainSettings = OFF
    secrets: tuple[str, ...] = field(default=(), repr=False)
    path_secret: str = field(default="", repr=False)


def load(
    table: Mapping[str, Any],
    kept_secret: Callable[[str], str] = lambda name: "",
    environ: Mapping[str, str] | None = None,
) -> BridgeSettings:
    """The settings of a [bridge] table. `kept_secret` gives a secret of the keyring, by its name.

    Raises BadBridgeSettings, which names the key.
    """
    environ = os.environ if environ is None else environ
    _refuse_unknown(table)
    host, port = _listen(_text(table, "listen", "127.0.0.1:8377"))
    secret = environ.get(SECRET_VARIABLE) or kept_secret(SECRET_ENTRY)
    return BridgeSettings(
        host=host,
        port=port,
        public_url=_text(table, "public_url").rstrip("/"),
        allow=_texts(table, "allow"),
        crm=environ.get(CRM_VARIABLE) or _text(table, "crm"),
        links=Links(_text(table, "customer_url"), _text(table, "ticket_url")),
        backfill_minutes=_whole(table, "backfill_minutes", 5, 1, 60),
        writes_per_minute=_whole(table, "writes_per_minute", 6, 1, 60),
        rules=load_rules(Path(rules).expanduser()) if (rules := _text(table, "rules")) else NONE,
        reports=load_plan(table.get("report", {})),
        captain=load_captain(table.get("captain", {}), kept_secret, environ),
        secrets=tuple(one.strip() for one in secret.split(",") if one.strip()),
        path_secret=environ.get(PATH_VARIABLE) or kept_secret(PATH_ENTRY),
    )


_KEYS: Final = (
    "listen",
    "public_url",
    "allow",
    "crm",
    "customer_url",
    "ticket_url",
    "backfill_minutes",
    "writes_per_minute",
    "rules",
    "report",
    "captain",
)


def _refuse_unknown(table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}."
            raise BadBridgeSettings(f"[bridge] has no key {key!r}; {hint}")


def _text(table: Mapping[str, Any], key: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise BadBridgeSettings(f"[bridge] {key} must be a text.")
    return value.strip()


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadBridgeSettings(f'[bridge] {key} must be a list of texts, ["10.0.0.0/8"].')
    return tuple(value)


def _whole(table: Mapping[str, Any], key: str, default: int, least: int, most: int) -> int:
    value = table.get(key, default)
    if type(value) is not int or not least <= value <= most:
        raise BadBridgeSettings(f"[bridge] {key} must be a number from {least} to {most}.")
    return value


def _listen(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > _MOST_PORT:
        raise BadBridgeSettings(f"[bridge] listen is {text!r}; it must be like 127.0.0.1:8377.")
    return host.strip("[]") or "127.0.0.1", int(port)
