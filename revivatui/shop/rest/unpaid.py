"""Lists that stay empty on a server without a paid plan or the things in them (contract 5.9)."""

from __future__ import annotations

from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, Route
from revivatui.shop.rest.params import integer

LOGS_PER_PAGE = 15


def _page(call: Call) -> int:
    return integer(call.params.get("page")) or 1


def campaigns(call: Call) -> Answer:
    call.need_admin()
    return []


def campaigns_of_inbox(call: Call) -> Answer:
    call.need_admin()
    in_account(call, "inboxes", call.path["inbox_id"])
    return []


def audit_logs(call: Call) -> Answer:
    """Empty unless the plan has the feature, whatever happened."""
    call.need_admin()
    page = {"per_page": LOGS_PER_PAGE, "total_entries": 0, "current_page": _page(call)}
    return page | {"audit_logs": []}


def sla_policies(call: Call) -> Answer:
    return {"payload": []}


def custom_roles(call: Call) -> Answer:
    call.need_admin()
    return []


def capacity_policies(call: Call) -> Answer:
    call.need_admin()
    return []


def portals(call: Call) -> Answer:
    return {"payload": [], "meta": {"current_page": _page(call), "portals_count": 0}}


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/campaigns", campaigns),
    Route("GET", f"{A}/inboxes/{{inbox_id}}/campaigns", campaigns_of_inbox),
    Route("GET", f"{A}/audit_logs", audit_logs),
    Route("GET", f"{A}/sla_policies", sla_policies),
    Route("GET", f"{A}/custom_roles", custom_roles, since="4"),
    Route("GET", f"{A}/agent_capacity_policies", capacity_policies, since="4"),
    Route("GET", f"{A}/portals", portals),
]
