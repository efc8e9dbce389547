"""`bridge work` and `bridge run` on one CRM in PostgreSQL, and the tables they make there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from revivatui.bridge import opening, shared_schema
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.shared_locks import ALONE
from revivatui.crm.store import Store
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import forget_the_past
from tests.bridge.test_command import bridge, is_one_plain_line
from tests.bridge.test_shared_queue import cut_all
from tests.support.shops import Stage

KEPT = "SELECT count(*) FROM ticket_comments WHERE chatwoot_message_id = %s"


HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"


@pytest.fixture
def version() -> str:
    return "4.10.1"


@pytest.fixture
async def store(crm_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(crm_url)
    yield opened
    await opened.close()


def ask(url: str, question: str, values: list[Any]) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode(), values).fetchone()
    assert row is not None
    return row[0]


async def until(url: str, question: str, values: list[Any], wanted: object) -> None:
    async with asyncio.timeout(60):
        while ask(url, question, values) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_worker_works_beside_a_run_and_goes_on_without_it(
    stage: Stage, tmp_path: Path, crm_url: str
) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    run = BridgeProcess(stage, tmp_path / "run", crm=crm_url)
    work = BridgeProcess(stage, tmp_path / "work", crm=crm_url)
    run.add_webhook()
    try:
        await run.start()
        await work.start("work")
        number = stage.customer_writes(conversation, "hello")
        await stage.shop.worker.drain()
        await until(crm_url, KEPT, [number], 1)
        await run.kill()
        again = "UPDATE bridge_inbox SET state = 'new' WHERE event = 'message_created'"
        with psycopg.connect(crm_url) as connection:
            connection.execute("DELETE FROM ticket_comments")
            connection.execute(again.encode())
        waiting = "SELECT count(*) FROM bridge_inbox WHERE state = 'new' AND event <> %s"
        await until(crm_url, waiting, [""], 0)
        assert await work.stop() == 0
        assert "Traceback" not in work.log()
    finally:
        await run.kill()
        await work.kill()


async def test_one_run_for_a_crm_on_whatever_machine(
    stage: Stage, tmp_path: Path, crm_url: str
) -> None:
    forget_the_past(stage)
    first = BridgeProcess(stage, tmp_path / "here", crm=crm_url)
    second = BridgeProcess(stage, tmp_path / "there", crm=crm_url)
    await first.start()
    try:
        cut_all(crm_url)
        await until(crm_url, HELD, [ALONE], 1)
        with pytest.raises(AssertionError, match="runs on this CRM already"):
            await second.start()
        await second.kill()
        await first.kill()
        await second.start()
        assert await second.stop() == 0
    finally:
        await first.kill()
        await second.kill()


async def test_a_worker_of_another_chatwoot_is_refused(
    stage: Stage, tmp_path: Path, crm_url: str, store: Store
) -> None:
    from revivatui.bridge import known, running

    await opening.make_tables(store)
    async with store.unit_of_work() as work:
        await known.keep_fact(work, running.PLACE, "chat.example.com, account 7")
    answer = await bridge(BridgeProcess(stage, tmp_path, crm=crm_url), "work")
    assert answer.status == 1
    assert is_one_plain_line(answer.err)
    assert "serves chat.example.com, account 7" in answer.err


async def test_a_file_has_no_workers(stage: Stage, tmp_path: Path) -> None:
    answer = await bridge(BridgeProcess(stage, tmp_path), "work")
    assert answer.status == 1
    assert is_one_plain_line(answer.err)
    assert "PostgreSQL" in answer.err


async def test_setup_makes_the_jobs_too(stage: Stage, tmp_path: Path, crm_url: str) -> None:
    home = BridgeProcess(stage, tmp_path, crm=crm_url)
    answer = await bridge(home, "setup", "--public-url", f"http://127.0.0.1:{home.port}")
    assert answer.status == 0, answer.err
    assert ask(crm_url, "SELECT count(*) FROM procrastinate_jobs", []) == 0


async def test_many_may_open_a_new_one_at_once(crm_url: str) -> None:
    async def open_one() -> None:
        store = await Store.open(crm_url)
        try:
            await opening.make_tables(store)
        finally:
            await store.close()

    await asyncio.gather(*(open_one() for _ in range(6)))
    newest = shared_schema.steps()[-1]
    reached = "SELECT value FROM bridge_state WHERE name = %s"
    assert ask(crm_url, reached, [shared_schema.FACT]) == newest


async def test_jobs_of_an_older_program_are_brought_up_to_date(store: Store, crm_url: str) -> None:
    """Both ways make the same functions, tables and indexes."""
    await opening.make_tables(store)
    wanted = await _shape(store)
    old = "03.00.00_50_post_cancel_notification.sql"
    with psycopg.connect(crm_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    again = await Store.open(crm_url)
    try:
        await _as_it_was(again, old)
        await opening.make_tables(again)
        assert await _shape(again) == wanted
    finally:
        await again.close()


async def _as_it_was(store: Store, until: str) -> None:
    from revivatui.bridge import known
    from revivatui.bridge.tables import METADATA

    for name in shared_schema.steps():
        if name <= until:
            async with store.unit_of_work() as work:
                await shared_schema.run_script(work, shared_schema.script(name))
    async with store.unit_of_work() as work:
        await work.connection.run_sync(METADATA.create_all)
        await known.keep_fact(work, "layout", opening.LAYOUT)
        await known.keep_fact(work, shared_schema.FACT, until)


async def _shape(store: Store) -> set[str]:
    question = """
        SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')' FROM pg_proc
         WHERE proname LIKE 'procrastinate%'
        UNION SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_name LIKE 'procrastinate%'
        UNION SELECT tgname FROM pg_trigger WHERE tgname LIKE 'procrastinate%'
        UNION SELECT indexname FROM pg_indexes WHERE tablename LIKE 'procrastinate%'
    """
    async with store.reading() as reader:
        return {str(row[0]) for row in await reader.rows(text(question))}


async def test_jobs_of_a_newer_program_or_of_another_one_are_left_alone(
    store: Store, crm_url: str
) -> None:
    from revivatui.bridge import known

    await opening.make_tables(store)
    async with store.unit_of_work() as work:
        await known.keep_fact(work, shared_schema.FACT, "99.00.00_01_something.sql")
    with pytest.raises(BridgeError, match="newer version"):
        await opening.make_tables(store)
    async with store.unit_of_work() as work:
        await work.run(text("DELETE FROM bridge_state WHERE name = 'jobs:layout'"))
    with pytest.raises(BridgeError, match="another program"):
        await opening.make_tables(store)
