"""The conversation list by itself, in an app of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.app import App, ComposeResult

from revivatui.state.select import Row
from revivatui.widgets.conversation_list import ConversationList

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC).timestamp()


class Desk(App[None]):
    """A list in a pane of 46 columns."""

    CSS = "ConversationList { width: 46; height: 1fr; }"

    def __init__(self, count: int) -> None:
        super().__init__()
        self.rows = {
            i: Row(i, f"Customer {i}", f"message {i}", last_activity_at=NOW - i * 7)
            for i in range(1, count + 1)
        }
        self.asked: list[int] = []
        self.now = NOW
        self.heard: list[tuple[str, int]] = []

    def row(self, conversation_id: int) -> Row | None:
        self.asked.append(conversation_id)
        return self.rows.get(conversation_id)

    def compose(self) -> ComposeResult:
        yield ConversationList(self.row, clock=lambda: self.now, tz=UTC)

    def on_mount(self) -> None:
        self.inbox.focus()

    @property
    def inbox(self) -> ConversationList:
        return self.query_one(ConversationList)

    def cursor(self) -> int | None:
        return self.inbox.cursor_id

    def on_conversation_list_highlighted(self, event: ConversationList.Highlighted) -> None:
        self.heard.append(("highlighted", event.conversation_id))

    def on_conversation_list_opened(self, event: ConversationList.Opened) -> None:
        self.heard.append(("opened", event.conversation_id))

    def on_conversation_list_end_reached(self, event: ConversationList.EndReached) -> None:
        self.heard.append(("end", len(event.list.ids)))

    @property
    def screen_lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    def line_of(self, conversation_id: int) -> int:
        for y, line in enumerate(self.screen_lines):
            if f"Customer {conversation_id} " in line:
                return y
        raise AssertionError(f"{conversation_id} is not on screen")
