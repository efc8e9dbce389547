"""What is kept of which desk: one file of each profile, server, account and agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.config import server_key

if TYPE_CHECKING:
    from pathlib import Path

    from revivatui.cache.store import Cache
    from revivatui.config import ProfileSettings, Settings
    from revivatui.paths import Paths
    from revivatui.state.state import State


def place_of(profile: ProfileSettings) -> str:
    """What the files of a desk are bound to: its server."""
    return profile.place or server_key(profile.url)


def open_cache(paths: Paths, settings: Settings, user_id: int = 0) -> Cache:
    """The file of an agent at the desk that opens; 0: of whoever was there last.

    Raises CacheError.
    """
    from revivatui.cache.files import open_for

    current = settings.current
    assert current is not None
    keep_apart(paths, settings)
    file = paths.cache_file(settings.profile, current.account_id, place_of(current))
    return open_for(file, user_id)


def alerts_file(paths: Paths, settings: Settings, user_id: int) -> Path:
    """The log of an agent's alerts at the desk that opens."""
    current = settings.current
    assert current is not None
    server = place_of(current)
    return paths.alerts_file(settings.profile, current.account_id, server, user_id)


def learned_file(paths: Paths, settings: Settings) -> Path:
    """What was learned from suggestions at the desk that opens."""
    current = settings.current
    assert current is not None
    return paths.learned_file(settings.profile, current.account_id, place_of(current))


def keep_apart(paths: Paths, settings: Settings) -> None:
    """Bind a file from before files were bound to servers to the one that the profile is saved
    with: it can be of no other. Raises CacheError."""
    saved, current = settings.saved, settings.current
    if saved is None or current is None or place_of(saved) != place_of(current):
        return
    old = paths.old_cache_file(settings.profile, current.account_id)
    if old.exists():
        from revivatui.cache.files import take_over

        new = paths.cache_file(settings.profile, current.account_id, place_of(saved))
        take_over(old, new)


def left_words(state: State, server: str) -> str:
    """What somebody leaves behind who is not at this desk any more, or ""."""
    drafts = sum(bool(draft.text) for draft in state.drafts.values())
    unsent = sum(entry.state != "sent" for entry in state.sends.values())
    told = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((drafts, "draft"), (unsent, "unsent message"))
        if count
    ]
    if not told or state.me is None:
        return ""
    kept = "is kept and comes" if drafts + unsent == 1 else "are kept and come"
    name = state.me.name
    return (
        f"{' and '.join(told)} of {name} on {server.partition('://')[2]} {kept} back when "
        f"{name} signs in there again."
    )
