"""Which events each client got: own frames and webhooks matched with the recorded ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.conformance.compare import Difference, closeness, compare
from tools.conformance.kinds import kind_of_object
from tools.conformance.mapping import Mapping
from tools.conformance.recording import Action, Call, Heard, Opened

Json = Any

# How long after its action an event was still seen to come (observed 2.1, 2.2), seconds.
LATEST = {"presence.update": 2.0, "message.updated": 60.0}
LATEST_OTHERS = 20.0
# Clients of one recording stamped their rows in threads of their own.
SLACK = 0.05
# Most events came within this many seconds; each further call in between makes an event less
# likely to be the action's.
IN_TIME = 0.5
LATE = 3
# An order that only one client saw, once, may be chance.
WITNESSES = 2
# Presence maps change between two looks: who acted this near to a frame may be in it or not.
IN_MOTION = 1.5


@dataclass(frozen=True)
class Own:
    """One frame or webhook that our shop sent."""

    who: str
    frame: Json
    hook: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """An own event and the recorded one that it repeats."""

    action: Action
    place: int
    own: Own
    recorded: Heard


def person_of(who: str) -> str:
    """``agent1`` of ``agent1-second-desk``."""
    return who.partition("-")[0]


def event_of(frame: Json, hook: bool) -> str:
    """The event's name; for frames of the protocol itself their type."""
    if hook:
        return str(frame.get("event"))
    message = frame.get("message")
    return str(message.get("event")) if isinstance(message, dict) else f"<{frame.get('type')}>"


def data_of(frame: Json, hook: bool) -> Json:
    """What the event says."""
    if hook:
        return frame
    message = frame.get("message")
    return message.get("data") if isinstance(message, dict) else None


def subject_of(frame: Json, hook: bool) -> tuple[str, int, str] | None:
    """What an event is about: kind, id, and for messages what sort of message it is."""
    data = data_of(frame, hook)
    if not isinstance(data, dict):
        return None
    if "message_type" in data:
        conversation = data.get("conversation_id")
        if conversation is None and isinstance(data.get("conversation"), dict):
            conversation = data["conversation"].get("id")
        if isinstance(conversation, int):
            return ("conversation", conversation, f"type {data['message_type']}")
        return None
    if isinstance(data.get("conversation"), dict) and "user" in data:
        return ("conversation", int(data["conversation"]["id"]), "")
    if isinstance(data.get("notification"), dict):
        return _subject_of_notification(data["notification"])
    if isinstance(data.get("id"), int):
        return (kind_of_object(data, "contact"), data["id"], "")
    return None


def _subject_of_notification(data: dict[str, Json]) -> tuple[str, int, str] | None:
    """The message that it is of, else the conversation, and its type; of deleted ones nothing."""
    kind = str(data.get("notification_type"))
    for name in ("secondary_actor", "primary_actor"):
        actor = data.get(name)
        if isinstance(actor, dict) and isinstance(actor.get("id"), int):
            return (kind_of_object(actor, "conversation"), actor["id"], kind)
    return None


def describe(frame: Json, hook: bool) -> str:
    """An event in a few words."""
    subject = subject_of(frame, hook)
    data = data_of(frame, hook)
    about = f" of {subject[0]} {subject[1]} {subject[2]}".rstrip() if subject else ""
    content = data.get("content") if isinstance(data, dict) else None
    said = f" {str(content)[:40]!r}" if content is not None else ""
    if isinstance(data, dict) and isinstance(data.get("notification"), dict):
        said = f" {data['notification'].get('notification_type')}"
    return f"{event_of(frame, hook)}{about}{said}"


