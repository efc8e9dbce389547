"""Captain at work: each customer's turn gets one answer or a person, and never both or none."""

from __future__ import annotations

from pathlib import Path

from tests.bridge.captains import running_captain
from tests.support.shops import Stage


async def test_a_customer_who_comes_new_gets_one_answer(stage: Stage, tmp_path: Path) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        assert chat.status == "pending"
        chat.writes("Hello!")
        chat.writes("My phone is broken")
        await there.quiet()
        assert len(chat.replies()) == 1
        assert "program" in chat.replies()[0]
        assert chat.status == "pending"


async def test_who_asks_for_a_person_gets_one_and_the_note_comes_first(
    stage: Stage, tmp_path: Path
) -> None:
    async with running_captain(stage, tmp_path) as there:
        chat = there.new_chat()
        chat.writes("My phone is broken")
        await there.quiet()
        chat.writes("I want to speak with a person")
        await there.quiet()
        assert chat.status == "open"
        [note] = chat.notes()
        assert "asks for a person" in note
        assert "customer: My phone is broken" in note
        chat.writes("Hello? Anybody?")
        await there.quiet()
        assert len(chat.notes()) == 1
        assert len(chat.replies()) <= 2
