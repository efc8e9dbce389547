"""What every screen needs: the store to read, the engine to ask, the keys, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revivatui.commands import Keys
from revivatui.screens.crm_desk import CrmDesk
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.cache.holiday_book import HolidayBook
    from revivatui.engine.engine import Engine
    from revivatui.screens.alert_watch import AlertWatch
    from revivatui.screens.bridge_port import BridgePort
    from revivatui.screens.copilot_desk import CopilotDesk
    from revivatui.state.alerts import Alert
    from revivatui.state.state import State
    from revivatui.state.store import Store


@dataclass(slots=True)
class Session:
    """One agent at one Chatwoot, on one screen."""

    store: Store
    engine: Engine
    keys: Keys = field(default_factory=Keys)
    clock: Callable[[], float] = time.time
    """Now, in epoch seconds."""
    tz: tzinfo | None = None
    """The reader's zone; None for the machine's."""
    over_ssh: bool = False
    throwaway: bool = False
    """Nothing that is written outlives the desk."""
    ask_sign_in: Callable[[], None] = lambda: None
    """Called when the agent has to sign in, or wants to."""
    ask_settings: Callable[[], None] = lambda: None
    redraw: Callable[[], None] = lambda: None
    """Clears the terminal and paints everything anew."""
    complete: Callable[[], object] = lambda: None
    """Called once, when the first frame was painted and everything is mounted behind it."""
    crm: CrmDesk = field(default_factory=CrmDesk)
    """What is asked of the CRM; one without a CRM asks nothing."""
    look_at_bridge: Callable[[], BridgePort] | None = None
    """Opens a look at what the bridge recorded; to be closed when it was looked at."""
    holidays: Callable[[], HolidayBook | None] = lambda: None
    """The book of the days on which the shop opens otherwise."""
    downloads: Callable[[], Path] = lambda: Path.cwd()
    """Where files go that the agent asks for."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What a room keeps while the desk runs, by the room's name."""
    team_capacity: int = 0
    """Open conversations that an agent may hold where their inboxes set no limit; 0: no limit."""
    alerts: AlertWatch | None = None
    """What is over its threshold; None until the desk is whole."""
    suggests: bool = False
    """Replies are suggested: the settings say so."""
    copilot: CopilotDesk | None = None
    """What suggests replies; None until the desk is whole, and where it is switched off."""

    @property
    def loud_alerts(self) -> Sequence[Alert]:
        """The alerts that are on and not muted, the most pressing first."""
        return self.alerts.loud() if self.alerts is not None else ()

    @property
    def state(self) -> State:
        return self.store.state