class Ear:
    """The recorded frames and webhooks of a run, taken one by one as ours repeat them."""

    def __init__(self, mapping: Mapping, heard: Iterable[Heard], actions: Sequence[Action]) -> None:
        self._mapping = mapping
        self._left: dict[tuple[str, bool], list[Heard]] = defaultdict(list)
        for one in heard:
            if one.frame.get("type") == "ping":
                continue
            self._left[one.who, one.hook].append(one)
        self._actions = actions
        self._heard = [one for ones in self._left.values() for one in ones]
        self.matches: list[Match] = []

    def earliest(self, action: Action) -> float:
        """When the action can have begun: its row has the time of its end."""
        if not isinstance(action, Call):
            return action.time - SLACK
        before = [a.time for a in self._actions if isinstance(a, Call) and a.time < action.time]
        return (max(before) if before else 0.0) - SLACK

    def take(self, action: Action, own: Own, place: int) -> tuple[Heard | None, list[Difference]]:
        """The recorded event that this own one repeats, and how it differs in shape."""
        candidates = self._candidates(action, own)
        if not candidates:
            return None, []
        data = data_of(own.frame, own.hook)
        best = min(
            candidates,
            key=lambda one: (
                closeness(self._mapping, data_of(one.frame, one.hook), data, "")
                + LATE * self._actions_between(action, one),
                one.time,
            ),
        )
        self._left[own.who, own.hook].remove(best)
        self.matches.append(Match(action, place, own, best))
        recorded = data_of(best.frame, best.hook)
        found = compare(self._mapping, *self._presence(best, recorded, data), "")
        found += _header_differences(best.headers, own.headers)
        self._mapping.learn(_own_part(recorded), _own_part(data), "")
        return best, found

    def _candidates(self, action: Action, own: Own) -> list[Heard]:
        event = event_of(own.frame, own.hook)
        start = self.earliest(action)
        end = action.time + LATEST.get(event, LATEST_OTHERS)
        return [
            one
            for one in self._left[own.who, own.hook]
            if start <= one.time <= end
            and event_of(one.frame, one.hook) == event
            and self._same_subject(one, own)
        ]

    def _actions_between(self, action: Action, heard: Heard) -> int:
        """Calls that were made and answered before the event was heard: it is seldom so late."""
        return sum(
            isinstance(one, Call) and action.time < one.time <= heard.time - IN_TIME
            for one in self._actions
        )

    def _same_subject(self, one: Heard, own: Own) -> bool:
        recorded, ours = subject_of(one.frame, one.hook), subject_of(own.frame, own.hook)
        if recorded is None or ours is None:
            return recorded is None and ours is None
        if recorded[0] != ours[0] or recorded[2] != ours[2]:
            return False
        if not self._same_message(data_of(one.frame, one.hook), data_of(own.frame, own.hook)):
            return False
        if self._mapping.knows(recorded[0], recorded[1]):
            return self._mapping.own_id(recorded[0], recorded[1]) == ours[1]
        return not self._mapping.is_taken(ours[0], ours[1])

    def _same_message(self, recorded: Json, own: Json) -> bool:
        """No two different messages, as far as they are known already."""
        if "message_type" not in recorded or not isinstance(recorded.get("id"), int):
            return True
        if self._mapping.knows("message", recorded["id"]):
            return bool(self._mapping.own_id("message", recorded["id"]) == own["id"])
        return not self._mapping.is_taken("message", own["id"])

    def _presence(self, heard: Heard, recorded: Json, own: Json) -> tuple[Json, Json]:
        """Presence maps without those who came or ticked at about that moment."""
        if event_of(heard.frame, heard.hook) != "presence.update":
            return recorded, own
        moving = {
            person_of(action.who)
            for action in self._actions
            if not isinstance(action, Call)
            and hasattr(action, "who")
            and abs(action.time - heard.time) < IN_MOTION
        }
        ids = {self._user_ids.get(who) for who in moving}
        return _without(recorded, ids), _without(own, {self._own_user(one) for one in ids})

    def _own_user(self, recorded: int | None) -> int | None:
        return None if recorded is None else self._mapping.own_id("user", recorded)

    _user_ids: dict[str, int] = {}

    def know_users(self, ids: dict[str, int]) -> None:
        """Caller's name -> recorded user id."""
        self._user_ids = ids

    def is_over(self, action: Action) -> bool:
        """Nothing was heard any more when the action was done: the recording ended with it."""
        if not self._actions or self._actions[-1] is not action:
            return False
        return all(one.time < self.earliest(action) + SLACK for one in self._heard)

    def is_race(self, heard: Heard) -> bool:
        """A presence frame on a desk while another desk of the same person was opening: whether
        it heard the other's tick is chance."""
        if event_of(heard.frame, heard.hook) != "presence.update":
            return False
        near = {
            one.who
            for one in self._actions
            if isinstance(one, Opened)
            and person_of(one.who) == person_of(heard.who)
            and abs(one.time - heard.time) < IN_MOTION
        }
        return len(near) > 1

    def is_judged(self, own: Own) -> bool:
        """The recording kept what such a client heard: its webhooks, its first frames."""
        heard = [one for one in self._heard if one.hook == own.hook]
        if own.hook:
            return bool(heard)
        first = next((one for one in heard if one.who == own.who), None)
        if first is None or first.frame.get("type") == "welcome":
            return True
        event = event_of(own.frame, own.hook)
        return not event.startswith("<") and event != "presence.update"

    def missing(self) -> list[Heard]:
        """Recorded events that ours never sent, in order of time."""
        left = [one for ones in self._left.values() for one in ones if not self.is_race(one)]
        return sorted(left, key=lambda one: one.time)

    def action_of(self, heard: Heard) -> Action | None:
        """The action that a recorded event most likely came from: the last that was over then."""
        over = [action for action in self._actions if action.time - SLACK <= heard.time]
        begun = [action for action in self._actions if self.earliest(action) <= heard.time]
        found = over or begun
        return found[-1] if found else None


