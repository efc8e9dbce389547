"""Settings: one commented TOML file, with environment variables and flags over it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Final

from revivatui.config_options import OPTIONS, THEME_NAMES, Option
from revivatui.state.records import dataclass

__all__ = ["OPTIONS", "THEME_NAMES", "Option"]


class ConfigError(Exception):
    """The settings cannot be used; the text names the file, the key and what would be valid."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """One Chatwoot and one agent of it. The token is kept apart (`revivatui.credentials`)."""

    url: str
    account_id: int
    place: str = ""
    """What the desk's files are bound to instead of the address, where that changes with every
    start as the demo's does."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, as the file, the environment and the flags make them together."""

    profile: str = "default"
    theme: str = "nordic"
    ascii_only: bool = False
    animations: bool = False
    frames_per_second: int = 0
    """0: 60, or 20 over SSH."""
    notify_rule: str = "mine"
    notify_vip: tuple[str, ...] = ()
    notify_quiet: str = ""
    idle_minutes: int = 15
    """0: never away."""
    idle: str = "offer"
    offline_on_exit: bool = True
    crm_url: str = "crm.sqlite3"
    """A file's name (beside the desk's other data, where it is no whole path), an address of
    PostgreSQL or of a vendor, or nothing: no CRM. A vendor's token is kept apart."""
    tax_percent: int = 0
    """What prices of the catalogue include of tax."""
    alerts_on: bool = True
    alerts_waiting: int = 2
    alerts_answer: int = 10
    alerts_nobody: int = 2
    alerts_queue: int = 10
    alerts_csat: int = 15
    alerts_bridge: int = 5
    """Minutes, how many, points of a hundred (`state.alert_readings.Limits`); 0: never."""
    alerts_hours: str = ""
    alerts_webhook: str = ""
    alerts_command: tuple[str, ...] = ()
    team_capacity: int = 0
    copilot_on: bool = True
    copilot_url: str = ""
    copilot_model: str = "gpt-4o-mini"
    copilot_temperature: float = 0.2
    copilot_max_tokens: int = 300
    copilot_limit_name: str = "max_tokens"
    copilot_instructions: str = ""
    copilot_consent: tuple[str, ...] = ("ask",)
    """What a model is and may be asked (`copilot.model.ModelSettings`). Its key is kept apart."""
    profiles: Mapping[str, ProfileSettings] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    bridge: Mapping[str, Any] = field(default_factory=dict)
    """The table of the bridge as it stands; what it means is the bridge's to say."""
    shop: Mapping[str, Any] = field(default_factory=dict)
    """The table of the shop's facts; what it means is `copilot.shop_profile`'s to say."""
    this_start: ProfileSettings | None = None
    """An address or account given by flag or variable: it goes over the profile, and into no
    file."""

    @property
    def saved(self) -> ProfileSettings | None:
        """The profile as it is remembered."""
        return self.profiles.get(self.profile)

    @property
    def current(self) -> ProfileSettings | None:
        """The desk that opens."""
        return self.this_start or self.saved


URL_VARIABLE: Final = "REVIVATUI_URL"
_TIDY: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?$")
"""Addresses that need no second look; most of those that are kept."""

_HEAD: Final = """\
# Settings of RevivaTUI. Environment variables and flags go over what stands here.
# Tokens are not kept in this file: `revivatui login` puts them into the system's keyring.
"""
_KEYS_COMMENT: Final = """\
# Other keys for commands, by id (`revivatui keys` lists them), for example:
# "conversation.resolve" = "e"
"""


def load(
    path: Path, environ: Mapping[str, str] | None = None, url: str | None = None, **flags: Any
) -> Settings:
    """Read the settings. `flags` are attributes of `Settings`; None means not given.

    Raises:
        ConfigError: unreadable, an unknown key, or a value that cannot be.
    """
    environ = os.environ if environ is None else environ
    settings = _from_file(path)
    for option in OPTIONS:
        if text := environ.get(option.variable):
            value = _parsed(text, option)
            settings = replace(settings, **{option.attribute: value})
    for attribute, value in flags.items():
        if value is not None:
            settings = replace(settings, **{attribute: value})
    if url:
        return for_this_start(settings, url, _account(environ), "--url")
    if url := environ.get(URL_VARIABLE):
        return for_this_start(settings, url, _account(environ), URL_VARIABLE)
    return settings


