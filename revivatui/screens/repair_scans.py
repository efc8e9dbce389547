"""What a scanned label opens: the device it is on, wherever the agent is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.commands import BY_ID
from revivatui.crm import workflow
from revivatui.crm.errors import CrmError
from revivatui.screens.at_work import begin_alone
from revivatui.screens.repair_base import CrmActions

if TYPE_CHECKING:
    from revivatui.screens.inbox import InboxScreen
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.repair_visits import VisitActions


class ScanActions(CrmActions):
    """Looks the label up in the CRM."""

    def __init__(self, screen: InboxScreen, inbox: InboxCommands, visits: VisitActions) -> None:
        super().__init__(screen, inbox, [])
        self._visits = visits

    def scanned(self, mark: str) -> None:
        """Show the repair under way of the device with this serial number or IMEI, or else what
        was done to it; one that nobody knows is offered to be taken in."""
        begin_alone(self._screen, "scan", self._look_up, mark)

    async def _look_up(self, mark: str) -> None:
        try:
            await self._show(mark)
        except CrmError as error:
            self._say(f"{mark} was scanned and is in no text. {error}", "warning")
        except Exception as error:
            self._screen.app._handle_exception(error)

    async def _show(self, mark: str) -> None:
        from revivatui.screens.repair_page import RepairPage

        port = await self._crm.port()
        devices = [one.device for one in await port.search(mark) if one.device is not None]
        device = next((one for one in devices if mark in (one.imei, one.serial)), None)
        if device is None:
            self._visits.unknown_mark = mark
            key = self._session.keys.first(BY_ID["repair.intake"])
            self._say(f"{mark} was scanned: the CRM knows no such device. {key} takes it in.")
            return
        history = await port.device_history(device.id)
        active = [row for row in history.repairs if workflow.next_states(row.repair.status)]
        repair_id = active[0].repair.id if active else ""
        while isinstance(self._screen.app.screen, RepairPage):
            await self._screen.app.pop_screen()  # one label after the other, no pile of pages
        self._screen.app.push_screen(RepairPage(self._session, self._inbox, repair_id, device.id))
