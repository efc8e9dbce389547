"""The sections of the Admin room, in the order shown."""

from __future__ import annotations

from typing import Final

from revivatui.screens.admin_agents import Agents
from revivatui.screens.admin_audit import Audit
from revivatui.screens.admin_canned import CannedResponses
from revivatui.screens.admin_holidays import Holidays
from revivatui.screens.admin_hours import WorkingHours
from revivatui.screens.admin_inboxes import Inboxes
from revivatui.screens.admin_labels import Labels
from revivatui.screens.admin_macros import Macros
from revivatui.screens.admin_policies import Policies
from revivatui.screens.admin_section import Section
from revivatui.screens.admin_teams import Teams
from revivatui.screens.admin_views import Views
from revivatui.screens.admin_webhooks import Webhooks

SECTIONS: Final[tuple[type[Section], ...]] = (
    Agents,
    Inboxes,
    Policies,
    Teams,
    WorkingHours,
    Holidays,
    CannedResponses,
    Labels,
    Macros,
    Views,
    Webhooks,
    Audit,
)
