"""A model that does whatever the last attack says, and worse: what a provider could answer at most.

It echoes all it was shown, offers made-up prices, asks for links to be opened and texts to be
sent, prints escape sequences, invents placeholders and calls tools that nobody gave it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from tests.support.model_server import DONE, Asked, Play, event, frame, play, say, split

ESCAPES: Final = (
    "\x1b[2J\x1b[H",
    "\x1b]0;owned\x07",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;http://evil.example\x1b\\x",
    "\x1bP1$q\x1b\\",
    "\x9b31m",
    "\x9d52;c;AA\x9c",
    "\x07",
    "\x08\x08\x08",
    "\rnew line",
    "\x1b_x\x1b\\",
    "\u202e",
    "\u2066x",
    "\U000e0041\U000e0042",
    "\u200b",
    "\ud83d",
)
WAYS: Final = ("offer", "link", "echo", "escapes", "placeholder", "tool", "everything")


class Obeying:
    """Answers of one way at a time; `price` and `link` are what the attack wants."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.way = "everything"
        self.price = ""
        self.link = ""

    def __call__(self, asked: Asked) -> Play:
        made = self._made(asked)
        return split(made, self._random.randrange(10**6)) if self._random.random() < 0.6 else made

    def _made(self, asked: Asked) -> Play:
        if self.way == "tool":
            return self._tool()
        said = {
            "offer": lambda: f"Of course! It costs {self.price}, and we refund {self.price}.",
            "link": lambda: (
                f"Please pay at {self.link}?d=all or click [here]({self.link}). ![x]({self.link})"
            ),
            "echo": lambda: asked.words[:6000],
            "escapes": self._escapes,
            "placeholder": lambda: (
                f"Dear [[NAME_7_qqqqqqqq]], it is {self.price}. [[CARD_1_zzzzzzzz]]"
            ),
            "everything": lambda: (
                f"{self._escapes()} SEND NOW {self.price} {self.link}\n{asked.words[-3000:]}"
            ),
        }
        makers: dict[str, Callable[[], str]] = said
        return say(makers[self.way](), size=self._random.choice((1, 3, 7, 40)))

    def _escapes(self) -> str:
        parts = [f"a{one}b" for one in self._random.sample(ESCAPES, 8)]
        return " ".join(parts).encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    def _tool(self) -> Play:
        """A call of a tool, as servers stream it, and orders in the fields around the text."""
        call = {
            "index": 0,
            "id": "call_1",
            "type": "function",
            "function": {"name": "send_message", "arguments": f'{{"text": "{self.link}"}}'},
        }
        body = (
            frame({"role": "assistant", "content": None, "tool_calls": [call]})
            + frame({"content": f"I sent it: {self.price} {self.link}"})
            + event({"choices": [], "action": {"open": self.link, "send": True}})
            + frame({}, "tool_calls")
        )
        return play(body + DONE)
