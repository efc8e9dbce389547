"""What the inbox's widgets show, made from the state: functions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.commands import BY_ID
from revivatui.screens.attribute_lines import AttributeLines, hanging
from revivatui.screens.desk_words import away_chips
from revivatui.state import canned as canned_texts
from revivatui.state import select
from revivatui.text.inline import plain
from revivatui.text.later import Pattern
from revivatui.text.when import ago, clock
from revivatui.text.width import fit, truncate, width
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from revivatui.commands import Keys
    from revivatui.screens.session import Session
    from revivatui.state.models import (
        Attachment,
        Change,
        Contact,
        Conversation,
        Message,
        SendEntry,
    )
    from revivatui.state.state import State

CHANGE_WORDS = {
    "resolved": "Resolving",
    "open": "Reopening",
    "snoozed": "Snoozing",
    "pending": "Setting to pending",
}
NEVER_READ = "never read on this machine, and there is no connection"
EARLIER = 8
"""Earlier conversations that the contact pane lists."""
_MOST_LABEL = 16
"""Cells for the names of what is known about a customer."""
_VARIABLE = Pattern(r"(\{\{.{0,200}?\}\})")

Fact = tuple[str, str]
"""A name and a value."""


def name_of(state: State, conversation_id: int) -> str:
    """The customer's name."""
    conversation = state.conversations.get(conversation_id)
    return select.contact_name(state, conversation) if conversation else select.NAMELESS


# --- list and thread ---------------------------------------------------------------------------


def edge_words(state: State, conversation_id: int | None) -> str:
    """What stands above the oldest message where that is not the start of the conversation."""
    if conversation_id is None:
        return ""
    if conversation_id in state.gone:
        return "this conversation is not there for you any more"
    held = state.threads.get(conversation_id)
    offline = state.link.state == "offline" and state.offline_since is not None
    if held is None or (not held.messages and not held.start_reached):
        return NEVER_READ if offline else "loading"
    if held.start_reached:
        return ""
    if offline:
        return "older messages are not on this machine"
    if held.complete_to is not None:
        return "what came while you were offline is being read"
    return f"{symbols.up} older messages"


def has_older(state: State, conversation_id: int | None) -> bool:
    """Whether older messages come when they are asked for."""
    held = None if conversation_id is None else state.threads.get(conversation_id)
    if held is None or not held.messages or held.start_reached or held.complete_to is not None:
        return False
    return state.link.state != "offline"


def empty_words(state: State, keys: Keys) -> str:
    """What an empty list says: why, and what to do."""
    view = state.view
    if select.list_state(state, view).provisional:
        if state.link.state in ("offline", "late"):
            again = _key(keys, "desk.refresh")
            return f"Not loaded yet: no connection.\nThe desk keeps trying; {again} tries now."
        return "Loading" + symbols.ellipsis
    if view.text or view.labels or view.inbox_id or view.team_id or view.status != "open":
        return f"Nothing matches.\n{_key(keys, 'list.clear')} clears the filters."
    elsewhere = other_tabs(view.tab, keys)
    if view.tab == "mine":
        return f"Nothing open is assigned to you.\n{elsewhere}"
    if view.tab == "unassigned":
        return f"Everything open has somebody\nwho takes care of it.\n{elsewhere}"
    return "No open conversations.\nNew ones appear here by themselves."


def other_tabs(tab: str, keys: Keys) -> str:
    """The keys of the lists that are not shown: "Press 1 for yours, 3 for all."."""
    known = (("mine", "yours"), ("unassigned", "unassigned"), ("all", "all"))
    named = [f"{_key(keys, f'list.{one}')} for {word}" for one, word in known if one != tab]
    return f"Press {', '.join(named)}."


def nothing_open(state: State, keys: Keys, *, listed: bool) -> str:
    """What the thread says while it shows none; `listed`: there are some to choose from.

    An empty list says itself why it is empty and where there is more.
    """
    said = "No conversation is open."
    if listed:
        how = _key(keys, "list.open")
        return f"{said}\n\nChoose one in the list and press {how}, or click it."
    return said


def _key(keys: Keys, command_id: str) -> str:
    return keys.first(BY_ID[command_id])


