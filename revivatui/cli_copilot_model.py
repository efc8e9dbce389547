"""`revivatui copilot key`, `check`, `models`: the model of the settings from the command line."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from revivatui import config
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.copilot.model import Model, ModelSettings, Prepared

NAMES: Final = 40
"""Models that are listed; brokers have hundreds."""


def add_parts(parts: Any) -> None:
    """Add what concerns the model to `revivatui copilot`."""
    kept = parts.add_parser("key", help="keep the key of the model's server")
    kept.add_argument("--forget", action="store_true", help="take it out again")
    parts.add_parser("models", help="what the model's server has")
    parts.add_parser("check", help="ask the model something tiny, and see what leaves")


def key(options: argparse.Namespace) -> int:
    """Ask for the key of the model's server and keep it. Returns the exit status.

    Raises ConfigError where the settings name no model.
    """
    from revivatui import credentials
    from revivatui.copilot_access import KEPT_AS, KEY

    paths = Paths.default()
    made = _named(paths)
    try:
        if options.forget:
            credentials.forget_token(KEPT_AS, made.base, paths.credentials_file)
            print(f"No key is kept for {made.host} any more.")
            return 0
        given = (os.environ.get(KEY) or _asked(made.host)).strip()
        kept = credentials.save_secret(KEPT_AS, made.base, given, paths.credentials_file)
    except (KeyboardInterrupt, EOFError):
        print("\nNothing more was typed. Nothing was changed.", file=sys.stderr)
        return 130
    except credentials.CredentialsError as error:
        print(f"Not kept. {error}", file=sys.stderr)
        return 1
    place = "the keyring" if kept.place == "keyring" else kept.place
    print(f"The key for {made.host} is kept in {place}" + (f" ({kept.why})." if kept.why else "."))
    return 0


def _asked(host: str) -> str:
    from revivatui.cli_login import ask_secret

    return ask_secret(f"Key for {host} (not shown): ")


def models(options: argparse.Namespace) -> int:
    """Print the server's models. Returns the exit status. Raises ConfigError."""
    return _with_model(_models)


def check(options: argparse.Namespace) -> int:
    """Ask for the models and one tiny answer, and say what leaves. Raises ConfigError."""
    return _with_model(_check)


def _with_model(part: Callable[[Model], Awaitable[int]]) -> int:
    from revivatui import credentials
    from revivatui.copilot.model import Model, ModelError
    from revivatui.copilot_access import with_key

    paths = Paths.default()
    made = _named(paths)

    async def run() -> int:
        model = Model(with_key(made, paths))
        try:
            return await part(model)
        finally:
            await model.close()

    try:
        return asyncio.run(run())
    except (ModelError, credentials.CredentialsError) as error:
        print(f"revivatui copilot: {error}", file=sys.stderr)
        return 1


def _named(paths: Paths) -> ModelSettings:
    """The model of the settings. Raises ConfigError where they name none that can be."""
    from revivatui.copilot.model import NoModel
    from revivatui.copilot_access import model_settings

    made = model_settings(config.load(paths.config_file))
    try:
        made.base  # noqa: B018 - raises NoModel
    except NoModel as error:
        raise config.ConfigError(str(error)) from None
    return made


async def _models(model: Model) -> int:
    names = await model.models()
    for name in names[:NAMES]:
        print(f"{name}{'  (in the settings)' if name == model.settings.model else ''}")
    if len(names) > NAMES:
        print(f"and {len(names) - NAMES} more")
    if not names:
        print(f"{model.settings.host} lists no models.")
    return 0


async def _check(model: Model) -> int:
    settings = model.settings
    print(f"Model:   {settings.model} at {settings.base}")
    print(f"Key:     {'there is one' if settings.key else 'none'}")
    names = await model.models()
    has = "is among them" if settings.model in names else "is NOT among them"
    print(f"Models:  {len(names)}; {settings.model} {has}")
    prepared = _tiny(model)
    print(f"Leaves:  {len(prepared.body)} bytes; it {prepared.leaves}. The very request:\n")
    print(prepared.preview())
    begun, first, words = time.monotonic(), 0.0, ""
    async with aclosing(model.stream(prepared)) as deltas:
        async for delta in deltas:
            first = first or (time.monotonic() - begun if delta.text else 0.0)
            words += delta.text
    took = time.monotonic() - begun
    print(f"Answer:  {words.strip()[:200]}")
    print(f"Time:    first word {first:.2f} s, all of it {took:.2f} s")
    return 0


def _tiny(model: Model) -> Prepared:
    """A request without anything of a customer in it."""
    from revivatui.copilot.model import Task
    from revivatui.copilot.suggestion import Moment, Question, Situation

    nobody = Situation(Moment(0, 0, ""), Question(""))
    return model.prepare(Task.FIX, nobody, draft="Your computer are ready.")


PARTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "key": key,
    "models": models,
    "check": check,
}
