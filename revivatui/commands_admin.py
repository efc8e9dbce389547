"""The commands of the room "admin": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command, on

ADMIN_ROOM: Final = "In the room of the administration"

ADMIN_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "admin.edit", "enter,e", "Change the record", "What is filled in is shown before it is"
        " sent", ADMIN_ROOM, "admin", bar=on(admin=95), bar_label="change",
    ),
    Command(
        "admin.add", "a", "Add a record", "An agent, a team, a label: what the section holds",
        ADMIN_ROOM, "admin", bar=on(admin=93), bar_label="add",
    ),
    Command(
        "admin.remove", "d,delete", "Remove the record", "Says what it holds, and asks",
        ADMIN_ROOM, "admin", bar=on(admin=85), bar_label="remove",
    ),
    Command(
        "admin.members", "m", "Set its members", "Of an inbox, a team, a policy", ADMIN_ROOM,
        "admin", bar=on(admin=90), bar_label="members",
    ),
    Command(
        "admin.view", "v", "Look at it in full", "A canned response as a customer would get it",
        ADMIN_ROOM, "admin", bar=on(admin=80), bar_label="look",
    ),
    Command(
        "admin.import", "i", "Import from a file", "Canned responses, CSV or TOML; shows what"
        " would be added and changed", ADMIN_ROOM, "admin", bar=on(admin=60), bar_label="import",
    ),
    Command(
        "admin.export", "x", "Export into a file", "Canned responses, CSV or TOML", ADMIN_ROOM,
        "admin", bar=on(admin=58), bar_label="export",
    ),
    Command(
        "admin.undo", "u", "Take the last change back", "Shows the change that does it first",
        ADMIN_ROOM, "admin", bar=on(admin=75), bar_label="undo",
    ),
    Command(
        "admin.section", "g", "Go to a section", "Agents, inboxes, hours, labels and the rest",
        ADMIN_ROOM, "admin", bar=on(admin=70), bar_label="go to",
    ),
    Command("admin.repairs", "R", "Go to all repairs", "Another room", ADMIN_ROOM, "admin"),
    Command("admin.services", "S", "Go to the services", "Another room", ADMIN_ROOM, "admin"),
    Command(
        "admin.next", "tab,right,right_square_bracket", "Next section", "Down the list of sections",
        ADMIN_ROOM, "admin",
    ),
    Command(
        "admin.previous", "shift+tab,left,left_square_bracket", "Previous section", "The same, up",
        ADMIN_ROOM, "admin",
    ),
)  # fmt: skip
