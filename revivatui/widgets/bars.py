"""What the bars of the inbox say, as chips made from the state: no Textual in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state import changes, select
from revivatui.text.when import clock, duration, until
from revivatui.text.width import truncate
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from revivatui.state.alerts import Alert
    from revivatui.state.models import Agent, Contact, Conversation, Counts, ListView
    from revivatui.state.state import State

Bar = tuple[list[Chip], list[Chip]]
"""The chips at the left and at the right."""

SORTS: Final = {
    "last_activity_at_desc": "latest first",
    "waiting_since_asc": "longest waiting",
    "priority_desc": "priority",
    "created_at_desc": "newest",
    "created_at_asc": "oldest",
    "last_activity_at_asc": "quiet longest",
    "waiting_since_desc": "waiting shortest",
    "priority_asc": "lowest priority",
}
"""The server's sorts (contract 2.2) in words, most useful first."""

STATUSES: Final = ("open", "pending", "snoozed", "resolved", "all")
TABS: Final = (("mine", "Mine"), ("unassigned", "Unassigned"), ("all", "All"))
PRIORITIES: Final = ("urgent", "high", "medium", "low")
TOP_COMMANDS: Final = (
    ("Commands", "desk.palette", 30),
    ("Help", "desk.help", 25),
    ("Settings", "desk.settings", 20),
)
"""What the top bar offers beside the rooms, with how long each stays when the room gets short."""
ROOM_COMMANDS: Final = (("Team", "desk.team", 34), ("Analytics", "desk.analytics", 28))
"""The rooms that every desk has."""
CRM_COMMANDS: Final = (("Repairs", "desk.repairs", 35), ("Services", "desk.services", 22))
"""The rooms that a CRM brings."""
AVAILABILITY: Final = {"online": "success", "busy": "warning", "offline": "muted"}


def dot(word: str) -> str:
    """The glyph of an availability."""
    return str(getattr(symbols, word)) if word in AVAILABILITY else symbols.offline


def menu(text: str) -> str:
    """A chip that opens a choice."""
    return f"{text} {symbols.menu}"


# --- the top -----------------------------------------------------------------------------------


def top_bar(
    state: State,
    trust: tuple[str, str],
    tz: tzinfo | None = None,
    keys: Mapping[str, str] | None = None,
) -> Bar:
    """The rooms and what is asked for by key, how far the screen can be trusted, who sits here.

    `trust` says in words what is not complete ("" when everything shown is) and what was put
    right a moment ago; `keys` names the keys of commands by their ids: those of a CRM's rooms
    where there is one.
    """
    rooms = [Chip(" Inbox ", "active", weight=NEVER)]
    known = keys or {}
    rooms_too = CRM_COMMANDS if CRM_COMMANDS[0][1] in known else ()
    for text, command, weight in (*ROOM_COMMANDS, *rooms_too, *TOP_COMMANDS):
        lead = known.get(command, "")
        rooms.append(Chip(text, "button", command, weight, lead=lead))
    right = [link_chip(state, trust, tz)]
    if state.notifications_unread:
        right.append(notifications_chip(state))
    if state.me is not None:
        if state.link.state not in ("offline", "refused"):
            # Else nobody sees us, whatever was set, and the link says so already.
            right.append(_me_chip(state))
        right.append(Chip(truncate(state.me.name, 24), "strong", weight=40))
    if state.account is not None:
        right.append(Chip(truncate(state.account.name, 24), "muted", weight=10))
    return rooms, right


def alert_chips(loud: Sequence[Alert], command: str) -> list[Chip]:
    """The most pressing alert and how many there are besides; nothing where there is none."""
    if not loud:
        return []
    more = f" +{len(loud) - 1}" if len(loud) > 1 else ""
    text = f"! {loud[0].name.lower()}{more}"
    return [Chip(text, "error", command, NEVER, short=f"!{len(loud)}", shortens=45)]


def notifications_chip(state: State) -> Chip:
    """How many notifications are unread, quietly."""
    many = state.notifications_unread
    text = f"{many} notification{'s' if many > 1 else ''}"
    return Chip(text, "accent", "desk.notifications", 55, short=f"{many} new")


def _me_chip(state: State) -> Chip:
    word = my_availability(state)
    style = AVAILABILITY.get(word, "muted")
    text, short = menu(f"{dot(word)} you: {word}"), menu(f"{dot(word)} {word}")
    return Chip(text, style, "desk.availability", 60, short=short)


def my_availability(state: State) -> str:
    if state.me is None:
        return "offline"
    return state.presence.get(state.me.id, state.me.availability)


