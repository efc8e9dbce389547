"""`revivatui bridge`: the daemon between Chatwoot and the CRM, and what one asks of it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from revivatui import cli_captain, config
from revivatui.paths import Paths

if TYPE_CHECKING:
    import asyncio

    from revivatui.bridge.places import Place
    from revivatui.bridge.settings import BridgeSettings
    from revivatui.crm.store import Store


def add_commands(commands: Any) -> None:
    """The commands and their flags."""
    bridge = commands.add_parser("bridge", help="keep the CRM and Chatwoot in step")
    bridge.set_defaults(part=None)
    for flag, help_text in (
        ("--profile", "the profile with the Chatwoot and the bridge's own user"),
        ("--url", "address of the Chatwoot, for this start only"),
    ):
        bridge.add_argument(flag, default=argparse.SUPPRESS, help=help_text)
    parts = bridge.add_subparsers(dest="part", metavar="COMMAND")
    parts.add_parser("run", help="run until interrupted")
    parts.add_parser("work", help="help a running bridge, with a CRM in PostgreSQL")
    setup = parts.add_parser(
        "setup", help="arrange webhook and attributes in Chatwoot (as an administrator)"
    )
    setup.add_argument("--public-url", help="where Chatwoot reaches the bridge")
    cli_captain.add_commands(parts, setup)
    parts.add_parser("status", help="what waits, what failed, how far it caught up")
    rules = parts.add_parser("rules", help="the shop's rules, and what they would do")
    rules.add_argument(
        "--try", type=int, dest="conversation", metavar="N",
        help="what they would do about the newest message of conversation N; nothing is written",
    )  # fmt: skip
    rules.add_argument(
        "--due", action="store_true",
        help="what they would do now about repairs and quotes; nothing is written",
    )  # fmt: skip
    dlq = parts.add_parser("dlq", help="what failed for good")
    acts = dlq.add_subparsers(dest="act", metavar="COMMAND", required=True)
    acts.add_parser("list", help="all dead letters")
    for name, help_text in (
        ("show", "one in full"),
        ("retry", "try it again"),
        ("drop", "give it up"),
    ):
        act = acts.add_parser(name, help=help_text)
        act.add_argument("letter", metavar="ID", help="its id, or how it begins")
    _add_people(parts)


def _add_people(parts: Any) -> None:
    forget = parts.add_parser("forget", help="delete what the bridge keeps of a contact")
    forget.add_argument("contact", type=int, metavar="CONTACT", help="its number in Chatwoot")
    twins = parts.add_parser("twins", help="customers whose contacts were merged in Chatwoot")
    acts = twins.add_subparsers(dest="act", metavar="COMMAND", required=True)
    acts.add_parser("list", help="pairs that wait for somebody to decide")
    for name, help_text in (
        ("merge", "they are one: the first one's records become the second one's"),
        ("keep", "they are two, and are not told of again"),
    ):
        act = acts.add_parser(name, help=help_text)
        act.add_argument("pair", metavar="ID", help="the pair's id, or how it begins")


def bridge(options: argparse.Namespace) -> int:
    """Run one of the commands. Returns the exit status."""
    if options.part is None:
        raise config.ConfigError(f"Say what the bridge shall do: {', '.join(_PARTS)}.")
    from revivatui import credentials
    from revivatui.api.errors import ApiError
    from revivatui.bridge import settings as bridge_settings
    from revivatui.bridge.errors import BridgeError
    from revivatui.crm.errors import CrmError

    paths = Paths.default()
    settings = config.load(paths.config_file, url=options.url, profile=options.profile)
    try:
        given = bridge_settings.load(settings.bridge, lambda name: _kept(settings, paths, name))
        if settings.current is not None:
            given = replace(given, place=settings.current.place)
        given = replace(given, captain=cli_captain.with_shop(given.captain, settings, paths))
        _make_folders(paths)
        return _PARTS[options.part](options, settings, paths, given)
    except (BridgeError, CrmError, ApiError, credentials.CredentialsError) as error:
        print(f"revivatui bridge: {error}", file=sys.stderr)
        return 1


def _make_folders(paths: Paths) -> None:
    from revivatui.cli import make_folders

    make_folders(paths)


def _current(settings: config.Settings) -> config.ProfileSettings:
    if settings.current is None or not settings.current.account_id:
        raise config.ConfigError(
            "The bridge needs a profile with its Chatwoot and account: `revivatui login` makes one."
        )
    return settings.current


def _token(settings: config.Settings, paths: Paths) -> str:
    from revivatui import credentials

    current = _current(settings)
    token = credentials.load_token(settings.profile, current.url, paths.credentials_file)
    if not token:
        raise config.ConfigError(
            f"No token is kept for {current.url}: `revivatui login` keeps one, or"
            f" {credentials.TOKEN_VARIABLE} gives it."
        )
    return token


def _entry(settings: config.Settings, name: str) -> tuple[str, str]:
    """Under what a secret of the bridge is kept, beside the profile's token."""
    current = settings.current
    return f"bridge-{name} {settings.profile}", current.url if current else ""


