"""Fills the demo's CRM with repairs of the embedded shop's own customers, in a process of its own.

Seeding takes seconds of one core, which the desk beside it must not feel. What is made gets its
name when it is whole; until then the desk's access waits (`crm_access`).
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from revivatui.crm_access import being_made

CUSTOMERS: Final = 120
"""Of how many customers, those with the newest messages first, the CRM knows."""
NICE: Final = 5
"""How far everything of the desk goes before it."""
ENDS_WITHIN: Final = 5.0
"""Seconds the process is given to end."""


@contextmanager
def filled_beside(
    file: Path, shop: dict[str, Any], place: str, *, nice: int = NICE
) -> Iterator[None]:
    """Fill a CRM for the customers of a running shop while the block runs; one that is there
    already is left as it is. `place` is what the shop is called in the CRM."""
    if file.exists():
        yield
        return
    part = being_made(file)
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    process = subprocess.Popen(
        [sys.executable, "-m", "revivatui.crm_demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(
            json.dumps({"file": str(file), "shop": shop, "place": place, "nice": nice})
        )
        process.stdin.close()
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        part.unlink(missing_ok=True)


async def fill(file: Path, shop: dict[str, Any], place: str) -> None:
    """Make the CRM of a shop that runs: its customers, its agents as technicians."""
    from revivatui.crm.chat_keys import Chat
    from revivatui.crm.demo import DemoPerson, seed_demo
    from revivatui.crm.store import Store
    from revivatui.crm_demo_chats import affairs_of

    contacts, agents, rows = await _asked_for(shop)
    chat, now = Chat(place, shop["account_id"]), datetime.now(UTC)
    affairs = affairs_of(rows, chat, now)
    people = [
        DemoPerson(
            one["name"],
            one["email"] or "",
            one["phone_number"] or "",
            (one.get("custom_attributes") or {}).get("preferred_language") or "en",
            external=chat.contact(one["id"]),
            affairs=affairs.get(one["id"], ()),
        )
        for one in contacts
    ]
    part = being_made(file)
    store = await Store.open(part)
    try:
        await seed_demo(store, people, [one["name"] for one in agents], now=now)
    finally:
        await store.close()
    part.rename(file)


async def _asked_for(shop: dict[str, Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """The contacts who wrote last, the agents, and the contacts' conversations."""
    import httpx

    from revivatui.crm_demo_chats import read_chats

    headers = {"api_access_token": shop["administrator"]["token"]}
    contacts: dict[int, Any] = {}
    base = f"{shop['url']}/api/v1/accounts/{shop['account_id']}"
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        for page in range(1, 2 + CUSTOMERS // 15):
            answer = await client.get(
                f"{base}/contacts", params={"page": page, "sort": "-last_activity_at"}
            )
            found = answer.raise_for_status().json()["payload"]
            contacts.update((one["id"], one) for one in found)
            if not found:
                break
        agents = (await client.get(f"{base}/agents")).raise_for_status().json()
        known = list(contacts.values())[:CUSTOMERS]
        rows = await read_chats(client, base, (one["id"] for one in known))
    return known, agents, rows


def main() -> int:
    told = json.load(sys.stdin)
    if hasattr(os, "nice"):
        os.nice(told["nice"])
    file = Path(told["file"])
    try:
        asyncio.run(fill(file, told["shop"], told["place"]))
    except BaseException:
        being_made(file).unlink(missing_ok=True)
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
