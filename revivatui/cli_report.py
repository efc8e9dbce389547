"""`revivatui report`: the day, week or month as files, as a note, to a webhook."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revivatui import config
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.state.alerts import Alert
    from revivatui.state.bridge_health import Uptime
    from revivatui.state.report_data import ShopReport
    from revivatui.state.report_period import Period


def add_command(commands: Any) -> argparse.ArgumentParser:
    """The command and its flags, but for those of the desk."""
    report: argparse.ArgumentParser = commands.add_parser(
        "report", help="the figures of a day, week or month, as files or told to others"
    )
    report.add_argument("every", choices=("daily", "weekly", "monthly"))
    report.add_argument(
        "--date", metavar="YYYY-MM-DD", help="a day of it; without, the last one that is over"
    )
    report.add_argument(
        "--zone", help="the shop's time zone, \"Europe/Lisbon\"; else the machine's"
    )
    report.add_argument("--out", type=Path, metavar="DIR", help="where the files go; else here")
    report.add_argument(
        "--format", metavar="md,html,csv", help="which files; without, all three of them"
    )
    report.add_argument("--replace", action="store_true", help="write over files that are there")
    report.add_argument(
        "--post-note", type=int, metavar="CONVERSATION",
        help="as a private note in this conversation, once for each period",
    )  # fmt: skip
    report.add_argument("--post-webhook", metavar="URL", help="as JSON to this address")
    return report


def report(options: argparse.Namespace) -> int:
    """Make it and say what came of it. Returns the exit status."""
    from revivatui import credentials
    from revivatui.api.errors import ApiError, Forbidden
    from revivatui.reporting.errors import ReportError

    paths = Paths.default()
    settings = config.load(paths.config_file, url=options.url, profile=options.profile)
    try:
        asyncio.run(_report(options, settings, paths))
    except Forbidden:
        print(
            "revivatui report: Chatwoot gives reports to administrators only, and this profile is"
            " none: `revivatui login --profile NAME` as one, then --profile NAME.",
            file=sys.stderr,
        )
        return 1
    except (ReportError, ApiError, credentials.CredentialsError) as error:
        plain = getattr(error, "message", "") or str(error)
        print(f"revivatui report: {plain}", file=sys.stderr)
        return 1
    return 0


def formats_of(text: str | None) -> list[Any]:
    """ "md,html" as it is asked for. Raises ConfigError."""
    from revivatui.reporting.files import FORMATS

    if text is None:
        return list(FORMATS)
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if not wanted or not set(wanted) <= set(FORMATS):
        raise config.ConfigError(f"--format is {text!r}; it is some of {','.join(FORMATS)}.")
    return list(dict.fromkeys(wanted))


def zone_of(name: str | None) -> tzinfo | None:
    """A time zone by its name; None: the machine's. Raises ConfigError."""
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise config.ConfigError(f"--zone: there is no time zone {name!r}.") from None


def period_of(options: argparse.Namespace, now: float, tz: tzinfo | None) -> Period:
    """Which period is asked for. Raises ConfigError."""
    from revivatui.state.report_period import last_whole
    from revivatui.state.report_period import period_of as of_day

    if options.date is None:
        return last_whole(options.every, now, tz)
    try:
        day = date.fromisoformat(options.date)
    except ValueError:
        raise config.ConfigError(
            f"--date is {options.date!r}; it must be like 2026-11-24."
        ) from None
    period = of_day(options.every, day, tz)
    if period.since >= now:
        raise config.ConfigError(f"--date: {period.title} has not begun yet.")
    return period


async def _report(options: argparse.Namespace, settings: config.Settings, paths: Paths) -> None:
    from revivatui.api.client import ChatwootClient
    from revivatui.reporting import files, posting

    now = time.time()
    tz, formats = zone_of(options.zone), formats_of(options.format)
    period = period_of(options, now, tz)
    folder = (options.out or Path.cwd()).expanduser()
    tells = options.post_note is not None or bool(options.post_webhook)
    writes = not tells or options.out is not None or options.format is not None
    if writes and not options.replace:
        files.refuse_there(files.places(folder, period.name, formats))
    current, token = _signed_in(settings, paths)
    async with ChatwootClient(current.url, token, current.account_id) as client:
        made = await _made(client, period, now, tz, settings, paths)
        if writes:
            for file in files.write(made, folder, formats, replace=options.replace):
                print(f"Written: {file}")
        if options.post_note is not None:
            is_new = await posting.post_note(client, made, options.post_note)
            said = "The note is in" if is_new else "The note was there already, in"
            print(f"{said} #{options.post_note}.")
    if options.post_webhook:
        await posting.post_webhook(made, options.post_webhook)
        print("The webhook took it.")


def _signed_in(settings: config.Settings, paths: Paths) -> tuple[config.ProfileSettings, str]:
    from revivatui import credentials

    current = settings.current
    if current is None or not current.account_id:
        raise config.ConfigError(
            "A report needs a profile with its Chatwoot and account: `revivatui login` makes one."
        )
    token = credentials.load_token(settings.profile, current.url, paths.credentials_file)
    if not token:
        raise config.ConfigError(
            f"No token is kept for {current.url}: `revivatui login` keeps one, or"
            f" {credentials.TOKEN_VARIABLE} gives it."
        )
    return current, token


async def _made(
    client: ChatwootClient,
    period: Period,
    now: float,
    tz: tzinfo | None,
    settings: config.Settings,
    paths: Paths,
) -> ShopReport:
    from revivatui.reporting.gathering import gather
    from revivatui.state.analytics_zone import reader_words
    from revivatui.state.report_build import build
    from revivatui.state.report_period import compared_with

    me = (await client.profile()).agent.id
    answers = await gather(
        client,
        period,
        compared_with(period, now, tz),
        now,
        alerts=noted_alerts(settings, paths, me, period),
        uptime=await _uptime(settings, paths),
    )
    return build(answers, period, tz, reader_words(tz, period.since))


def noted_alerts(
    settings: config.Settings, paths: Paths, user_id: int, period: Period
) -> tuple[Alert, ...] | None:
    """What this user's desk on this machine noted; None where it never noted anything."""
    from revivatui import kept
    from revivatui.cache import alert_log

    file = kept.alerts_file(paths, settings, user_id)
    if not file.exists():
        return None
    try:
        return tuple(alert_log.between(file, period.since, period.until))
    except OSError:
        return None


async def _uptime(settings: config.Settings, paths: Paths) -> Uptime | None:
    """The bridge's, as far as it can be read here."""
    from revivatui.bridge_access import access_of
    from revivatui.crm.errors import CrmError

    access = access_of(settings, paths, time.time)
    try:
        found = await access.report()
    except CrmError:
        return None
    finally:
        await access.close()
    return found.uptime if found is not None else None
