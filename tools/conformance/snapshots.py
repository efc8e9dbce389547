"""Payloads that a background job makes: they show the conversation of the job's time.

Webhooks, notifications, mentions and in 4.x the five refreshed conversation events are made
after the action, so on a busy server they may show it before a change of that action was saved,
or already with the next action in it (contract 7.6, 8.1). Such a difference stands for nothing
if our own conversation, shortly before or after, was at that place as recorded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.conformance.compare import Difference, compare
from tools.conformance.events import Ear, Own, data_of, event_of
from tools.conformance.mapping import Mapping
from tools.conformance.recording import Action, Heard

Json = Any
# What an event adds to the conversation that it shows.
NOT_OF_IT = {"changed_attributes", "event", "performer", "account_id"}
REFRESHED = {
    "conversation.updated",
    "conversation.status_changed",
    "conversation.read",
    "assignee.changed",
    "team.changed",
}


def made_in_a_job(event: str, hook: bool, version: str) -> bool:
    """The payload shows the job's time, not the action's."""
    if hook or event.startswith("notification.") or event == "conversation.mentioned":
        return True
    return version.startswith("4.") and event in REFRESHED


def conversations_in(data: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every conversation in a payload, with the path that leads to it (ending in a dot)."""
    if not isinstance(data, dict):
        return
    if "can_reply" in data:
        yield "", data
    inner = data.get("conversation")
    if isinstance(inner, dict) and "can_reply" in inner:
        yield "conversation.", inner
    elif isinstance(inner, dict):
        # What the writer of a message remembered of the conversation (contract 7.4).
        yield "conversation.", {"id": data.get("conversation_id"), **inner}
    notification = data.get("notification")
    if isinstance(notification, dict) and isinstance(notification.get("primary_actor"), dict):
        yield "notification.primary_actor.", notification["primary_actor"]


@dataclass(frozen=True)
class Doubt:
    """A difference in a payload that a job made; judged when the whole run was seen."""

    action: Action
    own: Own
    recorded: Heard
    difference: Difference


class Snapshots:
    """Our own conversations as they were after each action."""

    def __init__(self, mapping: Mapping, ear: Ear) -> None:
        self._mapping = mapping
        self._ear = ear
        self._seen: dict[tuple[int, bool], list[tuple[float, dict[str, Json]]]] = defaultdict(list)
        self.doubts: list[Doubt] = []

    def see(self, action: Action, own: Own) -> None:
        """Keep the conversations that one of our payloads shows."""
        for _, conversation in conversations_in(data_of(own.frame, own.hook)):
            self._seen[conversation["id"], "can_reply" in conversation].append(
                (self._ear.earliest(action), conversation)
            )

    def standing(self) -> list[Doubt]:
        """The doubts that no other moment of the conversation explains."""
        return [doubt for doubt in self.doubts if not self._is_explained(doubt)]

    def _is_explained(self, doubt: Doubt) -> bool:
        data = data_of(doubt.own.frame, doubt.own.hook)
        recorded = data_of(doubt.recorded.frame, doubt.recorded.hook)
        own_by_path = dict(conversations_in(data))
        for prefix, conversation in conversations_in(recorded):
            if prefix in own_by_path and doubt.difference.where.startswith(prefix):
                path = doubt.difference.where.removeprefix(prefix)
                number = own_by_path[prefix]["id"], "can_reply" in conversation
                top = re.split(r"[.\[]", path)[0]
                return top not in NOT_OF_IT and any(
                    top in other and not self._differs(path, conversation, other)
                    for other in self._moments(doubt, number)
                )
        return False

    def _differs(self, path: str, recorded: Json, own: Json) -> bool:
        """The two are not alike at that place, or at one above it."""
        found = compare(self._mapping, recorded, own, "conversation")
        return any(
            path == one.where or path.startswith((f"{one.where}.", f"{one.where}["))
            for one in found
        )

    def _moments(self, doubt: Doubt, number: tuple[int, bool]) -> Iterator[dict[str, Json]]:
        """The conversation at the end of the action before, and until the event was heard."""
        began = self._ear.earliest(doubt.action)
        before: dict[str, Json] | None = None
        for time, conversation in self._seen[number]:
            if time < began:
                before = conversation
            elif time <= doubt.recorded.time:
                yield conversation
        if before is not None:
            yield before


def is_doubtful(own: Own, difference: Difference, version: str) -> bool:
    """The difference may be one of time only."""
    event = event_of(own.frame, own.hook)
    if event.startswith("message."):
        return own.hook or difference.where.startswith("conversation.")
    return made_in_a_job(event, own.hook, version)
