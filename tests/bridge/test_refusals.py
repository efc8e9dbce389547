"""Writes that Chatwoot refuses the bridge's user: a role that is too small costs one write, with
words that say what is lacking; a token or an account that is closed costs none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from revivatui.bridge import report
from revivatui.bridge.outbox_worker import PAUSE
from revivatui.bridge.tables import OUTBOX
from revivatui.shop.db import Row
from tests.bridge.desks import forget_the_past
from tests.bridge.people import new_contact, new_conversation
from tests.bridge.stands import Stand, stand
from tests.support.shops import Stage


async def three_write(stage: Stage, there: Stand) -> list[Row]:
    """Three customers, of whom attributes and a note are to be written; time stands still."""
    made = []
    for name in ("Ana", "Bia", "Cid"):
        row = new_conversation(stage, new_contact(stage, name=name))
        stage.customer_writes(row, "The passcode is 4711")
        made.append(row)
    await there.catch_up()
    await there.work()
    return made


async def states(there: Stand) -> Counter[str]:
    async with there.bridge.store.reading() as reader:
        return Counter(row.state for row in await reader.rows(OUTBOX.select()))


async def test_a_revoked_token_pauses_the_outbox_and_empties_nothing(
    stage: Stage, crm: str | Path
) -> None:
    forget_the_past(stage)
    stage.shop.clock.freeze()
    async with stand(stage, crm) as there:
        await three_write(stage, there)
        user = stage.administrator["id"]
        kept = stage.shop.db.one("SELECT * FROM access_tokens WHERE owner_id = ?", (user,))
        assert kept is not None
        stage.shop.db.update("access_tokens", kept["id"], token="revoked-and-made-anew")
        for _ in range(4):
            await there.bridge.outbox.settle()
            stage.shop.clock.advance(PAUSE + 1)
        assert await states(there) == {"new": 9}
        told = await report.status(there.bridge.store, 0.0)
        assert any(one.startswith("paused") and "sign-in" in one for one in told)
        stage.shop.db.update("access_tokens", kept["id"], token=kept["token"])
        await there.bridge.outbox.settle()
        assert await states(there) == {"done": 9}


async def test_a_user_who_is_out_of_the_account_pauses_the_outbox_too(
    stage: Stage, crm: str | Path
) -> None:
    forget_the_past(stage)
    stage.shop.clock.freeze()
    async with stand(stage, crm) as there:
        await three_write(stage, there)
        user = stage.administrator["id"]
        (seat,) = stage.shop.db.where("account_users", user_id=user)
        stage.shop.db.delete("account_users", seat["id"])
        await there.bridge.outbox.settle()
        assert await states(there) == {"new": 9}
        told = await report.status(there.bridge.store, 0.0)
        assert any("is in account 1 no more: add it there again" in one for one in told)
        stage.shop.db.insert("account_users", **seat)
        stage.shop.clock.advance(PAUSE + 1)
        await there.bridge.outbox.settle()
        assert await states(there) == {"done": 9}


async def test_a_role_that_is_too_small_costs_that_write_and_says_what_is_lacking(
    stage: Stage, crm: str | Path
) -> None:
    forget_the_past(stage)
    stage.shop.clock.freeze()
    async with stand(stage, crm, stage.agent["token"]) as there:
        first, *_ = await three_write(stage, there)
        stage.shop.db.execute("DELETE FROM inbox_members WHERE user_id = ?", (stage.agent["id"],))
        await there.bridge.outbox.settle()
        assert await states(there) == {"done": 3, "dead": 6}  # contacts are everybody's
        letters = await report.letters(there.bridge.store)
        number, inbox = first["display_id"], first["inbox_id"]
        (note,) = [
            one for one in letters if one.what == "note" and one.where.endswith(f":{number}")
        ]
        assert f"(role agent) may not write in conversation #{number}" in note.error
        assert f"make it a member of inbox {inbox}, or an administrator" in note.error
        stage.shop.db.insert("inbox_members", inbox_id=inbox, user_id=stage.agent["id"])
        for one in letters:
            await report.retry(there.bridge.store, one)
        await there.bridge.outbox.settle()
        assert await states(there) == {"done": 9}


@pytest.fixture
def version() -> str:
    return "4.10.1"
