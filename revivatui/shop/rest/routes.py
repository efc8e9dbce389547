"""All routes of the server, in one list."""

from __future__ import annotations

from revivatui.shop import public, widget, widget_chat
from revivatui.shop.rest import (
    account,
    account_webhooks,
    agent_bots,
    agents,
    attribute_definitions,
    auth,
    automation,
    canned_responses,
    contacts,
    conversation_actions,
    conversations,
    csat,
    custom_filters,
    dashboard_apps,
    files,
    inbox_members,
    inboxes,
    integration_hooks,
    integrations,
    labels,
    macros,
    messages,
    notification_settings,
    notifications,
    policies,
    profile,
    reports,
    search,
    teams,
    unpaid,
    working_hours,
)
from revivatui.shop.rest.base import Route

MODULES: tuple[list[Route], ...] = (
    auth.ROUTES,
    account.ROUTES,
    profile.ROUTES,
    agents.ROUTES,
    conversations.ROUTES,
    conversation_actions.ROUTES,
    messages.ROUTES,
    contacts.ROUTES,
    inboxes.ROUTES,
    inbox_members.ROUTES,
    teams.ROUTES,
    labels.ROUTES,
    canned_responses.ROUTES,
    macros.ROUTES,
    account_webhooks.ROUTES,
    attribute_definitions.ROUTES,
    custom_filters.ROUTES,
    notification_settings.ROUTES,
    notifications.ROUTES,
    search.ROUTES,
    integrations.ROUTES,
    integration_hooks.ROUTES,
    dashboard_apps.ROUTES,
    automation.ROUTES,
    agent_bots.ROUTES,
    policies.ROUTES,
    working_hours.ROUTES,
    unpaid.ROUTES,
    files.ROUTES,
    reports.ROUTES,
    csat.ROUTES,
    public.ROUTES,
    widget.ROUTES,
    widget_chat.ROUTES,
)


def all_routes() -> list[Route]:
    """Every module's routes, the more literal of a module first."""
    return [route for routes in MODULES for route in routes]