def with_profile(settings: Settings, url: str, account_id: int, place: str = "") -> Settings:
    """The settings with another address for the current profile."""
    profile = ProfileSettings(url, account_id, place)
    profiles = {**settings.profiles, settings.profile: profile}
    return replace(settings, profiles=profiles, this_start=None)


def for_this_start(settings: Settings, typed: str, account_id: int, given_by: str) -> Settings:
    """The settings with an address that goes over the profile and is not kept.

    An address that is the profile's own changes nothing; `account_id` 0 means none was given.
    Raises `ConfigError`.
    """
    saved, url = settings.saved, tidy_address(typed, given_by)
    if saved is not None and same_server(saved.url, url):
        if account_id in (0, saved.account_id):
            return settings
        url = saved.url
    return replace(settings, this_start=ProfileSettings(url, account_id))


def tidy_address(typed: str, given_by: str) -> str:
    """An address as people type it, in the form that is kept. Raises `ConfigError`."""
    if _TIDY.match(typed):
        return typed
    from revivatui.api.address import base_url
    from revivatui.api.errors import BadAddress

    try:
        return base_url(typed)
    except BadAddress as error:
        raise ConfigError(f"{given_by}: {error.plain}") from None


def same_server(one: str, other: str) -> bool:
    """Whether two addresses lead to the same server."""
    return server_key(one) == server_key(other)


def server_key(url: str) -> str:
    """One text for one server, however its address is written."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(tidy_address(url, ""))
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except (ConfigError, ValueError):
        return url
    return f"{parts.scheme}://{parts.hostname}:{port}{parts.path}"


def _account(environ: Mapping[str, str]) -> int:
    text = environ.get("REVIVATUI_ACCOUNT", "0")
    if not text.isdigit():
        raise ConfigError(f"REVIVATUI_ACCOUNT is {text!r}; it must be the account's number.")
    return int(text)


def _near(word: str, known: Sequence[str], most: int) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, known, most)


def _from_file(path: Path) -> Settings:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from None
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    values: dict[str, Any] = {}
    for option in OPTIONS:
        table = data.get(option.table, {}) if option.table else data
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {option.table!r} must be a table, [{option.table}].")
        if option.key in table:
            values[option.attribute] = _checked(table[option.key], option, str(path))
    _refuse_unknown(data, path)
    values["profiles"] = _profiles(data.get("profiles", {}), path)
    values["keys"] = _keys(data.get("keys", {}), path)
    values["bridge"] = data.get("bridge", {})
    if not isinstance(values["bridge"], dict):
        raise ConfigError(f"{path}: 'bridge' must be a table, [bridge].")
    values["shop"] = _shop(data.get("shop", {}), path)
    return Settings(**values)


def _refuse_unknown(data: Mapping[str, Any], path: Path) -> None:
    tables = {"profiles", "keys", "bridge", "shop"}
    tables |= {option.table for option in OPTIONS if option.table}
    known = {"": tables | {option.key for option in OPTIONS if not option.table}}
    for table in {option.table for option in OPTIONS if option.table}:
        known[table] = {option.key for option in OPTIONS if option.table == table}
    for name, allowed in known.items():
        where = data.get(name, {}) if name else data
        for key in where:
            if key not in allowed:
                full = f"{name}.{key}" if name else key
                near = _near(key, sorted(allowed), 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {sorted(allowed)}"
                raise ConfigError(f"{path}: unknown key {full!r}; {hint}")


def _checked(value: Any, option: Option, source: str) -> Any:
    if option.kind is list:
        return _agreed(_checked_list(value, option, source), option, source)
    if option.kind is float and type(value) is int:
        value = float(value)
    if type(value) is not option.kind:
        raise ConfigError(f"{source}: {option.name!r} must be a {_kind_word(option.kind)}.")
    if option.choices and value not in option.choices:
        near = _near(str(value), option.choices, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(option.choices)}."
        raise ConfigError(f"{source}: {option.name!r} is {value!r}; {hint}")
    if isinstance(value, (int, float)) and not 0 <= value <= option.most:
        raise ConfigError(f"{source}: {option.name!r} must be from 0 to {option.most}.")
    return _agreed(value, option, source)


def _agreed(value: Any, option: Option, source: str) -> Any:
    """The value, where the option's own check has nothing against it. Raises ConfigError."""
    if option.check is not None:
        try:
            option.check(value)
        except ValueError as error:
            raise ConfigError(f"{source}: {option.name!r}: {error}.") from None
    return value


