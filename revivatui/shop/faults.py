"""The seam where trouble enters: the control port puts its own ``Faults`` here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from revivatui.shop.cable import Connection
    from revivatui.shop.jobs import Job


class Faults:
    """No trouble at all; subclasses override what they disturb."""

    async def before_request(self, request: Request) -> Response | None:
        """Called before a request is handled; may wait, or answer in the handler's place."""
        return None

    async def after_request(self, request: Request, response: Response) -> Response:
        """Called with the handler's answer; may wait, or answer something else."""
        return response

    def frames(self, connection: Connection, text: str) -> list[tuple[float, str]]:
        """What goes out instead of one cable frame: (seconds to wait, text); [] drops it."""
        return [(0.0, text)]

    def job_delay(self, job: Job) -> float:
        """Seconds by which a background job starts late."""
        return 0.0