def _kept(settings: config.Settings, paths: Paths, name: str) -> str:
    from revivatui import credentials

    return credentials.load_secret(*_entry(settings, name), paths.credentials_file) or ""


def _place(settings: config.Settings) -> Place:
    from revivatui.api.address import base_url
    from revivatui.bridge.places import Place

    current = _current(settings)
    return Place(base_url(current.url), current.account_id)


def _crm(settings: config.Settings, paths: Paths, given: BridgeSettings) -> str | Path:
    """A URL of PostgreSQL, or the path of a SQLite file."""
    from revivatui.bridge_access import place_of_bridge

    return place_of_bridge(settings, paths, given.crm)


# --- run -----------------------------------------------------------------------------------------


def _run(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    import asyncio

    from revivatui.bridge.opening import alone

    _log_to_stderr()
    with alone(paths.data / "bridge.lock"):
        asyncio.run(_serve(settings, paths, given))
    return 0


def _work(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    import asyncio

    _log_to_stderr()
    asyncio.run(_help(settings, paths, given))
    return 0


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    for name in ("httpx", "procrastinate"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(settings: config.Settings, paths: Paths, given: BridgeSettings) -> None:
    from revivatui.bridge import running

    current = _current(settings)
    await running.run(
        _crm(settings, paths, given),
        current.url,
        _token(settings, paths),
        current.account_id,
        given,
        ready=lambda where: print(f"The bridge listens on {where}.", flush=True),
        stop=_told_to_stop(),
    )


async def _help(settings: config.Settings, paths: Paths, given: BridgeSettings) -> None:
    from revivatui.bridge import running

    current = _current(settings)
    await running.work(
        _crm(settings, paths, given),
        current.url,
        _token(settings, paths),
        current.account_id,
        given,
        ready=lambda: print("The bridge has a worker more.", flush=True),
        stop=_told_to_stop(),
    )


def _told_to_stop() -> asyncio.Event:
    import asyncio
    import signal

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


# --- setup ---------------------------------------------------------------------------------------


def _setup(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    import asyncio

    from revivatui.bridge import opening

    public_url = options.public_url or given.public_url
    if options.captain:
        asyncio.run(_set_up_captain(options, settings, paths, given, public_url))
        return 0
    path_secret = given.path_secret or _new_path_secret(settings, paths, given)
    asyncio.run(_arrange(settings, paths, public_url, path_secret))
    where = _crm(settings, paths, given)
    return _with_store(where, _only_open) if opening.is_shared(where) else 0


async def _set_up_captain(
    options: argparse.Namespace,
    settings: config.Settings,
    paths: Paths,
    given: BridgeSettings,
    public_url: str,
) -> None:
    import secrets

    from revivatui import credentials
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge.captain_settings import PATH_ENTRY

    def keep(name: str, secret: str) -> None:
        credentials.save_secret(*_entry(settings, name), secret, paths.credentials_file)

    def path_secret() -> str:
        """The one that is kept; a new one where nothing is, kept where it is going to be used."""
        made = given.captain.path_secret or secrets.token_urlsafe(32)
        if options.yes and not given.captain.path_secret:
            keep(PATH_ENTRY, made)
        return made

    current = _current(settings)
    token = _token(settings, paths)
    async with ChatwootClient(current.url, token, current.account_id) as client:
        await cli_captain.set_up(client, options, public_url, path_secret, keep)


async def _only_open(store: Store) -> None:
    """Opening makes the tables."""


def _new_path_secret(settings: config.Settings, paths: Paths, given: BridgeSettings) -> str:
    """A secret for the path, kept, where the server signs nothing that we know of yet."""
    import secrets

    from revivatui import credentials

    if given.secrets:
        return ""
    made = secrets.token_urlsafe(32)
    credentials.save_secret(*_entry(settings, "path"), made, paths.credentials_file)
    return made


async def _arrange(
    settings: config.Settings, paths: Paths, public_url: str, path_secret: str
) -> None:
    from revivatui import credentials
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge import setup

    current = _current(settings)
    token = _token(settings, paths)
    async with ChatwootClient(current.url, token, current.account_id) as client:
        done = await setup.arrange(client, public_url, path_secret)
    print(f"The webhook {done.webhook}; {done.definitions} attributes were defined.")
    if done.secret:
        credentials.save_secret(*_entry(settings, "webhook"), done.secret, paths.credentials_file)
        print("This Chatwoot signs: from now on only signed deliveries are taken.")
    else:
        print("This Chatwoot signs nothing: the webhook's address holds a secret instead.")


# --- rules ---------------------------------------------------------------------------------------


def _rules(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    import asyncio

    for rule in given.rules.rules:
        does = ", ".join(f"{kind} {value}" for kind, value in rule.actions)
        print(f"{rule.name}: {rule.words}, {does}")
    if given.rules.dry_run:
        print("dry_run is on: the bridge says what it would do and does nothing.")
    if options.due:
        _tell_due(settings, paths, given)
    if options.conversation is not None:
        asyncio.run(_try_rules(settings, paths, given, options.conversation))
    return 0


def _tell_due(settings: config.Settings, paths: Paths, given: BridgeSettings) -> None:
    import time

    from revivatui.bridge.clockwork import Clockwork

    place = _place(settings)

    async def tell(store: Store) -> None:
        clockwork = Clockwork(store, place, time.time, given.rules, lambda: None)
        deeds = await clockwork.due()
        for deed in deeds:
            print(deed.words)
        if not deeds:
            print("No rule about repairs or quotes has something to do now.")

    _with_store(_crm(settings, paths, given), tell)


async def _try_rules(
    settings: config.Settings, paths: Paths, given: BridgeSettings, number: int
) -> None:
    from revivatui.api.client import ChatwootClient
    from revivatui.bridge import rules, server_answers

    current = _current(settings)
    token = _token(settings, paths)
    async with ChatwootClient(current.url, token, current.account_id) as client:
        read = await client.conversation(number)
        page = await client.messages(number)
    found = [one for one in map(server_answers.said, page.messages) if one is not None]
    status, is_first = read.conversation.status, page.complete and len(found) == 1
    fits = [
        rule.name
        for rule in given.rules.rules
        if rules.on_status(rule, status)
        or (found and rules.on_message(rule, found[-1], is_first=is_first, status=status))
    ]
    print(f"#{number} would set off: {', '.join(fits) or 'nothing'}")


# --- status and dead letters ---------------------------------------------------------------------


def _status(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    import time

    from revivatui.bridge import report

    async def tell(store: Store) -> None:
        for line in await report.status(store, time.time()):
            print(line)

    return _with_store(_crm(settings, paths, given), tell)


def _captain(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    return _with_store(
        _crm(settings, paths, given), lambda store: cli_captain.act(store, options.act)
    )


def _dlq(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    from revivatui.bridge import report

    async def act(store: Store) -> None:
        if options.act == "list":
            for each in await report.letters(store):
                print(f"{each.id}  {each.what}  {each.where}  {each.error}")
            return
        one = await report.letter(store, options.letter)
        if options.act == "show":
            print("\n".join(report.told(one)))
        elif options.act == "retry":
            await report.retry(store, one)
            print(f"{one.id} waits again.")
        else:
            await report.drop(store, one)
            print(f"{one.id} is given up.")

    return _with_store(_crm(settings, paths, given), act)


# --- people --------------------------------------------------------------------------------------


def _forget(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    from revivatui.bridge.forgetting import forget

    place = _place(settings)

    async def act(store: Store) -> None:
        async with store.unit_of_work() as work:
            done = await forget(work, place, options.contact)
        print(done.words)
        print("Delete the contact in Chatwoot too: what it says from now on is taken up anew.")

    return _with_store(_crm(settings, paths, given), act)


def _twins(
    options: argparse.Namespace, settings: config.Settings, paths: Paths, given: BridgeSettings
) -> int:
    from revivatui.bridge import twins
    from revivatui.text.safe import safe_line

    async def act(store: Store) -> None:
        if options.act == "list":
            for each in await twins.listed(store):
                print(f"{each.id}  {each.words}")
            return
        pair = await twins.one(store, options.pair)
        if options.act == "merge":
            left = await twins.merge(store, pair)
            print(f"They are one customer now: {safe_line(left.name)}.")
        else:
            await twins.keep_apart(store, pair)
            print("They stay two customers.")

    return _with_store(_crm(settings, paths, given), act)


def _with_store(where: str | Path, do: Any) -> int:
    import asyncio

    from revivatui.bridge import opening
    from revivatui.bridge.errors import BridgeError
    from revivatui.crm.store import Store

    if isinstance(where, Path) and not where.exists():
        raise BridgeError(f"There is no CRM at {where} yet: `revivatui bridge run` makes one.")

    async def opened() -> None:
        store = await Store.open(where)
        try:
            await opening.make_tables(store)
            await do(store)
        finally:
            await store.close()

    asyncio.run(opened())
    return 0


_PARTS: Final = {
    "run": _run,
    "work": _work,
    "setup": _setup,
    "status": _status,
    "captain": _captain,
    "rules": _rules,
    "dlq": _dlq,
    "forget": _forget,
    "twins": _twins,
}
