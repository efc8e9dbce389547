"""What each figure counts, in words for the `?` of a tile, where it matters by version."""

from __future__ import annotations

from typing import Final

from revivatui.state.figures.counting import (
    AVG_FIRST_RESPONSE,
    AVG_REPLY,
    AVG_RESOLUTION,
    BOT_HANDOFFS,
    BOT_RESOLUTIONS,
    CONVERSATIONS,
    MESSAGES_IN,
    MESSAGES_OUT,
    RESOLUTIONS,
)
from revivatui.state.figures.zones import counts_every_event
from revivatui.state.records import dataclass

OPEN: Final = "open"
UNATTENDED: Final = "unattended"
UNASSIGNED: Final = "unassigned"
PENDING: Final = "pending"
RESOLUTION_RATE: Final = "resolution_rate"
SATISFACTION: Final = "satisfaction"
SURVEY_ANSWERS: Final = "survey_answers"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is: for both versions, and what only one of them does."""

    both: str
    old: str = ""
    """What 3.9 does."""
    new: str = ""
    """What 4.x does."""

    def text(self, version: str) -> str:
        own = self.new if counts_every_event(version) else self.old
        return f"{self.both} {own}".strip()


BY_AGENT: Final = (
    "By agent: the answers that the server credits to the agent, as assignee at that time."
)
HOURS: Final = (
    "With business hours only the inbox's opening hours count; inboxes without any count as 0."
)

DEFINITIONS: Final[dict[str, Definition]] = {
    CONVERSATIONS: Definition(
        "Conversations created in this time, whatever became of them. By agent, team and label: "
        "those that have that assignee, team or label now."
    ),
    MESSAGES_IN: Definition("Messages of customers in this time."),
    MESSAGES_OUT: Definition(
        "Messages of agents and bots in this time, private notes and deleted ones included; no "
        "activity lines and no automatic replies. By agent: those the agent wrote."
    ),
    AVG_FIRST_RESPONSE: Definition(
        "From the start of a conversation, or the bot's last handoff, to the first public answer "
        f"of a person, averaged over the answers given in this time. {HOURS}",
        old=BY_AGENT,
        new="By agent: the agent who wrote it. After a reopening it counts from there.",
    ),
    AVG_REPLY: Definition(
        "From the customer's first message that nobody had answered to an agent's answer, first "
        f"answers left out, averaged over the answers given in this time. {HOURS} {BY_AGENT}"
    ),
    AVG_RESOLUTION: Definition(
        "From the start of a conversation to each time it was resolved, averaged over the times "
        f"in this stretch; one that was resolved twice counts twice. {HOURS} {BY_AGENT}"
    ),
    RESOLUTIONS: Definition(
        "Resolutions in this time.",
        old="A conversation counts once, and only while it is resolved now.",
        new="Each time counts, also of a conversation that was reopened since.",
    ),
    BOT_RESOLUTIONS: Definition(
        "Resolutions in this time without a message of a person.",
        old="A conversation counts once, and only while it is resolved now.",
        new="Each time counts.",
    ),
    BOT_HANDOFFS: Definition(
        "Conversations that a bot handed to the people in this time; each counts once."
    ),
    OPEN: Definition("Conversations that are open now."),
    UNATTENDED: Definition(
        "Open conversations that were never answered or in which the customer waits again.",
        old="A resolved one that is reopened still waits.",
        new="Resolving ends the waiting.",
    ),
    UNASSIGNED: Definition("Open conversations that nobody is assigned to."),
    PENDING: Definition(
        "Conversations that a bot has, or that were marked as pending.",
        old="The server's own overview always says 0 here.",
        new="Of the two overviews of the server the older one always says 0 here.",
    ),
    RESOLUTION_RATE: Definition(
        "Resolutions of this time for every hundred conversations created in it; more than 100 % "
        "where old ones were resolved.",
        old="Only conversations that are resolved now count.",
        new="Each resolution counts, so reopened ones can count twice.",
    ),
    SATISFACTION: Definition(
        "Answers to the satisfaction survey in this time with 4 or 5 of 5, of every hundred."
    ),
    SURVEY_ANSWERS: Definition("Answers to the satisfaction survey in this time."),
}