def tail_words(state: State) -> str:
    listed = select.list_state(state, state.view)
    if listed.complete or listed.provisional:
        return ""
    if state.link.state == "offline":
        return "more follow: not loaded, offline"
    return "more follow" + symbols.ellipsis


def message_text(state: State, conversation_id: int, message_id: int | None) -> str:
    message = _message(state, conversation_id, message_id)
    return message.content if message is not None else ""


def attachments(state: State, conversation_id: int, message_id: int) -> list[Attachment]:
    message = _message(state, conversation_id, message_id)
    return list(message.attachments) if message is not None else []


def quoted(state: State, conversation_id: int, message_id: int | None) -> str:
    """The first words of the message that the next reply answers."""
    message = _message(state, conversation_id, message_id)
    return " ".join(plain(message.content).split()) if message is not None else ""


def delete_words(state: State, conversation_id: int, message_id: int) -> str:
    """What deleting a message means: which one, and who sees it go."""
    message = _message(state, conversation_id, message_id)
    words = quoted(state, conversation_id, message_id)
    if message is not None and not words:
        words = ", ".join(file.name or file.file_type for file in message.attachments)
    private = message is not None and message.private
    seen = "Only the team could read it." if private else "The customer sees it go."
    said = f'"{truncate(words, 160, symbols.ellipsis)}"\n' if words else ""
    return f"{said}{seen} This cannot be undone."


def _message(state: State, conversation_id: int, message_id: int | None) -> Message | None:
    thread = state.threads.get(conversation_id)
    return thread.find(message_id) if thread is not None and message_id is not None else None


# --- the customer ------------------------------------------------------------------------------


def contact_lines(session: Session, conversation_id: int | None, room: int) -> list[ListLine]:
    """Who the customer is: identity, channel, attributes, labels, notes, earlier conversations; in
    lines of at most `room` cells where they can be broken."""
    state = session.state
    conversation = None if conversation_id is None else state.shown(conversation_id)
    if conversation is None:
        return [words(""), words(""), words("The customer of the open thread is shown here.",
                                            "muted")]  # fmt: skip
    contact = state.contacts.get(conversation.contact_id)
    lines = [words(select.contact_name(state, conversation), "strong")]
    online = select.contact_online(state, conversation.contact_id)
    presence = f"{symbols.online} online" if online else f"{symbols.offline} not online"
    if not select.hears(state):
        presence = "not known whether online"
    lines.append(words(presence, "success" if online else "muted"))
    identity = [*_identity(contact), *_channel(state, conversation)]
    known = {**contact.custom_attributes, **_places(contact)} if contact else {}
    read = AttributeLines(session.clock(), session.tz, room)
    about, here = read.facts(known), read.facts(conversation.custom_attributes)
    cells = min(
        _MOST_LABEL, max((width(name) for name, _ in (*identity, *about, *here)), default=0)
    )
    lines += _facts(identity, cells, room)
    if contact is not None and contact.blocked:
        lines.append(words("blocked", "warning"))
    if not conversation.can_reply:
        lines.append(words("the reply window has closed", "warning"))
    told = (("About", about, known), ("This conversation", here, conversation.custom_attributes))
    for title, facts, attributes in told:
        more = read.nested(attributes)
        if facts or more:
            lines += [words(""), words(title, "strong")]
            lines += [*_facts(facts, cells, room), *more]
    lines += _earlier(session, conversation)
    return lines


def _facts(facts: Iterable[Fact], cells: int, room: int) -> Iterator[ListLine]:
    for name, value in facts:
        yield from hanging(Piece(fit(name, cells) + "  ", "muted"), value, room)


def _identity(contact: Contact | None) -> list[Fact]:
    if contact is None:
        return []
    facts = (("e-mail", contact.email), ("phone", contact.phone_number),
             ("id", contact.identifier))  # fmt: skip
    return [(name, value) for name, value in facts if value]


def _channel(state: State, conversation: Conversation) -> list[Fact]:
    """The inbox, and what kind it is where its name does not say so."""
    inbox = state.inboxes.get(conversation.inbox_id)
    if inbox is None:
        return []
    kind = channel_word(inbox.channel_type)
    told = kind.casefold() in inbox.name.casefold()
    return [("inbox", inbox.name if told else f"{inbox.name} ({kind})")]


