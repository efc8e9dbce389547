"""What stands between a prompt and the network, as the model's side needs it."""

from __future__ import annotations

from typing import Protocol

from revivatui.crm.passcodes import mask_passcodes


class Restores(Protocol):
    """Puts back what placeholders stand for, in a text that comes in pieces."""

    def feed(self, piece: str) -> str: ...

    def end(self) -> str: ...


class Redacts(Protocol):
    """Takes out of a text what may not leave."""

    def redact(self, text: str) -> str: ...

    def restorer(self) -> Restores: ...


class PasscodesOut:
    """Takes passcodes out and nothing else: for a model on this machine."""

    def redact(self, text: str) -> str:
        return mask_passcodes(text)[0]

    def restorer(self) -> Restores:
        return AsItComes()


class AsItComes:
    """Nothing was taken out that could be put back."""

    def feed(self, piece: str) -> str:
        return piece

    def end(self) -> str:
        return ""
