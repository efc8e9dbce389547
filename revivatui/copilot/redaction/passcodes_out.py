"""Passcodes taken out of a conversation for good, bare answers to "what is the code?" too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from revivatui.copilot.grounding.plain import plain
from revivatui.copilot.redaction.unseen import seen
from revivatui.copilot.suggestion import Said
from revivatui.crm.passcodes import MASK, asks_for_passcode, passcode_spans


def without_passcodes(said: Iterable[Said]) -> tuple[Said, ...]:
    """The messages, oldest first, with no passcode left in them; nothing can put one back.

    What asks for one makes the next answers of the customer suspect, until somebody else speaks.
    """
    clean = []
    asked = False
    for one in said:
        text = seen(one.text)
        masked = masked_text(text, asked_for=asked and one.teller == "customer")
        clean.append(replace(one, text=masked) if masked != one.text else one)
        if one.teller != "customer":
            asked = asks_for_passcode(plain(text).text)
        elif asks_for_passcode(plain(text).text):
            asked = True
    return tuple(clean)


def masked_text(text: str, *, asked_for: bool = False) -> str:
    """The text with its passcodes masked, whatever letters and digits they are written in."""
    shown = plain(text)
    found = passcode_spans(text, asked_for=asked_for)
    found |= {shown.span(*one) for one in passcode_spans(shown.text, asked_for=asked_for)}
    parts, end = [], 0
    for start, stop in sorted(found):
        if start >= end:
            parts += [text[end:start], MASK]
        end = max(end, stop)
    return "".join(parts) + text[end:]
