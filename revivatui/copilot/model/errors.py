"""What can go wrong between the desk and a model: one tree, each with a sentence for a person.

Each says what happened, what stays and what can be done; none holds a key, or text of a customer.
"""

from __future__ import annotations

from typing import Final

STAYS: Final = "The local suggestions stay."


class ModelError(Exception):
    """Anything a model, or the way to it, refused."""

    partial = False
    """Some of the text was shown before it went wrong."""


class NoModel(ModelError):
    """The settings name no model, or one that cannot be used."""


class KeyRefused(ModelError):
    """The server does not take the key, or takes it and not for this."""


class ModelMissing(ModelError):
    """The server has no model of this name, or no chat at this address."""


class TooMany(ModelError):
    """The server turned the request away for now; `seconds` is when it says to ask again."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class RequestRefused(ModelError):
    """The server understood the request and refuses it."""


class ModelDown(ModelError):
    """The server failed, or nobody answers there."""


class TooSlow(ModelError):
    """Nothing came in time, or not the whole of it."""


class AnswerBroke(ModelError):
    """The answer ended in the middle, or is none."""


class TextTooLong(ModelError):
    """What is to be worked on is longer than a model is given at once."""


class InventedPlaceholder(ModelError):
    """The model wrote a placeholder that stands for nothing; the text cannot be used."""
