"""The administration (contract 5): what an administrator reads, and the one call that changes.

Every change is built elsewhere (`state.admin_*`), shown, and comes here with the permission of who
saw it: nothing in here makes a request of its own that writes.
"""

from __future__ import annotations

from typing import Any

from revivatui.api.calls_conversations import Calls
from revivatui.api.errors import ApiError
from revivatui.api.schemas import account as accounts
from revivatui.api.schemas import admin as wire
from revivatui.api.schemas.inboxes import WorkingHours
from revivatui.api.schemas.people import Agent as WireAgent
from revivatui.state import admin
from revivatui.state.admin_change import Permission


class AdminCalls(Calls):
    """Raises any `ApiError`: Forbidden for who is no administrator."""

    async def carry_out(self, permission: Permission) -> admin.Carried:
        """Send a change that somebody saw and wanted, call by call.

        Raises what the first call raises; where a later one fails, what was done stays done and
        `trouble` says so. Raises AlreadySent for a permission that was used.
        """
        change = permission.spend()
        made: list[int | None] = []
        for one in change.requests:
            path = self._account_path(one.path)
            try:
                answer: Any = await self._transport.ask_maybe(
                    list[object] | wire.Made,  # type: ignore[arg-type]
                    one.method,
                    path,
                    json=one.body,
                )
            except ApiError as error:
                if not made:
                    raise
                left = len(change.requests) - len(made)
                return admin.Carried(tuple(made), f"{error.plain} {left} left undone.")
            made.append(answer.made_id if isinstance(answer, wire.Made) else None)
        return admin.Carried(tuple(made))

    # --- people --------------------------------------------------------------------------------

    async def staff(self) -> tuple[admin.Staff, ...]:
        rows = await self._transport.ask(list[WireAgent], "GET", self._account_path("agents"))
        return tuple(map(_staff, rows))

    async def inbox_members(self, inbox_id: int) -> tuple[int, ...]:
        path = self._account_path(f"inbox_members/{inbox_id}")
        answer = await self._transport.ask(accounts.AgentList, "GET", path)
        return tuple(row.id for row in answer.payload)

    async def team_members(self, team_id: int) -> tuple[int, ...]:
        path = self._account_path(f"teams/{team_id}/team_members")
        return tuple(row.id for row in await self._transport.ask(list[WireAgent], "GET", path))

    async def team_setups(self) -> tuple[admin.TeamSetup, ...]:
        rows = await self._transport.ask(list[accounts.Team], "GET", self._account_path("teams"))
        return tuple(
            admin.TeamSetup(
                row.id, row.name or f"#{row.id}", row.description or "",
                row.allow_auto_assign is not False,
            )
            for row in rows
        )  # fmt: skip

    # --- inboxes -------------------------------------------------------------------------------

    async def inbox_setups(self) -> tuple[admin.InboxSetup, ...]:
        answer = await self._transport.ask(wire.InboxSetups, "GET", self._account_path("inboxes"))
        return tuple(map(_inbox, answer.payload))

    async def inbox_setup(self, inbox_id: int) -> admin.InboxSetup:
        path = self._account_path(f"inboxes/{inbox_id}")
        return _inbox(await self._transport.ask(wire.InboxSetup, "GET", path))

    async def policies(self) -> tuple[admin.Policy, ...]:
        """4.x; a server before that answers with a web page (NotChatwoot)."""
        path = self._account_path("assignment_policies")
        return tuple(map(_policy, await self._transport.ask(list[wire.Policy], "GET", path)))

    async def policy_inboxes(self, policy_id: int) -> tuple[int, ...]:
        path = self._account_path(f"assignment_policies/{policy_id}/inboxes")
        answer = await self._transport.ask(wire.PolicyInboxes, "GET", path)
        return tuple(one.id for one in answer.inboxes)

    # --- words and tools -----------------------------------------------------------------------

    async def canned_setups(self) -> tuple[admin.Canned, ...]:
        path = self._account_path("canned_responses")
        rows = await self._transport.ask(list[accounts.CannedResponse], "GET", path)
        return tuple(admin.Canned(row.id, row.short_code, row.content or "") for row in rows)

    async def label_setups(self) -> tuple[admin.LabelSetup, ...]:
        answer = await self._transport.ask(accounts.LabelList, "GET", self._account_path("labels"))
        return tuple(
            admin.LabelSetup(
                row.id, row.title, row.description or "", row.color or "",
                bool(row.show_on_sidebar),
            )
            for row in answer.payload
        )  # fmt: skip

    async def macro_setups(self) -> tuple[admin.MacroSetup, ...]:
        answer = await self._transport.ask(wire.Macros, "GET", self._account_path("macros"))
        return tuple(map(_macro, answer.payload))

    async def saved_views(self) -> tuple[admin.SavedView, ...]:
        """The asker's own filters of conversations."""
        path = self._account_path("custom_filters")
        params = {"filter_type": "conversation"}
        rows = await self._transport.ask(list[accounts.CustomFilter], "GET", path, params=params)
        return tuple(
            admin.SavedView(row.id, row.name, row.filter_type or "conversation", row.query or {})
            for row in rows
        )

    async def hook_setups(self) -> tuple[admin.HookSetup, ...]:
        answer = await self._transport.ask(wire.Webhooks, "GET", self._account_path("webhooks"))
        return tuple(
            admin.HookSetup(
                row.id, row.url, row.name or "", tuple(row.subscriptions),
                str((row.inbox or {}).get("name") or ""),
            )
            for row in answer.payload.webhooks
        )  # fmt: skip

    async def audit_page(self, page: int = 1) -> admin.AuditPage:
        """Newest first; empty unless the account has the feature (enterprise)."""
        path = self._account_path("audit_logs")
        answer = await self._transport.ask(wire.AuditLogs, "GET", path, params={"page": page})
        entries = tuple(map(_audit, answer.audit_logs))
        return admin.AuditPage(entries, answer.total_entries, answer.current_page, answer.per_page)