def _places(contact: Contact) -> dict[str, object]:
    kept = ("company_name", "city", "country")
    more = contact.additional_attributes
    return {key: more[key] for key in kept if more.get(key)}


def _earlier(session: Session, open_one: Conversation) -> list[ListLine]:
    state = session.state
    others = [
        one
        for one in state.conversations.values()
        if one.contact_id == open_one.contact_id and one.id != open_one.id
    ]
    if not others:
        return []
    others.sort(key=lambda one: one.last_activity_at, reverse=True)
    lines = [words(""), words("Other conversations", "strong")]
    now, tz = session.clock(), session.tz
    for one in others[:EARLIER]:
        at = ago(one.last_activity_at, now, tz)
        pieces = (Piece(f"#{one.id} ", "accent"), Piece(f"{one.status} {symbols.dot} {at}"))
        lines.append(ListLine(pieces, f"conversation.open:{one.id}"))
    return lines


def channel_word(channel_type: str) -> str:
    """ "Channel::WebWidget" as people say it."""
    known = {"WebWidget": "website", "Api": "API", "Email": "e-mail"}
    name = channel_type.removeprefix("Channel::")
    return known.get(name, name)


# --- canned responses --------------------------------------------------------------------------


def canned_lines(state: State, query: str) -> list[ListLine]:
    found = canned_texts.matches(state.canned, query)
    if not found:
        text = "no canned response is called so" if state.canned else "there are none yet"
        return [words(text, "muted")]
    cells = min(18, 3 + max(width(one.short_code) for one in found))
    return [
        ListLine(
            (
                Piece(fit(f"/{one.short_code}", cells), "accent"),
                *_filled_pieces(state, one.content),
            ),
            str(one.id),
        )
        for one in found
    ]


def _filled_pieces(state: State, content: str) -> Iterator[Piece]:
    """A canned response as it would stand in the open thread; what nothing is known for marked."""
    if state.open_id is not None:
        content = canned_texts.fill(state, state.open_id, content).text
    text = " ".join(plain(content).split())
    for number, part in enumerate(_VARIABLE.compiled.split(text)):
        if part:
            yield Piece(part, "warning" if number % 2 else "muted")


def filled_canned(
    state: State, canned_id: int, conversation_id: int
) -> tuple[str, tuple[str, ...]] | None:
    """A canned response's text for a conversation, and the variables nothing is known for."""
    for one in state.canned:
        if one.id == canned_id:
            filled = canned_texts.fill(state, conversation_id, one.content)
            return filled.text, filled.missing
    return None


# --- what is on its way ------------------------------------------------------------------------


def unsent(state: State) -> list[SendEntry]:
    return [entry for entry in state.sends.values() if entry.state != "sent"]


def any_held(state: State) -> bool:
    return any(change.state == "waiting" for change in state.changes.values())


def link_chips(session: Session, shown: bool) -> tuple[list[Chip], list[Chip]]:
    """Why the server is not heard and what to do; empty while it is.

    `shown` says that the bar is there: it stays while the next try is under way, or it would come
    and go with every try.
    """
    link, keys, tz = session.state.link, session.keys, session.tz
    again = Chip("try now", "accent", "desk.refresh", NEVER, lead=_key(keys, "desk.refresh"))
    kept = Chip(f"{symbols.dot} what you send waits", "warning", weight=50)
    reason = link.reason.rstrip(".")
    if link.state == "refused":
        text = f"{symbols.failed} Signed out: {reason or 'the server refused'}"
        key = _key(keys, "desk.sign_in")
        return [Chip(text, "error", weight=NEVER)], [
            Chip("sign in", "accent", "desk.sign_in", NEVER, lead=key)
        ]
    if link.state == "offline" and link.at:
        left = [Chip(f"{symbols.failed} {reason or 'No connection'}", "error", weight=NEVER)]
        if link.retry_at is not None:
            text = f"{symbols.dot} next try {clock(link.retry_at, tz)}"
            left.append(Chip(text, "warning", weight=60))
        return [*left, kept], [again]
    if link.state == "connecting" and shown:
        return [Chip(f"{symbols.busy} Trying to connect", "warning", weight=NEVER), kept], [again]
    return [], []