_SNAPSHOTS = {"messages", "primary_actor", "secondary_actor", "current_conversation"}


def _own_part(data: Json) -> Json:
    """An event's data without what it shows of other objects, which may be of another time."""
    if not isinstance(data, dict):
        return data
    kept = {key: value for key, value in data.items() if key not in _SNAPSHOTS}
    for key in ("notification", "conversation"):
        if isinstance(kept.get(key), dict):
            kept[key] = _own_part(kept[key])
    return kept


def _header_differences(recorded: dict[str, str], own: dict[str, str]) -> list[Difference]:
    """Headers that a receiver of webhooks reads (contract 8.1)."""
    lowered = {name.lower(): value for name, value in own.items()}
    return [
        Difference(f"header {name}", f"recorded {value}, ours {lowered.get(name.lower())}")
        for name, value in recorded.items()
        if name.lower() in ("accept", "content-type") and lowered.get(name.lower()) != value
    ]


def _without(presence: Json, ids: set[int | None]) -> Json:
    if not isinstance(presence, dict):
        return presence
    users = presence.get("users")
    kept = {k: v for k, v in users.items() if int(k) not in ids} if users is not None else None
    return {**presence, "users": kept}


def order_differences(matches: list[Match]) -> list[tuple[Action, str]]:
    """Events of one object that came in another order than the recordings agree on.

    Only pairs count that every client saw the same way round after every action of that sort.
    """
    grouped: dict[tuple[int, str, tuple[str, int]], list[Match]] = defaultdict(list)
    for match in matches:
        subject = subject_of(match.recorded.frame, match.recorded.hook)
        if subject is not None and not match.own.hook:
            grouped[id(match.action), match.own.who, subject[:2]].append(match)
    seen: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    ours: list[tuple[Action, tuple[str, str, str], int]] = []
    for group in grouped.values():
        action = group[0].action
        for one, other in _sorts(group):
            key = (_sort_of_action(action), one, other)
            seen[key].append(_direction(group, one, other, recorded=True))
            ours.append((action, key, _direction(group, one, other, recorded=False)))
    found: dict[tuple[int, tuple[str, str, str]], tuple[Action, str]] = {}
    for action, key, direction in ours:
        agreed = set(seen[key])
        if (
            len(seen[key]) >= WITNESSES
            and len(agreed) == 1
            and 0 not in agreed
            and direction not in agreed
        ):
            first, second = key[1:] if agreed == {1} else (key[2], key[1])
            found[id(action), key] = (action, f"order: recorded {first} before {second}")
    return list(found.values())


def _sorts(group: list[Match]) -> list[tuple[str, str]]:
    names = sorted({_sort(match) for match in group})
    return [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]


def _sort(match: Match) -> str:
    subject = subject_of(match.recorded.frame, match.recorded.hook)
    kind = f" {subject[2]}" if subject and subject[2] else ""
    return f"{event_of(match.recorded.frame, match.recorded.hook)}{kind}"


def _sort_of_action(action: Action) -> str:
    if not isinstance(action, Call):
        return type(action).__name__
    path = re.sub(r"/\d+(?=/|$)", "/N", action.path)
    path = re.sub(r"/[A-Za-z0-9-]{20,}(?=/|$)", "/X", path)
    return f"{action.method} {path}"


def _direction(group: list[Match], one: str, other: str, *, recorded: bool) -> int:
    """1: every ``one`` came before every ``other``; -1: the other way; 0: mixed."""

    def place(match: Match) -> tuple[float, int]:
        return (match.recorded.time, match.recorded.line) if recorded else (match.place, 0)

    first = [place(match) for match in group if _sort(match) == one]
    second = [place(match) for match in group if _sort(match) == other]
    if max(first) < min(second):
        return 1
    return -1 if max(second) < min(first) else 0
