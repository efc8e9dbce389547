"""Access tokens: in the system's keyring, or in a file of the user alone that says why.

Nothing here logs, prints or raises with a token in it.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOG = logging.getLogger("revivatui.credentials")
SERVICE: Final = "revivatui"
TOKEN_VARIABLE: Final = "REVIVATUI_TOKEN"


class CredentialsError(Exception):
    """A token could not be kept or read; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a token went: "keyring" or the file's path, and why it is not the keyring."""

    place: str
    why: str = ""


def _entry(profile: str, url: str) -> str:
    return f"{profile} {url}"


def load_token(profile: str, url: str, file: Path) -> str | None:
    """The token of a profile at this address, or None. Slow the first time (keyring).

    Raises:
        CredentialsError: the file is there and cannot be read.
    """
    if token := os.environ.get(TOKEN_VARIABLE):
        return token
    return _load(_entry(profile, url), file)


def _load(entry: str, file: Path) -> str | None:
    if token := _read_file(file).get(entry):
        return token
    try:
        import keyring

        return keyring.get_password(SERVICE, entry)
    except Exception as error:
        LOG.info("no keyring: %s", type(error).__name__)
        return None


def where_kept(profile: str, url: str, file: Path) -> str:
    """Where the token of a profile at this address is, in words. As slow as `load_token`."""
    try:
        if os.environ.get(TOKEN_VARIABLE):
            return f"In {TOKEN_VARIABLE}, for this start only."
        if _read_file(file).get(_entry(profile, url)):
            return f"In a file that only you can read: {file}"
        return "In the system's keyring." if load_token(profile, url, file) else "None is kept."
    except CredentialsError as error:
        return str(error)


def save_token(profile: str, url: str, token: str, file: Path) -> Kept:
    """Keep a token, in the keyring where there is one.

    Raises:
        CredentialsError: neither place took it.
    """
    try:
        import keyring

        keyring.set_password(SERVICE, _entry(profile, url), token)
        if keyring.get_password(SERVICE, _entry(profile, url)) == token:
            _forget_in_file(profile, url, file)
            return Kept("keyring")
        why = "the keyring did not keep it"
    except Exception as error:
        why = _reason(error)
    entries = _read_file(file)
    entries[_entry(profile, url)] = token
    _write_file(file, entries, why)
    return Kept(str(file), why)


def load_secret(name: str, url: str, file: Path) -> str | None:
    """Another secret than a token, kept under a name of its own; None where there is none.

    Raises:
        CredentialsError: the file is there and cannot be read.
    """
    return _load(_entry(name, url), file)


def save_secret(name: str, url: str, secret: str, file: Path) -> Kept:
    """Keep a secret as tokens are kept.

    Raises:
        CredentialsError: neither place took it.
    """
    return save_token(name, url, secret, file)


def forget_token(profile: str, url: str, file: Path) -> None:
    """Take a token out of both places."""
    try:
        import keyring

        keyring.delete_password(SERVICE, _entry(profile, url))
    except Exception as error:
        LOG.info("nothing to forget in a keyring: %s", type(error).__name__)
    _forget_in_file(profile, url, file)


def keyring_state() -> str:
    """What `revivatui doctor` says about the keyring."""
    try:
        import keyring

        backend = keyring.get_keyring()
        if type(backend).__module__.endswith(".fail"):
            return "none here: tokens go to a file that only you can read"
        return f"{type(backend).__module__}"
    except Exception as error:
        return _reason(error)


def _reason(error: Exception) -> str:
    """Why the keyring failed, without what it was given."""
    if type(error).__name__ == "NoKeyringError":
        return "this machine has no keyring"
    return f"the keyring failed ({type(error).__name__})"


def _forget_in_file(profile: str, url: str, file: Path) -> None:
    entries = _read_file(file)
    if entries.pop(_entry(profile, url), None) is not None:
        _write_file(file, entries, "")


def _read_file(file: Path) -> dict[str, str]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise CredentialsError(
            f"{file} cannot be read. Sign in again after moving it away."
        ) from None
    tokens = data.get("tokens", {}) if isinstance(data, dict) else {}
    return {key: value for key, value in tokens.items() if isinstance(value, str)}


def _write_file(file: Path, entries: dict[str, str], why: str) -> None:
    try:
        if not entries:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = {"why": f"Access tokens are here because {why}. Only you can read this file."}
        part = file.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({**body, "tokens": entries}, out, indent=1)
        os.replace(part, file)
    except OSError as error:
        raise CredentialsError(
            f"The token could not be kept in {file}: {error.strerror}."
        ) from None
