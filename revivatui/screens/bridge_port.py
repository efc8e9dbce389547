"""What the desk asks of a bridge's tables. Who opens them is the composition root's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from revivatui.state.bridge_health import Letter, Report


class BridgePort(Protocol):
    """Opened by the first question. Everything but `close` raises CrmError, in a plain sentence."""

    async def report(self) -> Report | None:
        """None where no bridge ever worked on this CRM."""
        ...

    async def letters(self) -> tuple[Letter, ...]:
        """The dead letters, the oldest first."""
        ...

    async def told(self, letter_id: str) -> tuple[str, ...]:
        """A dead letter in full, but for what a customer wrote."""
        ...

    async def retry(self, letter_id: str) -> None:
        """Put it back among what waits."""
        ...

    async def drop(self, letter_id: str) -> None:
        """Give it up for good."""
        ...

    async def switch_captain(self, off: str) -> None:
        """Off, saying who and when, or with "" on again."""
        ...

    async def close(self) -> None: ...
