"""ActionCable without a socket: text frames in, what they mean and what to send back out.

Knows the transport (contract 7.1) and nothing of Chatwoot's events. The frames and the identifier
hold the pubsub token: they are never logged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from revivatui.text.safe import safe_line

SUBPROTOCOL: Final = "actioncable-v1-json"


class Kind(Enum):
    """What a frame is."""

    WELCOME = auto()
    PING = auto()
    CONFIRMED = auto()
    REJECTED = auto()
    DISCONNECT = auto()
    EVENT = auto()
    """It carries a message of ours: hand the text to `wire.frame_to_events`."""
    ODD = auto()
    """Nothing that ActionCable says, or for another subscription."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One frame understood. `reply` is to be sent at once where there is one."""

    kind: Kind
    reply: str | None = None
    reason: str = ""
    reconnect: bool = True


_PING: Final = Heard(Kind.PING)
_EVENT: Final = Heard(Kind.EVENT)


class CableProtocol:
    """One subscription of one account on one socket."""

    def __init__(self, pubsub_token: str, account_id: int, user_id: int) -> None:
        self._identifier = _compact(
            {
                "channel": "RoomChannel",
                "pubsub_token": pubsub_token,
                "account_id": account_id,
                "user_id": user_id,
            }
        )
        # Most frames are events and are long: this start tells them without parsing twice.
        self._event_start = f'{{"identifier":{json.dumps(self._identifier)},"message":{{'
        self._tick = self._command("message", data=_compact({"action": "update_presence"}))
        self.confirmed = False
        self.heard_at: float | None = None
        """When the last frame came, whatever it was."""

    def receive(self, text: str, at: float) -> Heard:
        """Take one frame that came at `at`. Never raises: what makes no sense is `Kind.ODD`."""
        self.heard_at = at
        if text.startswith(self._event_start):
            return _EVENT
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            return Heard(Kind.ODD, reason="not JSON")
        if not isinstance(frame, dict):
            return Heard(Kind.ODD, reason="not an object")
        return self._control(frame)

    def _control(self, frame: dict[str, object]) -> Heard:
        kind = frame.get("type")
        if kind == "ping":
            return _PING
        if kind == "welcome":
            self.confirmed = False
            return Heard(Kind.WELCOME, reply=self._command("subscribe"))
        if kind == "disconnect":
            reason = frame.get("reason")
            return Heard(
                Kind.DISCONNECT,
                reason=safe_line(reason) if isinstance(reason, str) else "",
                reconnect=frame.get("reconnect") is not False,
            )
        if frame.get("identifier") != self._identifier:
            return Heard(Kind.ODD, reason="for another subscription")
        if kind == "confirm_subscription":
            self.confirmed = True
            return Heard(Kind.CONFIRMED)
        if kind == "reject_subscription":
            return Heard(Kind.REJECTED)
        if isinstance(frame.get("message"), dict):
            return _EVENT
        return Heard(Kind.ODD, reason="unknown frame")

    def tick(self) -> str:
        """The frame that keeps the agent online (contract 7.2)."""
        return self._tick

    def silent_for(self, now: float) -> float:
        """Seconds since anything came; pings come every 3 s (contract 7.1)."""
        return 0.0 if self.heard_at is None else now - self.heard_at

    def _command(self, command: str, **more: str) -> str:
        return _compact({"command": command, "identifier": self._identifier, **more})

    def __repr__(self) -> str:
        return f"<CableProtocol confirmed={self.confirmed}>"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
