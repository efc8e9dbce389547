"""What can go wrong in the bridge itself: one tree, each with a sentence for a person."""

from __future__ import annotations


class BridgeError(Exception):
    """The bridge cannot do what it was asked; the message is plain and holds no secret."""


class BadBridgeSettings(BridgeError):
    """Something in the settings of the bridge is missing or cannot be."""


class AlreadyRunning(BridgeError):
    """Another bridge works on the same CRM."""


class Junk(BridgeError):
    """A delivery that is no webhook of Chatwoot."""


class Overtaken(BridgeError):
    """Somebody else did it first; what was done here is not kept."""


class Later(BridgeError):
    """Not now: the work is to be tried again after `wait` seconds, and nothing was done."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class NeverMind(BridgeError):
    """The work can never succeed and is not tried again."""
