"""What is kept of holidays: the file of them, what somebody agreed to, and what has to be put back.

What an inbox had before a holiday is on the disk before anything is sent, and stays there until
the server has it again: a crash at any moment loses no hours.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from revivatui.state.admin import DayHours
from revivatui.state.holidays import BadHolidays, Holiday, read_holidays

if sys.platform != "win32":
    import fcntl
else:
    import msvcrt

MOST_BYTES: Final = 1_000_000
EXAMPLE: Final = """\
# Days on which the shop opens otherwise. Each has closed = true or hours = "10:00-14:00";
# inboxes = ["Website"] names some of them, without it all that have working hours are meant.
"""


class BookBroken(Exception):
    """What is kept cannot be read or written; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One weekday of one inbox that is otherwise for a holiday."""

    inbox_id: int
    inbox: str
    day: date
    mark: str
    name: str
    before: DayHours
    wanted: DayHours

    @property
    def key(self) -> tuple[int, int]:
        """An inbox's weekday is changed once at a time, or what was before would be lost."""
        return self.inbox_id, self.wanted.day


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that has to outlive us."""

    agreed: tuple[str, ...] = ()
    """The marks of the holidays whose preview somebody said yes to."""
    changed: tuple[Changed, ...] = ()

    def with_changed(self, one: Changed) -> Kept:
        return replace(self, changed=(*self.without(one).changed, one))

    def without(self, one: Changed) -> Kept:
        return replace(self, changed=tuple(o for o in self.changed if o.key != one.key))


class HolidayBook:
    """The holidays of one account of one server."""

    def __init__(self, file: Path, kept: Path) -> None:
        """`file` is the shop's own; `kept` ours, in the data folder."""
        self.file = file
        self._kept = kept

    # --- the file of the shop ------------------------------------------------------------------

    def holidays(self) -> tuple[Holiday, ...]:
        """The entries, by date; none where there is no file. Raises BadHolidays."""
        try:
            if self.file.stat().st_size > MOST_BYTES:
                raise BadHolidays(f"{self.file} is too big.")
            return read_holidays(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise BadHolidays(f"{self.file} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise BadHolidays(f"{self.file} is no text in UTF-8.") from None

    def add(self, text: str) -> None:
        """Write another entry at the end of the file. Raises BadHolidays and leaves it alone."""
        try:
            old = self.file.read_text(encoding="utf-8") if self.file.exists() else EXAMPLE
            read_holidays(f"{old}\n{text}")
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _write(self.file, f"{old.rstrip()}\n\n{text}")
        except OSError as error:
            raise BadHolidays(f"{self.file} cannot be written: {error.strerror}.") from None

    # --- what is kept --------------------------------------------------------------------------

    def kept(self) -> Kept:
        """Raises BookBroken."""
        try:
            return _kept_of(json.loads(self._kept.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Kept()
        except OSError as error:
            raise BookBroken(f"{self._kept} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError):
            raise BookBroken(
                f"{self._kept} is damaged. Nothing is changed while it is: it may say which hours"
                " have to be put back."
            ) from None

    def keep(self, kept: Kept) -> None:
        """On the disk when this returns. Raises BookBroken."""
        body = {
            "agreed": list(kept.agreed),
            "changed": [{**asdict(one), "day": one.day.isoformat()} for one in kept.changed],
        }
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(self._kept, json.dumps(body, indent=1, ensure_ascii=False))
        except OSError as error:
            raise BookBroken(f"{self._kept} cannot be written: {error.strerror}.") from None

    def agree(self, mark: str) -> None:
        kept = self.kept()
        if mark not in kept.agreed:
            self.keep(replace(kept, agreed=(*kept.agreed, mark)))

    def disagree(self, mark: str) -> None:
        kept = self.kept()
        self.keep(replace(kept, agreed=tuple(one for one in kept.agreed if one != mark)))

    def is_due(self, today: date) -> bool:
        """Whether there may be something to do: cheap, and wide enough for every time zone."""
        kept = self.kept()
        near = {today + timedelta(days=by) for by in (-1, 0, 1)}
        return bool(kept.changed) or any(
            one.day in near and one.mark in kept.agreed for one in self.holidays()
        )

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else on this machine is at it; a kill -9 lets go too."""
        self._kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._kept.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            yield _lock(handle)
        finally:
            os.close(handle)


def _kept_of(body: Mapping[str, Any]) -> Kept:
    return Kept(
        tuple(str(one) for one in body["agreed"]),
        tuple(
            Changed(
                int(one["inbox_id"]), str(one["inbox"]), date.fromisoformat(one["day"]),
                str(one["mark"]), str(one["name"]), DayHours(**one["before"]),
                DayHours(**one["wanted"]),
            )
            for one in body["changed"]
        ),
    )  # fmt: skip


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and on the disk."""
    part = file.with_name(f"{file.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)
    if sys.platform != "win32":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