def link_chip(state: State, trust: tuple[str, str], tz: tzinfo | None = None) -> Chip:
    """The connection in words; `trust` as in `top_bar`."""
    link = state.link
    incomplete, put_right = trust
    as_of = f"as of {clock(state.as_of, tz)}" if state.as_of else ""
    shown = f"{symbols.dot} shown {as_of}" if state.from_cache and as_of else ""
    if link.state == "live":
        words = incomplete or "complete"
        if put_right:
            words = f"{words} {symbols.dot} {put_right}"
        return Chip(
            f"{symbols.link} live {symbols.dot} {words}",
            "warning" if incomplete else "success",
            "desk.connection",
            NEVER,
            short=None if incomplete or put_right else f"{symbols.link} live",
        )
    if link.state == "late":
        behind = f"{state.lag:.0f} s behind" if state.lag else "silent"
        text = f"{symbols.link} live feed {behind} {symbols.dot} asking instead"
        return Chip(text, "warning", "desk.connection", NEVER)
    if link.state == "catching_up":
        text = f"{symbols.link} catching up {shown}".rstrip()
        return Chip(text, "warning", "desk.connection", NEVER)
    if link.state == "connecting":
        text = f"{symbols.link} connecting {shown}".rstrip()
        return Chip(text, "warning", "desk.connection", NEVER)
    if link.state == "refused":
        text = f"{symbols.failed} signed out {symbols.dot} sign in"
        return Chip(text, "error", "desk.sign_in", NEVER)
    if not link.at:
        return Chip(f"{symbols.link} starting {shown}".rstrip(), "muted", "", NEVER)
    text = f"{symbols.failed} offline since {clock(link.at, tz)}"
    return Chip(text, "error", "desk.connection", NEVER)


# --- the list ----------------------------------------------------------------------------------


def tabs_bar(view: ListView, counts: Counts | None) -> Bar:
    """Mine, Unassigned, All with the server's counts."""
    chips = []
    for tab, word in TABS:
        count = "" if counts is None else f" {getattr(counts, tab)}"
        style = "chosen" if tab == view.tab else "button"
        chips.append(Chip(f"{word}{count}", style, f"list.{tab}", NEVER))
    return chips, []


def filter_bar(state: State, view: ListView) -> Bar:
    """What the list is narrowed to and in which order."""
    left = [
        Chip(menu(view.status), "button", "list.status", NEVER),
        Chip(menu(SORTS.get(view.sort, view.sort)), "button", "list.sort", NEVER),
    ]
    where = where_words(state, view)
    if where:
        left.append(Chip(menu(truncate(where, 20)), "accent", "list.where", 80))
    else:
        left.append(Chip(menu("all inboxes"), "button", "list.where", 70, short=menu("all")))
    if view.text:
        left.append(Chip(f'"{truncate(view.text, 16)}"', "accent", "list.filter", 90))
    right = []
    if narrowed(view):
        right.append(Chip("clear", "button", "list.clear", 60, short="c"))
    if not view.text:
        right.append(Chip("/ filter", "button", "list.filter", 50, short="/"))
    return left, right


def narrowed(view: ListView) -> bool:
    return bool(view.text or view.labels or view.inbox_id or view.team_id or view.status != "open")


def where_words(state: State, view: ListView) -> str:
    """The inbox, team and labels the list is narrowed to, in words."""
    words = []
    if view.inbox_id is not None:
        inbox = state.inboxes.get(view.inbox_id)
        words.append(inbox.name if inbox else f"inbox {view.inbox_id}")
    if view.team_id is not None:
        team = state.teams.get(view.team_id)
        words.append(team.name if team else f"team {view.team_id}")
    words.extend(f"#{title}" for title in view.labels)
    return f" {symbols.dot} ".join(words)


# --- the thread --------------------------------------------------------------------------------


def thread_title(
    state: State,
    conversation: Conversation,
    contact: Contact | None,
    now: float,
    *,
    back: bool,
    tz: tzinfo | None = None,
) -> Bar:
    """Whose conversation it is; `back` where the list is not beside it."""
    left = []
    if back:
        left.append(Chip(f"{symbols.back} Inbox", "button", "desk.back", NEVER))
    name = contact.name if contact and contact.name else "?"
    left.append(Chip(f"#{conversation.id}", "muted", weight=NEVER))
    left.append(Chip(truncate(name, 40), "strong", "desk.contact", NEVER))
    inbox = state.inboxes.get(conversation.inbox_id)
    if inbox is not None:
        left.append(Chip(truncate(inbox.name, 24), "muted", weight=40))
    if select.contact_online(state, conversation.contact_id):
        left.append(Chip(f"{symbols.online} online", "success", weight=45, short=symbols.online))
    right = []
    if conversation.waiting_since is not None and conversation.status == "open":
        waited = duration(now - conversation.waiting_since)
        right.append(Chip(f"{symbols.waiting} waiting {waited}", "warning", weight=50))
    if conversation.unread_count:
        count = "9+" if conversation.unread_count >= 10 else str(conversation.unread_count)
        right.append(
            Chip(f"{count} unread, mark read", "button", "conversation.read", 30, short="mark read")
        )
    if conversation.muted:
        right.append(Chip("muted", "warning", weight=55))
    right.append(Chip("Contact", "button", "desk.contact", 60))
    return left, right


