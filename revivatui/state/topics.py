"""What changed, as the reducer says it and as the screens listen for it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Topic(NamedTuple):
    """One thing that may have to be painted again; `id` where there are many of its kind."""

    kind: str
    id: int | None = None


LINK: Final = Topic("link")
"""The connection, or how late the live feed is."""
VIEW: Final = Topic("view")
"""Which list is shown, or how complete it is."""
ORDER: Final = Topic("order")
"""The ids of the shown list or their order."""
COUNTS: Final = Topic("counts")
PRESENCE: Final = Topic("presence")
SENDS: Final = Topic("sends")
CHANGES: Final = Topic("changes")
NOTIFICATIONS: Final = Topic("notifications")
ACCOUNT: Final = Topic("account")
"""The account, the signed-in agent, or the lists of agents, inboxes, teams, labels, canned."""
DRAFTS: Final = Topic("drafts")
"""What is written, here or elsewhere, for any conversation."""
AWAY: Final = Topic("away")
"""Whether the agent is at the keyboard, and looks."""
OPEN: Final = Topic("open")
"""Which conversation is on screen."""
REREAD: Final = Topic("reread")
"""Something is to be read again: `State.doubts`, `.unknown`, `.stale_lists`, `.stale_counts`."""
SEARCH: Final = Topic("search")
"""The last search for words in messages."""
MINUTE: Final = Topic("minute")
"""Relative times are a minute older."""
ODD: Final = Topic("odd")


def ROW(conversation_id: int) -> Topic:
    """A conversation's row: any field of it, its typing, its own sends."""
    return Topic("row", conversation_id)


def THREAD(conversation_id: int) -> Topic:
    return Topic("thread", conversation_id)


def TYPING(conversation_id: int) -> Topic:
    return Topic("typing", conversation_id)


def CONTACT(contact_id: int) -> Topic:
    return Topic("contact", contact_id)
