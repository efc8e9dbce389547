"""All routes of the server, in one list."""

from __future__ import annotations

from revivatui.shop import public, widget, widget_chat
from revivatui.shop.rest import auth
from revivatui.shop.rest.base import Route


def all_routes() -> list[Route]:
    """Every module's ``ROUTES``."""
    modules = (auth, public, widget, widget_chat)
    return [route for module in modules for route in module.ROUTES]
