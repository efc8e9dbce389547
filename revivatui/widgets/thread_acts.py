"""What can be done with the message under the cursor, and why not where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.models import ACTIVITY, OUTGOING

if TYPE_CHECKING:
    from revivatui.widgets.thread_items import Item

ACTS: Final = ("retry", "take_back", "attachment", "copy", "quote", "delete")


def why_not(act: str, item: Item | None) -> str:
    """Why this cannot be done with an item, in words; "" where it can."""
    if item is None:
        return "Choose a message first: up and down go from one to the next."
    if act in ("retry", "take_back"):
        return "" if _failed(act, item) else "This message did not fail."
    if act == "copy":
        return ""
    message = item.message
    if message is None:
        return "This message is not sent yet."
    if message.deleted:
        return "This message was deleted."
    if act == "attachment":
        return "" if message.attachments else "This message has no file."
    if message.message_type == ACTIVITY:
        return "Nobody wrote this line: it says what happened."
    if act == "delete" and message.message_type != OUTGOING:
        return "Only own messages can be deleted."
    return ""


def _failed(act: str, item: Item) -> bool:
    if item.send is not None:
        return item.send.state in ("failed", "held")
    return act == "retry" and item.message is not None and item.message.failed
