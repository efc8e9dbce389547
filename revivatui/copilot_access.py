"""The model of the settings and its key: what only the composition root knows."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from revivatui.copilot.model.settings import ModelSettings, TokenWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.config import Settings
    from revivatui.copilot.model import Model
    from revivatui.paths import Paths

KEY: Final = "REVIVATUI_COPILOT_KEY"
KEPT_AS: Final = "copilot"
"""Under what the key is kept, beside the address of the server that it is for."""


def model_settings(settings: Settings) -> ModelSettings:
    """What the settings say of the model, without its key."""
    return ModelSettings(
        url=settings.copilot_url,
        model=settings.copilot_model.strip(),
        temperature=settings.copilot_temperature,
        max_tokens=settings.copilot_max_tokens,
        token_word=cast("TokenWord", settings.copilot_limit_name),
        instructions=settings.copilot_instructions,
        consent=settings.copilot_consent,
    )


def with_key(made: ModelSettings, paths: Paths) -> ModelSettings:
    """The same with the key that is kept for its address. Slow the first time (keyring).

    Raises NoModel for an address that cannot be, CredentialsError where what is kept cannot be
    read.
    """
    if key := os.environ.get(KEY):
        return replace(made, key=key.strip())
    from revivatui import credentials

    return replace(
        made, key=credentials.load_secret(KEPT_AS, made.base, paths.credentials_file) or ""
    )


def model_at(settings: Settings, paths: Paths) -> tuple[ModelSettings, Callable[[], Model]] | None:
    """The model of the settings, without its key, and what opens it (slow: keyring); None where
    they name none or the copilot is off. Opening raises as `with_key`."""
    made = model_settings(settings)
    if not (settings.copilot_on and made.is_on):
        return None

    def opened() -> Model:
        from revivatui.copilot.model import Model

        return Model(with_key(made, paths))

    return made, opened