def _staff(row: WireAgent) -> admin.Staff:
    return admin.Staff(
        id=row.id,
        name=row.name or row.available_name or row.email or f"#{row.id}",
        email=row.email or "",
        role=row.role or "agent",
        availability=row.availability_status or "offline",
        auto_offline=row.auto_offline is not False,
        confirmed=row.confirmed is not False,
        custom_role_id=row.custom_role_id if isinstance(row.custom_role_id, int) else None,
    )


def _inbox(row: wire.InboxSetup) -> admin.InboxSetup:
    limit = row.auto_assignment_config
    return admin.InboxSetup(
        id=row.id,
        name=row.name or f"#{row.id}",
        channel_type=row.channel_type or "",
        greeting_enabled=bool(row.greeting_enabled),
        greeting=row.greeting_message or "",
        hours_enabled=bool(row.working_hours_enabled),
        out_of_office=row.out_of_office_message or "",
        timezone=row.timezone or "UTC",
        hours=tuple(_hours(one) for one in row.working_hours or ()),
        auto_assign=bool(row.enable_auto_assignment),
        limit=limit.max_assignment_limit if limit is not None else None,
    )


def _hours(row: WorkingHours) -> admin.DayHours:
    return admin.DayHours(
        day=row.day_of_week or 0,
        closed=bool(row.closed_all_day),
        all_day=bool(row.open_all_day),
        open_hour=row.open_hour,
        open_minutes=row.open_minutes,
        close_hour=row.close_hour,
        close_minutes=row.close_minutes,
    )


def _policy(row: wire.Policy) -> admin.Policy:
    return admin.Policy(
        id=row.id,
        name=row.name or f"#{row.id}",
        description=row.description or "",
        order=row.assignment_order or "round_robin",
        priority=row.conversation_priority or "earliest_created",
        limit=row.fair_distribution_limit or 0,
        window=row.fair_distribution_window or 0,
        enabled=row.enabled is not False,
        inboxes=row.assigned_inbox_count or 0,
    )


def _macro(row: wire.Macro) -> admin.MacroSetup:
    author = row.created_by
    return admin.MacroSetup(
        id=row.id,
        name=row.name or f"#{row.id}",
        visibility=row.visibility or "personal",
        steps=tuple(map(_step, row.actions)),
        author=(author.name if author else None) or "",
    )


def _step(action: dict[str, Any]) -> admin.MacroStep:
    params = action.get("action_params")
    given = params if isinstance(params, list) else [] if params is None else [params]
    return admin.MacroStep(str(action.get("action_name") or ""), tuple(given))


def _audit(row: wire.AuditLogs.Entry) -> admin.AuditEntry:
    return admin.AuditEntry(
        id=row.id,
        at=row.created_at,
        who=row.username or "",
        action=row.action or "",
        what=row.auditable_type or "",
        what_id=row.auditable_id,
        changes=row.audited_changes or {},
        address=row.remote_address or "",
    )
