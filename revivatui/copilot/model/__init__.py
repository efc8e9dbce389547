"""A model that drafts, where the settings name one. It is asked by a key press and never sends."""

from __future__ import annotations

from revivatui.copilot.model.drafts import Draft, drafts
from revivatui.copilot.model.errors import ModelError, NoModel
from revivatui.copilot.model.model import Model
from revivatui.copilot.model.preparing import Prepared
from revivatui.copilot.model.reading import Delta
from revivatui.copilot.model.settings import ModelSettings
from revivatui.copilot.model.tasks import Task

__all__ = [
    "Delta", "Draft", "Model", "ModelError", "ModelSettings", "NoModel", "Prepared", "Task",
    "drafts",
]  # fmt: skip
