"""The commands of the rooms beside the inbox: part of the one table (`revivatui.commands`).

A room's keys work nowhere else, so they may be letters that mean something else in the inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.command import Command, on
from revivatui.commands_admin import ADMIN_COMMANDS, ADMIN_ROOM
from revivatui.commands_analytics import ANALYTICS_COMMANDS, ANALYTICS_ROOM
from revivatui.commands_team import TEAM_COMMANDS, TEAM_ROOM

REPAIRS_ROOM: Final = "In the room of all repairs"
SERVICES_ROOM: Final = "In the room of services"
REPAIR_PAGE: Final = "On the page of a repair"
EVERY_ROOM: Final = "In every room"
HEALTH_ROOM: Final = "In the room of health"
ROOM_GROUPS: Final = (
    TEAM_ROOM, ANALYTICS_ROOM, REPAIRS_ROOM, SERVICES_ROOM, HEALTH_ROOM, ADMIN_ROOM, REPAIR_PAGE,
    EVERY_ROOM,
)  # fmt: skip
ROOM_PLACES: Final = frozenset(
    {"room", "team", "analytics", "repairs", "services", "health", "admin", "repair_page"}
)
"""What `Command.where` says of them; "room" is every room."""
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    EVERY_ROOM: ("desk.palette", "desk.help"),
    REPAIR_PAGE: ("desk.palette", "desk.help"),
}
"""Commands of the whole desk that help names in these groups too."""

ROOM_COMMANDS: Final[tuple[Command, ...]] = (
    *TEAM_COMMANDS,
    *ANALYTICS_COMMANDS,
    *ADMIN_COMMANDS,
    Command(
        "room.find", "slash", "Search the room", "Type what to look for; esc ends it", EVERY_ROOM,
        "room", bar=on(repairs=87, services=87, health=60), bar_label="search",
    ),
    Command("room.again", "f5", "Read again", "Ask anew", EVERY_ROOM, "room"),
    Command(
        "room.team", "T", "To the team", "Who is on, what everybody holds", EVERY_ROOM, "room",
    ),
    Command(
        "room.analytics", "N", "To the analytics", "The figures of the shop", EVERY_ROOM, "room",
    ),
    Command(
        "room.admin", "D", "To the administration", "Agents, inboxes, hours, labels", EVERY_ROOM,
        "room",
    ),
    Command(
        "room.health", "H", "To the health", "How bridge, Chatwoot and CRM are", EVERY_ROOM, "room",
    ),
    Command(
        "room.alerts", "exclamation_mark", "Show the alerts", "What is over its threshold now",
        EVERY_ROOM, "room",
    ),
    Command(
        "room.leave", "escape", "Back to the inbox", "To what was open there", EVERY_ROOM, "room",
    ),
    Command(
        "repairs.open", "enter", "Open the repair", "Everything about it and its device",
        REPAIRS_ROOM, "repairs", bar=on(repairs=95), bar_label="open",
    ),
    Command(
        "repairs.chat", "c", "Chat of the repair", "Go to the conversation of its customer",
        REPAIRS_ROOM, "repairs", bar=on(repairs=88), bar_label="chat",
    ),
    Command(
        "repairs.status", "s", "Move repairs on", "What is marked, or the one under the cursor",
        REPAIRS_ROOM, "repairs", bar=on(repairs=90), bar_label="status",
    ),
    Command(
        "repairs.mark", "space", "Mark", "Mark a repair, to move several on at once",
        REPAIRS_ROOM, "repairs", bar=on(repairs=78), bar_label="mark",
    ),
    Command(
        "repairs.mark_all", "asterisk", "Mark all", "Everything shown, or nothing again",
        REPAIRS_ROOM, "repairs",
    ),
    Command(
        "repairs.view", "f", "Which repairs", "Choose what is shown, by any status",
        REPAIRS_ROOM, "repairs", bar=on(repairs=80), bar_label="show",
    ),
    Command(
        "repairs.next", "tab,right_square_bracket", "Next list", "Active, overdue, waiting, all",
        REPAIRS_ROOM, "repairs", bar=on(repairs=70), bar_label="next",
    ),
    Command(
        "repairs.previous", "shift+tab,left_square_bracket", "Previous list",
        "The same, backwards", REPAIRS_ROOM, "repairs",
    ),
    Command(
        "repairs.intake", "I", "Take in a device", "Write down what is handed over",
        REPAIRS_ROOM, "repairs", bar=on(repairs=65), bar_label="take in",
    ),
    Command(
        "repairs.services", "S", "To the services", "The other room", REPAIRS_ROOM, "repairs",
    ),
    Command(
        "services.insert", "enter", "Put into the reply",
        "The service with its price, into the reply to the open conversation; nothing is sent",
        SERVICES_ROOM, "services", bar=on(services=95), bar_label="into the reply",
    ),
    Command(
        "services.edit", "e", "Change the service", "Its name, price, time and warranty",
        SERVICES_ROOM, "services", bar=on(services=70), bar_label="change",
    ),
    Command(
        "services.repairs", "R", "To all repairs", "The other room", SERVICES_ROOM, "services",
    ),
    Command(
        "health.show", "enter", "Show the dead letter", "What failed, in full", HEALTH_ROOM,
        "health", bar=on(health=95), bar_label="show",
    ),
    Command(
        "health.retry", "r", "Retry the dead letter", "Asks first; it waits again then",
        HEALTH_ROOM, "health", bar=on(health=90), bar_label="retry",
    ),
    Command(
        "health.drop", "d", "Drop the dead letter", "Asks first; it is never tried again then",
        HEALTH_ROOM, "health", bar=on(health=80), bar_label="drop",
    ),
    Command(
        "health.captain", "o", "Captain on or off",
        "Stop the bot that answers customers, or let it answer again; asks first", HEALTH_ROOM,
        "health",
    ),
    Command(
        "health.repairs", "R", "Go to all repairs", "Another room", HEALTH_ROOM, "health",
    ),
    Command(
        "health.services", "S", "Go to the services", "Another room", HEALTH_ROOM, "health",
    ),
    Command(
        "repair_page.open", "enter", "Open another repair", "One of the same device", REPAIR_PAGE,
        "repair_page", bar=on(repair_page=40), bar_label="open",
    ),
    Command(
        "repair_page.chat", "c", "Chat about it", "Go to the conversation of its customer",
        REPAIR_PAGE, "repair_page", bar=on(repair_page=60), bar_label="chat",
    ),
    Command(
        "repair_page.again", "r", "Read it again", "Ask the CRM anew", REPAIR_PAGE, "repair_page",
        bar=on(repair_page=30), bar_label="read again",
    ),
    Command(
        "repair_page.leave", "escape,q", "Close the page", "Back to where it was opened",
        REPAIR_PAGE, "repair_page",
    ),
)  # fmt: skip
"""All commands that the rooms carry out themselves."""
