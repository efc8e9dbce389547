"""The baseline: the smallest Textual program that shows a line."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("hello there")


if __name__ == "__main__":
    Hello().run()
