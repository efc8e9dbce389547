"""What captain answers: the shop's own facts and texts, and when a person is needed instead."""

from __future__ import annotations

import re
from typing import Final

from revivatui.bridge.captain_deeds import Deed, HandOff, Reply
from revivatui.bridge.captain_talk import Talk, Turn

_PERSON: Final = re.compile(r"\b(person|human|agent|somebody real|pessoa|humano|atendente)\b", re.I)
HELLO: Final = "Hello! I am the shop's assistant, a program. A person is one word away."


class ShopMind:
    async def think(self, talk: Talk, turn: Turn, tokens_left: int) -> Deed:
        if _PERSON.search(turn.words):
            return HandOff("person", "asks for a person")
        words = "Which device is it, and what happened?"
        if not talk.introduced:
            words = f"{HELLO} {words}"
        return Reply(words, "asks for the device", "en", is_doubt=False)