def _checked_list(value: Any, option: Option, source: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
        raise ConfigError(f'{source}: {option.name!r} must be a list of texts, ["vip", "Ana"].')
    return tuple(one for one in map(str.strip, value) if one)


def _parsed(text: str, option: Option) -> Any:
    value: Any = text
    if option.kind is bool:
        if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise ConfigError(f"{option.variable} is {text!r}; it must be true or false.")
        value = text.lower() in ("1", "true", "yes")
    elif option.kind is int:
        if not text.isdigit():
            raise ConfigError(f"{option.variable} is {text!r}; it must be a number.")
        value = int(text)
    elif option.kind is float:
        try:
            value = float(text)
        except ValueError:
            raise ConfigError(f"{option.variable} is {text!r}; it must be a number.") from None
    elif option.kind is list:
        value = text.split(",")
    return _checked(value, option, option.variable)


def _kind_word(kind: type) -> str:
    return {str: "text", bool: "true or false", int: "number", float: "number"}[kind]


def _profiles(data: Any, path: Path) -> dict[str, ProfileSettings]:
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: 'profiles' must be a table of profiles, [profiles.NAME].")
    profiles = {}
    for name, entry in data.items():
        where = f"profiles.{name}"
        if not isinstance(entry, dict):
            raise ConfigError(f"{path}: {where!r} must be a table, [{where}].")
        for key in entry:
            if key not in ("url", "account_id"):
                near = _near(key, ("url", "account_id"), 1)
                hint = f"did you mean {near[0]!r}?" if near else "known: 'url', 'account_id'"
                raise ConfigError(f"{path}: unknown key '{where}.{key}'; {hint}")
        url, account_id = entry.get("url"), entry.get("account_id")
        if not isinstance(url, str) or not url:
            raise ConfigError(f"{path}: '{where}.url' must be the address of a Chatwoot.")
        if type(account_id) is not int:
            raise ConfigError(f"{path}: '{where}.account_id' must be the account's number.")
        profiles[name] = ProfileSettings(url, account_id)
    return profiles


def _keys(data: Any, path: Path) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(keys, str) for keys in data.values()):
        raise ConfigError(f'{path}: [keys] holds lines like "conversation.resolve" = "e".')
    return dict(data)


def _shop(data: Any, path: Path) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: 'shop' must be a table, [shop].")
    if data:
        from revivatui.copilot.shop_profile import BadShop, ShopProfile

        try:
            ShopProfile.load(data)
        except BadShop as error:
            raise ConfigError(f"{path}: [shop] {error}.") from None
    return data


# --- writing ----------------------------------------------------------------------------------


def save_option(path: Path, name: str, value: str | bool | float) -> None:
    """Write one setting ("look.theme"), keeping everything else, comments included.

    Raises:
        ConfigError: the value cannot be, or the file cannot be written.
    """
    option = next(option for option in OPTIONS if option.name == name)
    _checked(value, option, "settings")
    document = _document(path)
    table = document
    if option.table:
        table = document[option.table]
    table[option.key] = value
    _write(path, document.as_string())


def save_profile(path: Path, name: str, url: str, account_id: int) -> None:
    """Add or replace a profile; the first one becomes the default.

    Raises:
        ConfigError: the file cannot be read or written.
    """
    import tomlkit

    document = _document(path)
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    if not profiles:
        document["profile"] = name
    entry = profiles.get(name)
    if entry is None:
        entry = profiles[name] = tomlkit.table()
    entry["url"] = url
    entry["account_id"] = account_id
    _write(path, document.as_string())


def default_text() -> str:
    """The file as it is first written: every setting with its default and what it means."""
    lines = [_HEAD]
    defaults = Settings()
    table = ""
    for option in OPTIONS:
        if option.table != table:
            table = option.table
            lines.append(f"\n[{table}]")
        lines.append(f"# {option.comment}\n# ({option.variable})")
        lines.append(f"{option.key} = {_literal(getattr(defaults, option.attribute))}")
    from revivatui.copilot.shop_profile import COMMENTED

    lines.append(f"\n[shop]\n{COMMENTED}\n[keys]\n{_KEYS_COMMENT}")
    return "\n".join(lines)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _document(path: Path) -> Any:
    import tomlkit

    _from_file(path)  # a broken file is not written over
    text = path.read_text(encoding="utf-8") if path.exists() else default_text()
    document = tomlkit.parse(text)
    for table in {option.table for option in OPTIONS if option.table}:
        document.setdefault(table, tomlkit.table())
    return document


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error}.") from None
