"""The commands around suggestions: part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import Command, has_copilot, has_suggestion, on, open_and_copilot

COPILOT: Final = "Copilot (small letters and signs: in its pane)"

COPILOT_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "desk.copilot", "ctrl+g", "Copilot", "Go to the suggestions for this chat, and back",
        COPILOT, "app", when=open_and_copilot, bar=on(thread=81), bar_label="copilot",
    ),
    Command(
        "copilot.take", "ctrl+o", "Take a suggestion",
        "Put the first suggestion into the reply; again: the next one instead",
        COPILOT, "app", when=has_suggestion, bar=on(composer=86, thread=83),
        bar_label="suggestion",
    ),
    Command(
        "copilot.insert", "i", "Insert",
        "Put the chosen suggestion where the cursor of the reply is; enter does the same, and "
        "nothing is sent",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=94), bar_label="insert",
    ),
    Command(
        "copilot.replace", "r", "Replace the draft",
        "Put it in place of what is written; ctrl+z takes that back",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=92), bar_label="replace",
    ),
    Command(
        "copilot.append", "a", "Append", "Put it under what is written",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=90), bar_label="append",
    ),
    Command(
        "copilot.copy", "y", "Copy the suggestion", "Copy its text",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=80), bar_label="copy",
    ),
    Command(
        "copilot.why", "w", "Why", "Show its whole text, its sources and what matched",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=88), bar_label="why",
    ),
    Command(
        "copilot.next", "n", "Next suggestions",
        "Show others that fit less well, or those for what was written meanwhile",
        COPILOT, "copilot", when=open_and_copilot, bar=on(copilot=86), bar_label="next",
    ),
    Command(
        "copilot.good", "plus", "Good suggestion",
        "Let it come first where the same is asked; again: takes that back",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=74), bar_label="good",
    ),
    Command(
        "copilot.bad", "minus", "Bad suggestion",
        "Let it come later where the same is asked; again: takes that back",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=72), bar_label="bad",
    ),
    Command(
        "copilot.dismiss", "x", "Dismiss", "Do not show it in this conversation any more",
        COPILOT, "copilot", when=has_suggestion, bar=on(copilot=70), bar_label="dismiss",
    ),
    Command(
        "copilot.words", "", "Learned words",
        "Which customers' words were learned for which answer; take some away", COPILOT,
        when=has_copilot,
    ),
)  # fmt: skip
