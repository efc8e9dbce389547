"""Passcodes taken out of a conversation for good, bare answers to "what is the code?" too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from revivatui.copilot.redaction.unseen import seen
from revivatui.copilot.suggestion import Said
from revivatui.crm.passcodes import asks_for_passcode, mask_passcodes


def without_passcodes(said: Iterable[Said]) -> tuple[Said, ...]:
    """The messages, oldest first, with no passcode left in them; nothing can put one back.

    What asks for one makes the next answers of the customer suspect, until somebody else speaks.
    """
    clean = []
    asked = False
    for one in said:
        text = seen(one.text)
        masked, _ = mask_passcodes(text, asked_for=asked and one.teller == "customer")
        clean.append(replace(one, text=masked) if masked != one.text else one)
        if one.teller != "customer":
            asked = asks_for_passcode(text)
        elif asks_for_passcode(text):
            asked = True
    return tuple(clean)
