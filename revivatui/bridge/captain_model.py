"""A model for what the shop's own texts do not answer, where the settings want one.

It is asked with what the customer may know, redacted, and what it says passes the same check as
everything else: a claim that stands nowhere is not said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.bridge import captain_words as texts
from revivatui.bridge.captain_deeds import Deed, HandOff, Reason, Reply
from revivatui.copilot.grounding import Ground, check
from revivatui.copilot.model import Model, ModelError, Task
from revivatui.copilot.redaction import Redactor, UnknownPlaceholder, known_of
from revivatui.copilot.suspicion import suspicious

if TYPE_CHECKING:
    from revivatui.bridge.captain_scene import Scene
    from revivatui.bridge.captain_settings import CaptainSettings
    from revivatui.bridge.captain_shop import Shop
    from revivatui.copilot.retrieval.library import Library
    from revivatui.copilot.sources import Source

MOST_SOURCES: Final = 4
INSTRUCTIONS: Final = (
    "You answer customers of a repair shop directly. Ask for the model where it is missing,"
    " explain how a repair goes, mention the warranty, offer an appointment, and suggest a"
    " technician for hard cases. Prices are estimates only: say that the final quote comes after"
    " the diagnosis. Promise no dates, discounts or results."
)


class CaptainModel:
    def __init__(self, settings: CaptainSettings, shop: Shop) -> None:
        instructions = f"{INSTRUCTIONS} {settings.asks.instructions}".strip()
        self._model = Model(
            replace(
                settings.asks,
                temperature=settings.temperature,
                max_tokens=settings.most_tokens,
                instructions=instructions,
            )
        )
        self._shop = shop

    async def close(self) -> None:
        await self._model.close()

    async def reply(self, scene: Scene, library: Library, tokens_left: int) -> Deed:
        """What the model says, or people: where it fails, costs too much, or makes something up."""
        sources = [one.source for one in library.rank(scene.situation.question).items]
        public = [one for one in sources if not one.private][:MOST_SOURCES]
        prepared = self._model.prepare(
            Task.REPLY,
            scene.situation,
            sources=public,
            language=scene.language,
            redactor=Redactor(known_of(scene.record)),
            now=self._shop.now,
        )
        costs = len(prepared.body) // 3 + prepared.max_tokens
        if costs > tokens_left:
            return _people(scene, "budget")
        try:
            text, tokens = "", 0
            async for delta in self._model.stream(prepared):
                text += delta.text
                if delta.usage is not None:
                    tokens = delta.usage.prompt + delta.usage.completion
        except (ModelError, UnknownPlaceholder) as error:
            return _people(scene, "model", str(error))
        tokens = tokens or costs
        return self._checked(scene, text.strip(), public, tokens)

    def _checked(self, scene: Scene, text: str, sources: list[Source], tokens: int) -> Deed:
        if not text:
            return _people(scene, "model", "It answered nothing.", tokens)
        ground = Ground.of(scene.record, sources, scene.said, today=self._shop.today)
        wrong = check(text, ground)
        if wrong:
            return _people(scene, "ungrounded", "; ".join(one.words for one in wrong), tokens)
        if suspicious(scene.turn.words):
            return _people(scene, "doubt", "The message looks like an attempt to steer.", tokens)
        ids = tuple(one.id for one in sources)
        return Reply(text, "written by the model", scene.language, ids, tokens=tokens)


def _people(scene: Scene, reason: Reason, detail: str = "", tokens: int = 0) -> HandOff:
    words = texts.farewell(reason, scene.language)
    return HandOff(reason, scene.intent, scene.language, words, detail, scene.device, tokens=tokens)