def thread_actions(
    state: State, conversation: Conversation, now: float, tz: tzinfo | None = None
) -> Bar:
    """What it is set to, each word a button that changes it."""
    held = changes.held(state, conversation.id)
    status = menu(status_words(conversation, now, tz)) if held is None else changes.doing(held)
    left = [
        Chip(status, _status_style(conversation.status) if held is None else "warning",
             "conversation.status", NEVER),
        Chip(menu(assignee_words(state, conversation)), "button", "conversation.assign", NEVER),
        Chip(menu(conversation.priority or "no priority"), _priority_style(conversation.priority),
             "conversation.priority", 75 if conversation.priority else 25),
        Chip(menu(team_words(state, conversation)), "button", "conversation.team", 30),
        Chip(menu(label_words(conversation.labels)), "label" if conversation.labels else "button",
             "conversation.labels", 65, short=menu(label_words(conversation.labels, 9))),
    ]  # fmt: skip
    if held is not None:
        return left, []
    done = conversation.status == "resolved"
    right = [
        Chip("Snooze", "button", "conversation.snooze", 70),
        Chip("Reopen" if done else "Resolve", "accent", "conversation.resolve", NEVER),
    ]
    return left, right


def status_words(conversation: Conversation, now: float, tz: tzinfo | None = None) -> str:
    if conversation.status == "snoozed":
        if conversation.snoozed_until is None:
            return "snoozed until they write"
        return f"snoozed until {until(conversation.snoozed_until, now, tz)}"
    return conversation.status


def _status_style(status: str) -> str:
    return {"open": "success", "pending": "warning"}.get(status, "muted")


def _priority_style(priority: str | None) -> str:
    return {"urgent": "error", "high": "warning"}.get(priority or "", "button")


def assignee_words(state: State, conversation: Conversation) -> str:
    assignee = conversation.assignee_id
    if assignee is None:
        return "unassigned"
    if state.me is not None and assignee == state.me.id:
        return "assigned to you"
    agent = state.agents.get(assignee)
    return truncate(agent.name, 18) if agent else f"agent {assignee}"


def team_words(state: State, conversation: Conversation) -> str:
    if conversation.team_id is None:
        return "no team"
    team = state.teams.get(conversation.team_id)
    return truncate(team.name, 18) if team else f"team {conversation.team_id}"


def label_words(labels: Sequence[str], cells: int = 18) -> str:
    if not labels:
        return "no labels"
    more = f" +{len(labels) - 1}" if len(labels) > 1 else ""
    return f"#{truncate(labels[0], cells, symbols.ellipsis)}{more}"


def agent_presence(state: State, agent: Agent) -> str:
    if state.presence_at is None:
        return agent.availability
    return state.presence.get(agent.id, "offline")


# --- the composer ------------------------------------------------------------------------------


def composer_bar(
    name: str, inbox: str, private: bool, quoting: str, *, switch_key: str, canned_key: str
) -> Bar:
    """Who will read what is being written."""
    if private:
        left = [
            Chip(f"Private note on {truncate(name, 30)}", "note", weight=NEVER),
            Chip("only the team sees it", "muted", weight=40),
        ]
        other = "reply"
    else:
        left = [Chip(f"Reply to {truncate(name, 30)}", "strong", weight=NEVER)]
        if inbox:
            left.append(Chip(truncate(inbox, 20), "muted", weight=30))
        other = "note"
    if quoting:
        text = f"answers: {truncate(quoting, 30)} {symbols.failed}"
        left.append(Chip(text, "button", "reply.unquote", 45, short=f"quote {symbols.failed}"))
    right = [
        Chip("canned", "button", "reply.canned", 50, lead=canned_key),
        Chip(other, "button", "reply.switch", 60, lead=switch_key),
        Chip("Add note" if private else "Send", "accent", "reply.send", NEVER),
    ]
    return left, right
