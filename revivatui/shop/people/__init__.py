"""Simulated customers and colleagues: real clients of the shop over HTTP and cable."""

from __future__ import annotations

from revivatui.shop.people.crowd import People
from revivatui.shop.people.tempo import TEMPOS, Tempo

__all__ = ["TEMPOS", "People", "Tempo"]
