"""The demo shop's data: made from a seed, the same every time (``seed_shop``)."""

from __future__ import annotations

from revivatui.shop.seed.plan import PEOPLE_PASSWORD, SIZES, make_people, seed_shop, sign_ins

__all__ = ["PEOPLE_PASSWORD", "SIZES", "make_people", "seed_shop", "sign_ins"]
