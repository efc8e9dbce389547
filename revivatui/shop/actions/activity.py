"""Activity lines: who did what, written by a job into the conversation (contract 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.shop.db import Row
from revivatui.shop.queries import must

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

STATUS_LINES = {
    "resolved": "Conversation was marked resolved by {name}",
    "open": "Conversation was reopened by {name}",
    "pending": "Conversation was marked as pending by {name}",
    "snoozed": "Conversation was snoozed by {name}",
}


def say(shop: Shop, conversation: Row, text: str) -> None:
    """Queue an activity line; its time is the job's."""
    if shop.quiet:
        return
    row_id = conversation["id"]

    def write() -> None:
        from revivatui.shop.actions.messages import create_message

        current = shop.db.get("conversations", row_id)
        if current is not None:
            create_message(shop, current, message_type="activity", content=text)

    shop.worker.enqueue("activity", write, text)


def status_line(shop: Shop, conversation: Row, *, by_contact: Row | None, reopened: bool) -> None:
    """A status change: by a user, by the customer who ended it, or by a new message."""
    status = conversation["status"]
    if reopened:
        say(shop, conversation, "System reopened the conversation due to a new incoming message.")
    elif name := actor_name(shop):
        say(shop, conversation, STATUS_LINES[status].format(name=name))
    elif status == "resolved" and by_contact is not None:
        name = str(by_contact["name"]).capitalize()
        say(shop, conversation, f"Conversation was resolved by {name}")
    elif status == "resolved" and (text := _idle_line(shop, conversation)) is not None:
        say(shop, conversation, text)


def _idle_line(shop: Shop, conversation: Row) -> str | None:
    """What is said of a conversation that the clock resolved."""
    from revivatui.shop.actions.auto_resolve import idle_minutes

    minutes = idle_minutes(shop, must(shop, "accounts", conversation["account_id"]))
    if not minutes:
        return None
    count, unit = minutes, "minutes"
    for size, name in ((1440, "days"), (60, "hours")):
        if minutes % size == 0:
            count, unit = minutes // size, name
            break
    return f"Conversation was marked resolved by system due to {count} {unit} of inactivity"


def priority_line(shop: Shop, conversation: Row, old: str | None, new: str | None) -> None:
    name = actor_name(shop)
    if not name:
        return
    if new is None:
        say(shop, conversation, f"{name} removed the priority")
    elif old is None:
        say(shop, conversation, f"{name} set the priority to {new}")
    else:
        say(shop, conversation, f"{name} changed the priority from {old} to {new}")


def label_lines(shop: Shop, conversation: Row, old: list[str], new: list[str]) -> None:
    name = actor_name(shop)
    if not name:
        return
    if added := [label for label in new if label not in old]:
        say(shop, conversation, f"{name} added {', '.join(added)}")
    if removed := [label for label in old if label not in new]:
        say(shop, conversation, f"{name} removed {', '.join(removed)}")


def assignee_line(shop: Shop, conversation: Row) -> None:
    name = actor_name(shop)
    if not name:
        return
    user = shop.db.get("users", conversation["assignee_id"])
    actor = shop.current.user
    # 3.x tells an assignment by a bot as if the bot had taken the conversation itself.
    by_bot = shop.current.bot is not None and not shop.v4
    own = actor["id"] if actor else conversation["assignee_id"] if by_bot else None
    if user is None:
        say(shop, conversation, f"Conversation unassigned by {name}")
    elif user["id"] == own:
        say(shop, conversation, f"{name} self-assigned this conversation")
    else:
        say(shop, conversation, f"Assigned to {user['name']} by {name}")


def team_line(shop: Shop, conversation: Row, old_team_id: int | None, *, assigned: bool) -> None:
    """A team change; ``assigned`` when it brought an assignee from the team along."""
    name = actor_name(shop)
    if not name:
        return
    team = shop.db.get("teams", conversation["team_id"])
    if team is None:
        old = shop.db.get("teams", old_team_id)
        say(shop, conversation, f"Unassigned from {old['name'] if old else ''} by {name}")
        return
    user = shop.db.get("users", conversation["assignee_id"]) if assigned else None
    if user is not None:
        text = f"Assigned to {user['name']} via {team['name']} by {name}"
    else:
        text = f"Assigned to {team['name']} by {name}"
    say(shop, conversation, text)


def mute_line(shop: Shop, conversation: Row, *, muted: bool) -> None:
    if name := actor_name(shop):
        verb = "muted" if muted else "unmuted"
        say(shop, conversation, f"{name} has {verb} the conversation")


def actor_name(shop: Shop) -> str | None:
    """The acting user's or bot's name, rules share one; other jobs and customers have none."""
    actor = shop.current.user or shop.current.bot
    if actor is not None:
        return str(actor["name"])
    return "Automation System" if shop.current.rule is not None else None
