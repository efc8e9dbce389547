"""The commands of the room "analytics": part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command, on

ANALYTICS_ROOM: Final = "In the room of analytics"

ANALYTICS_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "analytics.range", "p", "Choose the range", "Today, the last days, a week, from - to",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=90), bar_label="range",
    ),
    Command(
        "analytics.whose", "w", "Choose whose figures", "Account, an agent, inbox, team or label",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=85), bar_label="whose",
    ),
    Command(
        "analytics.group", "g", "Choose the steps", "Hours, days, weeks, months or years",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=40), bar_label="steps",
    ),
    Command(
        "analytics.compare", "c", "Compare with before", "With the equally long time before",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=38), bar_label="compare",
    ),
    Command(
        "analytics.hours", "b", "Working hours only", "Waiting times within working hours, or all",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=36), bar_label="working hours",
    ),
    Command(
        "analytics.next", "right_square_bracket", "Next chart", "Also by its number",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=80), bar_label="next chart",
    ),
    Command(
        "analytics.previous", "left_square_bracket", "Previous chart", "The same, backwards",
        ANALYTICS_ROOM, "analytics",
    ),
    Command(
        "analytics.tiles", "0", "To the figures", "The tiles above the charts",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=50), bar_label="figures",
    ),
    *(
        Command(
            f"analytics.chart_{number}", str(number), f"Chart {number}: {name}", "Show it",
            ANALYTICS_ROOM, "analytics",
        )
        for number, name in enumerate(
            ("over time", "by agent", "what became of them", "when they begin", "ratings",
             "waiting times", "now", "comments"),
            1,
        )
    ),
    Command(
        "analytics.open", "enter", "What is behind it",
        "The conversations of a point; what a figure means", ANALYTICS_ROOM, "analytics",
        bar=on(analytics=95), bar_label="what is behind it",
    ),
    Command(
        "analytics.define", "d", "What the figure means", "What is counted, from when, by whom",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=60), bar_label="meaning",
    ),
    Command(
        "analytics.verify", "v", "Verify", "Work the figure out anew from the conversations",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=75), bar_label="verify",
    ),
    Command(
        "analytics.text", "t", "As text", "The same data as a table, or the chart again",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=45), bar_label="as text",
    ),
    Command(
        "analytics.export", "x", "Export", "Figures and rows into a CSV or JSON file",
        ANALYTICS_ROOM, "analytics", bar=on(analytics=55), bar_label="export",
    ),
    Command(
        "analytics.repairs", "R", "Go to all repairs", "Another room", ANALYTICS_ROOM, "analytics",
    ),
    Command(
        "analytics.services", "S", "Go to the services", "Another room", ANALYTICS_ROOM,
        "analytics",
    ),
)  # fmt: skip