def held_chips(session: Session, writing: bool) -> tuple[list[Chip], list[Chip]]:
    """The bar of what waits or could not be done; empty when there is neither.

    `writing` says that letters are text now: their keys work once the composer was left.
    """
    state, keys = session.state, session.keys
    first_key = f"{_key(keys, 'reply.leave')} " if writing else ""
    held = [change for change in state.changes.values() if change.held]
    if held:
        first = held[0]
        left = [Chip(held_words(state, first, session.clock()), "warning", weight=NEVER)]
        if len(held) > 1:
            left.append(Chip(f"and {len(held) - 1} more", "muted", weight=40))
        right = [
            Chip(
                "undo", "accent", "change.undo", NEVER, lead=first_key + _key(keys, "change.undo")
            ),
            Chip(
                "do it now", "button", "change.now", 50, lead=first_key + _key(keys, "change.now")
            ),
        ]
        return left, right
    if left := _stuck_chips(state):
        show = Chip(
            "show", "accent", "desk.sends", NEVER, lead=first_key + _key(keys, "desk.sends")
        )
        return left, [show]
    return away_chips(session)


def _stuck_chips(state: State) -> list[Chip]:
    """How many messages wait for the agent."""
    states = [entry.state for entry in state.sends.values()]
    chips = []
    if failed := states.count("failed"):
        what = "message was" if failed == 1 else "messages were"
        text = f"{symbols.failed} {failed} {what} not sent"
        chips.append(Chip(text, "error", "desk.sends", NEVER))
    if held := states.count("held"):
        what = "reply is" if held == 1 else "replies are"
        text = f"{symbols.held} {held} {what} held"
        chips.append(Chip(text, "warning", "desk.sends", NEVER))
    return chips


def held_words(state: State, change: Change, now: float) -> str:
    """What waits, for whom, and how long: "Resolving #1042 Ana Sousa in 5 s"."""
    what = CHANGE_WORDS.get(str(change.after.get("status", "")), f"Changing {change.kind} of")
    name = truncate(name_of(state, change.conversation_id), 30)
    left = max(0, round((change.due_at or now) - now))
    return f"{what} #{change.conversation_id} {name} in {left} s"


_LEFT = {
    ("queued",): (
        ("message waits to be sent", "messages wait to be sent"),
        "The next start sends {it}, within {minutes} minutes; later it asks you first.",
    ),
    ("held",): (
        ("reply is held", "replies are held"),
        "Somebody wrote meanwhile: the desk keeps {it}, and sends {it} when you say so.",
    ),
    ("failed",): (
        ("message is not sent", "messages are not sent"),
        "The desk keeps {it} on this machine, and sends {it} when you say so.",
    ),
    ("sending", "unconfirmed"): (
        ("message is on the way, not yet confirmed", "messages are on the way, not yet confirmed"),
        "The next start looks whether the server has {it}.",
    ),
}
"""What becomes of messages in these states when the desk closes."""


def _send_lasts() -> float:
    from revivatui.engine.context import Timing

    return Timing().send_lasts


def unsent_words(state: State, throwaway: bool = False) -> str:
    """What would not be done if the desk closed now, or ""; `throwaway`: it keeps nothing."""
    lines = _lost_words(state) if throwaway else _left_words(state)
    held = [change for change in state.changes.values() if change.state == "waiting"]
    if held:
        many = _many(len(held), "change waits for its", "changes wait for their")
        lines.append(f"{many} seconds to pass and would be dropped.")
    return "\n".join(lines)


def _left_words(state: State) -> list[str]:
    """What becomes of the unsent messages of a desk that keeps them."""
    lines = []
    states = [one.state for one in unsent(state)]
    minutes = round(_send_lasts() / 60)
    for group, (one_or_more, what_then) in _LEFT.items():
        if count := sum(one in group for one in states):
            it = "it" if count == 1 else "them"
            fate = what_then.format(it=it, minutes=minutes)
            lines.append(f"{_many(count, *one_or_more)}. {fate}")
    return lines


def _lost_words(state: State) -> list[str]:
    """What a desk that keeps nothing would lose."""
    lost = [
        _many(count, one, more)
        for count, one, more in (
            (len(unsent(state)), "unsent message", "unsent messages"),
            (len(state.drafts), "draft", "drafts"),
        )
        if count
    ]
    return [f"This desk keeps nothing: {' and '.join(lost)} would be lost."] if lost else []


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
