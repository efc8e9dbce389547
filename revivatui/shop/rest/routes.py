"""All routes of the server, in one list."""

from __future__ import annotations

from revivatui.shop import public, widget, widget_chat
from revivatui.shop.rest import (
    account,
    auth,
    contacts,
    conversation_actions,
    conversations,
    csat,
    files,
    inboxes,
    integrations,
    macros,
    messages,
    notifications,
    reports,
    resources,
    search,
    settings,
)
from revivatui.shop.rest.base import Route

MODULES: tuple[list[Route], ...] = (
    auth.ROUTES,
    account.ROUTES,
    conversations.ROUTES,
    conversation_actions.ROUTES,
    messages.ROUTES,
    contacts.ROUTES,
    inboxes.ROUTES,
    resources.ROUTES,
    macros.ROUTES,
    settings.ROUTES,
    notifications.ROUTES,
    search.ROUTES,
    integrations.ROUTES,
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
