"""`revivatui copilot`: the words it knows, what it learned, and the models it may use."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from revivatui import cli, cli_copilot_minilm, cli_copilot_model, config
from revivatui.paths import Paths

if TYPE_CHECKING:
    from revivatui.copilot.learned import Alias, LearnedStore
    from revivatui.copilot.retrieval.thesaurus import Match, Thesaurus


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `copilot` with its parts to the command line."""
    given: argparse.ArgumentParser = commands.add_parser(
        "copilot",
        help="the words that suggestions know, what they learned, and the model they may ask",
    )
    given.set_defaults(part=None)
    parts = given.add_subparsers(dest="part", metavar="COMMAND")
    words = parts.add_parser("words", help="the concepts; --test says what is seen in a text")
    words.add_argument("concept", nargs="?", help="show the words of this one")
    words.add_argument("--test", metavar="TEXT", help="what a customer might write")
    words.add_argument("--language", choices=("en", "pt"), help="instead of telling it by itself")
    aliases = parts.add_parser("aliases", help="words that were learned from what was inserted")
    deeds = aliases.add_subparsers(dest="deed", metavar="list|remove|forget")
    listed = deeds.add_parser("list", help="those that count")
    listed.add_argument("--all", action="store_true", help="those that wait for more uses too")
    remove = deeds.add_parser("remove", help="take one word from a source, or all of them")
    remove.add_argument("source", help='as listed: "canned:hours"')
    remove.add_argument("words", nargs="?", help="the word; without it all of the source")
    forget = deeds.add_parser("forget", help="take out what came from a customer")
    forget.add_argument("contact", type=int, metavar="CONTACT", help="its number in Chatwoot")
    cli_copilot_model.add_parts(parts)
    cli_copilot_minilm.add_parts(parts)
    return given


def copilot(options: argparse.Namespace) -> int:
    """Run one of the commands. Returns the exit status.

    Raises ConfigError.
    """
    if options.part is None:
        raise config.ConfigError(f"Say what shall be done: {', '.join(PARTS)}.")
    return PARTS[options.part](options)


# --- words -------------------------------------------------------------------------------------


def words(options: argparse.Namespace) -> int:
    """Print the concepts, one of them, or what is seen in a text."""
    from revivatui.copilot.retrieval.thesaurus import Thesaurus
    from revivatui.copilot.retrieval.word_files import BadWords

    try:
        known = Thesaurus.for_shop(Paths.default().config_file)
    except BadWords as error:
        print(f"revivatui copilot: {error}", file=sys.stderr)
        return 1
    if options.test is not None:
        print("\n".join(seen_in(options.test, known, options.language or "")))
        return 0
    if options.concept is not None:
        return _one_concept(options.concept, known)
    for kind in sorted({one.kind for one in known.concepts_by_id.values()}):
        print(f"{kind}:")
        for one in known.concepts_by_id.values():
            if one.kind == kind:
                print(f"  {one.id:22} {known.name(one.id)} / {known.name(one.id, 'pt')}")
    return 0


def seen_in(text: str, known: Thesaurus, language: str = "") -> list[str]:
    """What is seen in a text, a line each: language, and every concept by its words."""
    from revivatui.copilot.retrieval.language import language_of

    told = language or language_of(text)
    found = known.concepts(text, told)
    if not found:
        return [f"Language: {told}.", "No word of the thesaurus is in it."]
    return [f"Language: {told}.", *(_match_line(one, known, told) for one in found)]


def _match_line(one: Match, known: Thesaurus, language: str) -> str:
    names = [known.name(id_, language) for id_ in (one.concept, *known.above(one.concept))]
    denied = " (denied)" if one.negated else ""
    return f'"{one.words}"{denied}: {one.concept}, {" < ".join(names)}'


def _one_concept(name: str, known: Thesaurus) -> int:
    one = known.concepts_by_id.get(name)
    if one is None:
        print(f'revivatui copilot: there is no concept "{name}".', file=sys.stderr)
        return 1
    print(f"{one.id}: {known.name(one.id)} / {known.name(one.id, 'pt')}")
    if above := known.above(one.id):
        print(f"broader: {', '.join(above)}")
    for language, patterns in one.patterns.items():
        print(f"{language}: {'; '.join(patterns)}")
    return 0


# --- aliases -----------------------------------------------------------------------------------


def aliases(options: argparse.Namespace) -> int:
    """List, remove and forget what was learned in this profile."""
    from revivatui.copilot.learned import LearnedError, LearnedStore

    paths = Paths.default()
    settings = config.load(paths.config_file, url=options.url, profile=options.profile)
    current = settings.current
    if current is None:
        raise config.ConfigError("This needs a profile with its Chatwoot: `revivatui login`.")
    cli.make_folders(paths)
    server = current.place or current.url
    store = LearnedStore(paths.learned_file(settings.profile, current.account_id, server))
    try:
        return DEEDS[options.deed or "list"](store, options)
    except LearnedError as error:
        print(f"revivatui copilot: {error}", file=sys.stderr)
        return 1
    finally:
        store.close()


def list_aliases(store: LearnedStore, options: argparse.Namespace) -> int:
    """Print what counts, and with --all what waits."""
    wanted = getattr(options, "all", False)
    found = [one for one in store.candidates() if wanted or one.promoted]
    for one in found:
        print(_alias_line(one))
    if not found:
        print("Nothing was learned yet." if wanted else "Nothing counts yet; --all shows more.")
    return 0


def _alias_line(one: Alias) -> str:
    day = time.strftime("%d.%m.%Y", time.localtime(one.last_at))
    waits = "" if one.promoted else ", waits"
    return f"{one.source_id}  {one.words}  ({one.language}, {_times(one.uses)}, last {day}{waits})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def remove_alias(store: LearnedStore, options: argparse.Namespace) -> int:
    """Take a word from a source, or all of them."""
    if options.words is None:
        print(f"Removed: {store.remove_source(options.source)} words of {options.source}.")
        return 0
    if store.remove(options.source, options.words):
        print(f"Removed: {options.words} means {options.source} no longer, and is not relearned.")
        return 0
    print(f"revivatui copilot: {options.source} has no such word.", file=sys.stderr)
    return 1


def forget_contact(store: LearnedStore, options: argparse.Namespace) -> int:
    """Take out everything that came from a customer."""
    print(f"Forgotten: {store.forget_contact(options.contact)} rows of customer {options.contact}.")
    return 0


DEEDS: Final[Mapping[str, Callable[[LearnedStore, argparse.Namespace], int]]] = {
    "list": list_aliases,
    "remove": remove_alias,
    "forget": forget_contact,
}
PARTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "words": words,
    "aliases": aliases,
    **cli_copilot_model.PARTS,
    **cli_copilot_minilm.PARTS,
}
