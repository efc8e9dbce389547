"""The one table of commands: id, keys, label, help, group, where it works and when it makes sense.

Bindings, the key bar, the command palette, the help screen, `revivatui keys` and docs/keys.md are
all made from it. Ids are stable: settings remap keys by them. Single letters are never priority
bindings: while text has the focus every printable key types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from revivatui.command import (
    Command,
    can_attach,
    can_copy,
    can_delete,
    can_quote,
    can_retry,
    can_take_back,
    can_undo,
    change_held,
    has_offer,
    has_reply,
    has_rows,
    has_target,
    on,
    reply_held,
    status_free,
    thread_open,
)
from revivatui.commands_copilot import COPILOT, COPILOT_COMMANDS
from revivatui.commands_copilot_model import MODEL, MODEL_COMMANDS
from revivatui.commands_repairs import REPAIR, REPAIR_COMMANDS
from revivatui.commands_rooms import ROOM_COMMANDS, ROOM_GROUPS, ROOM_PLACES


class KeysError(Exception):
    """A remapped key cannot be used; the text says which and why."""


CONVERSATION: Final = "Conversation"
REPLY: Final = "Answer"
LIST: Final = "List"
MESSAGE: Final = "Messages"
DESK: Final = "Desk"
GROUPS: Final = (CONVERSATION, REPLY, COPILOT, MODEL, REPAIR, LIST, MESSAGE, DESK)
ALL_GROUPS: Final = (*GROUPS, *ROOM_GROUPS)
"""Those of the inbox, then those of the rooms beside it."""

COMMANDS: Final[tuple[Command, ...]] = (
    # --- what is done with a conversation -----------------------------------------------------
    Command(
        "conversation.assign", "a", "Assign", "Give it to an agent, to yourself or to nobody",
        CONVERSATION, when=has_target, bar=on(list=90, thread=86), bar_label="assign",
    ),
    Command(
        "conversation.take", "A", "Assign to me", "Take it yourself", CONVERSATION,
        when=has_target,
    ),
    Command(
        "conversation.team", "t", "Team", "Give it to a team, or to none", CONVERSATION,
        when=has_target,
    ),
    Command(
        "conversation.resolve", "e", "Resolve",
        "Resolve it (held 5 seconds where a rating is asked for) or reopen it",
        CONVERSATION, when=status_free, bar=on(list=88, thread=88), bar_label="resolve",
    ),
    Command(
        "conversation.snooze", "z", "Snooze", "Put it away until a time or the next message",
        CONVERSATION, when=status_free, bar=on(list=86, thread=84), bar_label="snooze",
    ),
    Command(
        "conversation.status", "s", "Status", "Open, pending, snoozed or resolved", CONVERSATION,
        when=status_free,
    ),
    Command(
        "conversation.labels", "l", "Labels", "Choose its labels", CONVERSATION,
        when=has_target, bar=on(list=80, thread=80), bar_label="labels",
    ),
    Command(
        "conversation.priority", "p", "Priority", "Urgent, high, medium, low or none",
        CONVERSATION, when=has_target, bar=on(thread=70), bar_label="priority",
    ),
    Command(
        "conversation.read", "m", "Mark read",
        "Mark its messages read for everybody (opening it does not)",
        CONVERSATION, when=has_target,
    ),
    Command(
        "conversation.unread", "M", "Mark unread", "Mark its last message unread again",
        CONVERSATION, when=has_target,
    ),
    Command(
        "change.undo", "u", "Undo", "Take the last change back", CONVERSATION, when=can_undo,
        bar=on(list=92, thread=92), bar_label="undo",
    ),
    Command(
        "change.now", "U", "Do it now", "Do not wait out a held change", CONVERSATION,
        when=change_held,
    ),
    # --- answering ----------------------------------------------------------------------------
    Command(
        "reply.write", "r", "Reply", "Write to the customer of the thread or row",
        REPLY, when=has_target, bar=on(list=84, thread=95), bar_label="reply",
    ),
    Command(
        "reply.note", "n", "Note", "Write a private note that only the team sees", REPLY,
        when=has_target, bar=on(thread=94), bar_label="note",
    ),
    Command(
        "reply.send", "enter", "Send", "Send what the composer holds", REPLY, where="composer",
        when=thread_open, bar=on(composer=98), bar_label="send", note_label="add note",
    ),
    Command(
        "reply.newline", "ctrl+j,shift+enter", "New line", "Start a new line", REPLY,
        where="composer", bar=on(composer=80), bar_label="line",
    ),
    Command(
        "reply.send_anyway", "f8", "Send anyway",
        "Send the held reply whatever was said since", REPLY, where="app",
        when=reply_held, first=True,
    ),
    Command(
        "reply.edit_held", "f7", "Edit held reply",
        "Take the held reply back into the composer", REPLY, where="app", when=reply_held,
        first=True,
    ),
    Command(
        "reply.canned", "f4", "Canned responses",
        "Choose one; / first in a line does the same", REPLY, where="app",
        when=has_target, bar=on(composer=88), bar_label="canned",
    ),
    Command(
        "reply.switch", "f3", "Reply or note", "Change between reply and private note", REPLY,
        where="app", when=has_target, bar=on(composer=90), bar_label="note", note_label="reply",
    ),
    Command(
        "reply.leave", "escape", "Leave the composer",
        "Go back to the thread; what was typed stays", REPLY, where="composer",
        bar=on(composer=96), bar_label="thread",
    ),
    Command(
        "draft.take", "f6", "Take the other draft",
        "Put the text that is offered above the composer into it; yours is kept and offered",
        REPLY, "app", when=has_offer,
    ),
    Command(
        "draft.decline", "f12", "Not the other draft", "Do not offer that text again", REPLY, "app",
        when=has_offer,
    ),
    Command(
        "draft.hand_over", "f10", "Hand over",
        "Keep your reply at the server, where every agent finds it as a draft", REPLY, "app",
        when=has_reply,
    ),
    # --- the list -----------------------------------------------------------------------------
    Command(
        "list.mine", "1", "Mine", "Conversations assigned to you", LIST,
    ),
    Command("list.unassigned", "2", "Unassigned", "Conversations of nobody", LIST),
    Command("list.all", "3", "All", "Everybody's conversations", LIST),
    Command(
        "list.next_tab", "right_square_bracket", "Next tab", "Mine, unassigned, all", LIST,
    ),
    Command(
        "list.previous_tab", "left_square_bracket", "Previous tab", "All, unassigned, mine", LIST,
    ),
    Command(
        "list.filter", "slash", "Filter", "Narrow this list to words in its messages", LIST,
        bar=on(list=70), bar_label="filter",
    ),
    Command(
        "list.sort", "o", "Order", "Latest, longest waiting, priority, created", LIST,
        bar=on(list=60), bar_label="order",
    ),
    Command(
        "list.status", "f", "Which status", "List open, pending, snoozed, resolved or all", LIST,
    ),
    Command("list.where", "i", "Inbox, team, label", "List one inbox, team or label only", LIST),
    Command(
        "list.longest", "w", "Longest waiting", "Go to the customer who has waited longest", LIST,
    ),
    Command("list.clear", "c", "Clear filters", "Back to all open conversations of this tab", LIST),
    # --- the desk -----------------------------------------------------------------------------
    Command(
        "desk.palette", "ctrl+p", "Commands", "Any command by its name", DESK, where="app",
        bar=on(list=99, thread=99, composer=99, contact=99, repair=99, copilot=99),
        bar_label="commands",
        short_label="more",
    ),
    Command(
        "desk.help", "question_mark,f1", "Help", "Every key and what it does", DESK,
        bar=on(list=99, thread=99, contact=99, repair=99, copilot=99), bar_label="help",
    ),
    Command("desk.next_pane", "tab", "Next pane", "List, thread, composer, contact", DESK, "app"),
    Command("desk.previous_pane", "shift+tab", "Previous pane", "The other way", DESK, "app"),
    Command(
        "desk.back", "escape", "Back", "Thread to list, or close what is open", DESK,
        bar=on(thread=93, contact=95, repair=95, copilot=95), bar_label="back",
    ),
    Command(
        "desk.contact", "f2", "Contact", "Show or hide the customer's details", DESK, "app",
        when=thread_open,
    ),
    Command(
        "desk.search", "ctrl+f", "Search",
        "Find words in messages, here and on the server", DESK, "app",
    ),
    Command("desk.connection", "", "Connection", "How the server is heard, and since when", DESK),
    Command(
        "desk.redraw", "ctrl+l", "Redraw", "Clear the terminal and paint the screen anew", DESK,
        "app",
    ),
    Command(
        "desk.sends", "x", "Unsent messages", "Drafts, and messages on their way or not sent", DESK,
    ),
    Command(
        "desk.notifications", "b", "Notifications",
        "Mentions, assignments and messages where you take part; marks them read", DESK,
    ),
    Command("desk.team", "T", "Team", "Who is on, since when, and what everybody holds", DESK),
    Command("desk.analytics", "N", "Analytics", "Figures, charts and satisfaction", DESK),
    Command(
        "desk.admin", "D", "Administration",
        "Agents, inboxes, working hours, canned responses and labels", DESK,
    ),
    Command(
        "desk.health", "H", "Health", "The bridge, what failed in it, Chatwoot and the CRM", DESK,
    ),
    Command(
        "desk.captain", "", "Captain on or off",
        "Stop the bot that answers customers, or let it answer again; asks first", DESK,
    ),
    Command(
        "desk.alerts", "exclamation_mark", "Alerts",
        "Who waits too long, nobody online and the like; mute them for an hour", DESK,
    ),
    Command("desk.availability", "v", "Availability", "Online, busy or offline", DESK),
    Command("desk.refresh", "f5", "Refresh", "Ask the server again", DESK, "app"),
    Command(
        "desk.sign_in", "f9", "Sign in", "Sign in again, or to another Chatwoot", DESK, "app",
    ),
    Command(
        "contact.forget", "", "Forget contact",
        "Take a customer off this machine; asks first", DESK,
        when=thread_open,
    ),
    Command("desk.settings", "comma", "Settings", "Look and keys, and where they are kept", DESK),
    Command("desk.theme", "", "Light or dark", "Change between nordic and nordic-dark", DESK),
    Command("desk.quit", "ctrl+q", "Quit", "Leave; asks when something is unsent", DESK, "app"),
    *COPILOT_COMMANDS,
    *MODEL_COMMANDS,
    *REPAIR_COMMANDS,
)  # fmt: skip
"""All commands that screens carry out."""

WIDGET_COMMANDS: Final[tuple[Command, ...]] = (
    Command("list.up", "up,k", "Up", "One conversation up", LIST, "list"),
    Command("list.down", "down,j", "Down", "One conversation down", LIST, "list"),
    Command("list.page_up", "pageup", "Page up", "A page up", LIST, "list"),
    Command("list.page_down", "pagedown", "Page down", "A page down", LIST, "list"),
    Command("list.first", "home,g", "First", "The first conversation", LIST, "list"),
    Command("list.last", "end,G", "Last", "The last loaded conversation", LIST, "list"),
    Command(
        "list.open", "enter", "Open", "Open its thread (this marks nothing read)", LIST, "list",
        when=has_rows, bar=on(list=95), bar_label="open",
    ),
    Command("thread.up", "up,k", "Up", "One message up", MESSAGE, "thread"),
    Command("thread.down", "down,j", "Down", "One message down", MESSAGE, "thread"),
    Command("thread.page_up", "pageup", "Page up", "A page up", MESSAGE, "thread"),
    Command("thread.page_down", "pagedown", "Page down", "A page down", MESSAGE, "thread"),
    Command("thread.first", "home,g", "Oldest", "The start of the conversation", MESSAGE, "thread"),
    Command("thread.last", "end,G", "Newest", "The newest message", MESSAGE, "thread"),
    Command("thread.act", "enter", "Open", "Open what the message holds", MESSAGE, "thread"),
    Command(
        "thread.attachment", "o", "Open file", "Open the message's file", MESSAGE, "thread",
        when=can_attach, bar=on(thread=92), bar_label="open",
    ),
    Command(
        "thread.copy", "y", "Copy", "Copy the message", MESSAGE, "thread",
        when=can_copy, bar=on(thread=91), bar_label="copy",
    ),
    Command(
        "thread.retry", "r", "Send again", "Send a message again that failed", MESSAGE, "thread",
        when=can_retry, bar=on(thread=98), bar_label="send again",
    ),
    Command(
        "thread.take_back", "e", "Take back", "Take a failed message back into the composer",
        MESSAGE, "thread", when=can_take_back, bar=on(thread=97), bar_label="take back",
    ),
    Command(
        "thread.quote", "q", "Quote", "Let the reply answer this message", MESSAGE, "thread",
        when=can_quote, bar=on(thread=90), bar_label="quote",
    ),
    Command(
        "thread.delete", "d", "Delete", "Delete a message of ours", MESSAGE, "thread",
        when=can_delete, bar=on(thread=89), bar_label="delete",
    ),
    # --- what the rooms beside the inbox carry out themselves
    *ROOM_COMMANDS,
)  # fmt: skip
"""Keys that the list and the thread handle themselves."""

ALL: Final = COMMANDS + WIDGET_COMMANDS
BY_ID: Final[Mapping[str, Command]] = {command.id: command for command in ALL}

_KEY_NAMES: Final = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "comma": ",",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "page up",
    "pagedown": "page down",
    "escape": "esc",
}

NO_KEY: Final = "none"


def key_name(key: str) -> str:
    """A Textual key name as it is printed on keys: "question_mark" -> "?"."""
    return _KEY_NAMES.get(key, key)


def _types_nothing(key: str) -> bool:
    key = key.strip()
    return key.startswith(("ctrl+", "alt+")) or (key[:1] == "f" and key[1:].isdigit())


class Keys:
    """Which keys mean what once the settings' remaps are in."""

    def __init__(self, remaps: Mapping[str, str] | None = None) -> None:
        """Check and apply remaps: command id -> comma separated keys.

        Raises:
            KeysError: an unknown id, an empty key, or two commands of one place on one key.
        """
        self.remaps = dict(remaps or {})
        for id_, keys in self.remaps.items():
            if id_ not in BY_ID:
                from difflib import get_close_matches

                near = get_close_matches(id_, BY_ID, 1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise KeysError(f"There is no command {id_!r}.{hint}")
            if not keys.strip():
                raise KeysError(f"{id_!r} needs a key.")
            if BY_ID[id_].first and not all(map(_types_nothing, keys.split(","))):
                raise KeysError(f"{id_!r} works while typing: it needs keys like f8 or ctrl+g.")
        self._refuse_clashes()

    def of(self, command: Command) -> tuple[str, ...]:
        """The keys of a command, the one to show first."""
        keys = self.remaps.get(command.id, command.keys)
        return tuple(key.strip() for key in keys.split(",") if key.strip())

    def shown(self, command: Command) -> str:
        """All its keys as printed: "?, f1"."""
        return ", ".join(key_name(key) for key in self.of(command))

    def first(self, command: Command) -> str:
        keys = self.of(command)
        return key_name(keys[0]) if keys else ""

    def _refuse_clashes(self) -> None:
        taken: dict[tuple[str, str], Command] = {}
        for command in ALL:
            for key in self.of(command):
                for place in self._rivals(command.where):
                    other = taken.get((place, key))
                    if other is not None and {other.id, command.id} & set(self.remaps):
                        raise KeysError(
                            f"{key_name(key)!r} would mean both {other.id!r} and {command.id!r}."
                        )
                taken[command.where, key] = command

    @staticmethod
    def _rivals(where: str) -> Iterable[str]:
        if where == "app":
            return ("app", "desk", "list", "thread", "composer")
        if where == "composer":
            return ("app", "composer")
        if where in ROOM_PLACES:
            return ("app", "room", where)
        if where == "desk":
            return ("app", "desk", "list", "thread")
        return ("app", "desk", where)
