"""Whether every figure, date, device, address and promise of a text stands in what is known."""

from revivatui.copilot.grounding.checking import check
from revivatui.copilot.grounding.ground import Ground
from revivatui.copilot.grounding.readings import Claim, Kind

__all__ = ["Claim", "Ground", "Kind", "check"]
