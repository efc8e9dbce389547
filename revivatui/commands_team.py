"""The commands of the room "team": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command, on

TEAM_ROOM: Final = "In the room of the team"

TEAM_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "team.open", "enter", "Show the agent",
        "Their day, figures, and what they hold; on a conversation: open it",
        TEAM_ROOM, "team", bar=on(team=95), bar_label="open",
    ),
    Command(
        "team.table", "t", "Cards or table", "Change between cards and one line an agent",
        TEAM_ROOM, "team", bar=on(team=80), bar_label="table",
    ),
    Command(
        "team.sort", "s", "Sort the agents", "By attention, name, load, time in state and more",
        TEAM_ROOM, "team", bar=on(team=75), bar_label="sort",
    ),
    Command(
        "team.conversations", "c", "Their conversations", "What the agent holds, to be opened",
        TEAM_ROOM, "team", bar=on(team=90), bar_label="conversations",
    ),
    Command(
        "team.assign", "a", "Assign", "Give a conversation to the agent, or one of theirs away",
        TEAM_ROOM, "team", bar=on(team=85), bar_label="assign",
    ),
    Command(
        "team.availability", "v", "Your availability", "online, busy or offline",
        TEAM_ROOM, "team", bar=on(team=65), bar_label="you are",
    ),
    Command(
        "team.wallboard", "w", "Wallboard", "Big figures for a screen on the wall; esc ends it",
        TEAM_ROOM, "team", bar=on(team=70), bar_label="wallboard",
    ),
    Command(
        "team.day_before", "left_square_bracket", "The day before",
        "Of the agent that is shown", TEAM_ROOM, "team",
    ),
    Command(
        "team.day_after", "right_square_bracket", "The day after",
        "Of the agent that is shown", TEAM_ROOM, "team",
    ),
    Command("team.repairs", "R", "Go to all repairs", "Another room", TEAM_ROOM, "team"),
    Command("team.services", "S", "Go to the services", "Another room", TEAM_ROOM, "team"),
)  # fmt: skip
