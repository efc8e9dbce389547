"""How the shop's own HTTP clients keep their connections."""

from __future__ import annotations

from typing import Final

import httpx

ONE_IDLE: Final = httpx.Limits(max_keepalive_connections=1)
"""Who is cancelled while httpcore closes several connections leaves all but the first open; with
one idle there are never several."""
