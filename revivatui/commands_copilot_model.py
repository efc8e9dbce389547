"""The commands that let a model work: part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command, on, open_and_copilot

MODEL: Final = "Copilot's model (small letters: in its pane)"

MODEL_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "model.change", "ctrl+t", "Work on the draft",
        "Let the model shorten, expand, translate or correct what is written; each change is "
        "taken or skipped",
        MODEL, "app", when=open_and_copilot, bar=on(composer=70), bar_label="change",
    ),
    Command(
        "model.reply", "m", "Ask for a reply", "Let the model write a reply, below the others",
        MODEL, "copilot", when=open_and_copilot, bar=on(copilot=84), bar_label="model",
    ),
    Command(
        "model.summarise", "s", "Summarise",
        "What they want, how it stands, what was promised, what comes next",
        MODEL, "copilot", when=open_and_copilot, bar=on(copilot=68), bar_label="summary",
    ),
    Command(
        "model.ask", "q", "Ask a question", "Ask about this chat or its repair",
        MODEL, "copilot", when=open_and_copilot, bar=on(copilot=66), bar_label="question",
    ),
    Command(
        "model.own", "o", "Chatwoot's own", "Ask the server's own assistant, where it has one",
        MODEL, "copilot", when=open_and_copilot,
    ),
    Command(
        "model.read", "t", "Read in your language",
        "Translate what the customer wrote last", MODEL, "copilot", when=open_and_copilot,
    ),
    Command(
        "model.stop", "z", "Stop the model", "End what the model is doing", MODEL, "copilot",
        when=open_and_copilot,
    ),
    Command(
        "model.notes", "p", "Private notes too",
        "Let private notes go along with questions and summaries, or not", MODEL, "copilot",
        when=open_and_copilot,
    ),
    Command(
        "model.preview", "v", "What would leave",
        "Show the exact bytes that a reply would be asked with, and where they would go",
        MODEL, "copilot", when=open_and_copilot, bar=on(copilot=60), bar_label="what leaves",
    ),
    Command("model.shorten", "", "Shorten", "Half as long", MODEL, "app", when=open_and_copilot),
    Command("model.expand", "", "Expand", "Say more of it", MODEL, "app", when=open_and_copilot),
    Command(
        "model.friendlier", "", "Friendlier", "In a warmer tone", MODEL, "app",
        when=open_and_copilot,
    ),
    Command(
        "model.formal", "", "More formal", "In a more formal tone", MODEL, "app",
        when=open_and_copilot,
    ),
    Command(
        "model.fix", "", "Fix spelling", "Spelling and grammar, and nothing else", MODEL, "app",
        when=open_and_copilot,
    ),
    Command(
        "model.translate", "", "Translate the draft", "Into the customer's language", MODEL,
        "app", when=open_and_copilot,
    ),
)  # fmt: skip

DRAFT_COMMANDS: Final = (
    "model.shorten", "model.expand", "model.friendlier", "model.formal", "model.fix",
    "model.translate",
)  # fmt: skip
"""Those that work on what is written, in the order in which they are offered."""
