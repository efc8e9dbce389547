"""What stands between a prompt and the network, as the model's side needs it."""

from __future__ import annotations

from typing import Protocol


class Restores(Protocol):
    """Puts back what placeholders stand for, in a text that comes in pieces. Raises
    InventedPlaceholder for one that stands for nothing."""

    def feed(self, piece: str) -> str: ...

    def end(self) -> str: ...


class Redacts(Protocol):
    """Takes out of a text what may not leave."""

    def redact(self, text: str) -> str: ...

    def restorer(self) -> Restores: ...
