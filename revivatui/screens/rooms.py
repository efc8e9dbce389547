"""The rooms that every desk has: each is imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.room import Room
    from revivatui.screens.session import Session


def open_room(name: str, session: Session, inbox: InboxCommands) -> Room:
    """Make the screen of a room, to be shown."""
    if name == "team":
        from revivatui.screens.team import TeamScreen

        return TeamScreen(session, inbox)
    if name == "analytics":
        from revivatui.screens.analytics import AnalyticsScreen

        return AnalyticsScreen(session, inbox)
    if name == "admin":
        from revivatui.screens.admin import AdminScreen

        return AdminScreen(session, inbox)
    from revivatui.screens.health import HealthScreen

    return HealthScreen(session, inbox, asks_captain=name == "captain")
