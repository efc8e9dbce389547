"""`revivatui hours`: holidays for cron, for the bridge's machine, and for who has no screen."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from revivatui import cli, config
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.cache.holiday_book import HolidayBook
    from revivatui.state.admin import InboxSetup
    from revivatui.state.holidays import Holiday

TOKEN_HELP = "`revivatui login` keeps one, or REVIVATUI_TOKEN gives it."


def hours(options: argparse.Namespace) -> int:
    """Run one of the commands. Returns the exit status: 1 where somebody should look.

    Raises ConfigError.
    """
    if options.part is None:
        raise config.ConfigError(f"Say what shall be done: {', '.join(PARTS)}.")
    from revivatui import credentials, hours_access
    from revivatui.api.errors import ApiError
    from revivatui.cache.holiday_book import BookBroken
    from revivatui.state.holidays import BadHolidays

    paths = Paths.default()
    settings = config.load(paths.config_file, url=options.url, profile=options.profile)
    current, book = settings.current, hours_access.open_book(settings, paths)
    if current is None or book is None or not current.account_id:
        raise config.ConfigError("This needs a profile with its Chatwoot: `revivatui login`.")
    cli.make_folders(paths)
    try:
        token = credentials.load_token(settings.profile, current.url, paths.credentials_file)
        if not token:
            raise config.ConfigError(f"No token is kept for {current.url}: {TOKEN_HELP}")
        part = PARTS[options.part]
        work = _with_client(current.url, token, current.account_id, part, book, options)
        return asyncio.run(work)
    except (BadHolidays, BookBroken, ApiError, credentials.CredentialsError) as error:
        print(f"revivatui hours: {error}", file=sys.stderr)
        return 1


async def _with_client(
    url: str, token: str, account_id: int,
    part: Callable[[ChatwootClient, HolidayBook, argparse.Namespace], Awaitable[int]],
    book: HolidayBook, options: argparse.Namespace,
) -> int:  # fmt: skip
    from revivatui.api.client import ChatwootClient

    async with ChatwootClient(url, token, account_id) as client:
        return await part(client, book, options)


async def show(client: ChatwootClient, book: HolidayBook, options: argparse.Namespace) -> int:
    """Print every holiday with what it would change."""
    inboxes = await client.inbox_setups()
    agreed = book.kept().agreed
    found = book.holidays()
    if not found:
        print(f"There is no holiday in {book.file}.")
    for one in found:
        print("\n".join(lines_of(one, inboxes, is_agreed=one.mark in agreed)))
    for changed in book.kept().changed:
        print(f"{changed.inbox} has the hours of {changed.name} ({changed.day:%d.%m.%Y}) now.")
    return 0


def lines_of(one: Holiday, inboxes: tuple[InboxSetup, ...], *, is_agreed: bool) -> list[str]:
    """A holiday in words: its day, and what is different in each inbox."""
    from revivatui.engine.holidays import plan
    from revivatui.state.admin_change import Preview

    said = "agreed to" if is_agreed else "nobody agreed to it yet"
    lines = [f"{one.day:%d.%m.%Y} {one.name}: {one.words} ({said})"]
    for change in plan(one, inboxes):
        for difference in Preview(change, "").differences():
            lines.append(f"  {change.title}: {difference.before} -> {difference.after}")
    if len(lines) == 1:
        lines.append("  No inbox of this name has working hours: it changes nothing.")
    return lines


async def agree(client: ChatwootClient, book: HolidayBook, options: argparse.Namespace) -> int:
    """Show what nobody agreed to yet, and ask for each."""
    inboxes = await client.inbox_setups()
    left = 0
    for one in book.holidays():
        if one.mark in book.kept().agreed:
            continue
        print("\n".join(lines_of(one, inboxes, is_agreed=False)))
        print("  It is put back the day after, exactly as it was.")
        if options.yes or _says_yes():
            book.agree(one.mark)
            print("  Agreed.")
        else:
            left += 1
    print("Every holiday is agreed to." if not left else f"{left} left as they are.")
    return 0


def _says_yes() -> bool:
    if not sys.stdin.isatty():
        return False
    return input("  Shall it be so? [y/N] ").strip().casefold() in ("y", "yes")


async def apply(client: ChatwootClient, book: HolidayBook, options: argparse.Namespace) -> int:
    """Do what is due now."""
    from revivatui.engine.holidays import turn

    async def ask(call: Callable[[ChatwootClient], Awaitable[Any]]) -> Any:
        return await call(client)

    told = await turn(ask, book, time.time())
    for one in told:
        print(one.words)
    unseen = [one for one in book.holidays() if one.mark not in book.kept().agreed]
    if unseen:
        names = ", ".join(f"{one.name} ({one.day:%d.%m.%Y})" for one in unseen[:5])
        print(f"Nobody agreed to: {names}. `revivatui hours agree` shows them.", file=sys.stderr)
    return 1 if any(one.is_trouble for one in told) else 0


PARTS: Final[
    Mapping[str, Callable[[ChatwootClient, HolidayBook, argparse.Namespace], Awaitable[int]]]
] = {"show": show, "apply": apply, "agree": agree}
