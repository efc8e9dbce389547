"""Lists, counts and filters over known rows: ids, order, counts and errors must be the recorded.

The rows are loaded into a fresh shop and its answers are asked for over HTTP. Where rows tie on
the sort key, the order is the database's and means nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx

from revivatui.shop.clock import Clock
from revivatui.shop.load_raw import load_raw
from revivatui.shop.server import ShopServer
from revivatui.shop.world import create_shop
from tools.conformance.recording import as_epoch, read_rows
from tools.conformance.report import Report, read_explained

Json = Any
Rows = dict[str, dict[int, dict[str, Json]]]

# What decides the order beside the column that the request names, by that column.
_THEN = {"priority": ("last_activity_at",), "waiting_since": ("created_at",)}
_PRIORITY = {None: 0, "low": 1, "medium": 2, "high": 3, "urgent": 4}


async def compare_lists(version: str, raw: Path, answers: Path) -> Report:
    """Ask a shop that holds the raw rows every recorded question, and compare.

    Raises:
        FileNotFoundError: one of the files is not there.
    """
    rows = [row for _, row in read_rows(raw)]
    questions = [(line, row) for line, row in read_rows(answers)]
    report = Report(version, read_explained())
    account = int(re.search(r"/accounts/(\d+)", questions[0][1]["path"])[1])  # type: ignore[index]
    clock = Clock(_asked_at(rows), frozen=True)
    shop = create_shop(version, clock=clock, people=())
    loaded = load_raw(shop.db, rows, account)
    known = _by_id(rows)
    async with ShopServer(shop) as server:
        headers = {
            "api_access_token": loaded.tokens[loaded.administrator_id],
            "Accept": "application/json",
        }
        async with httpx.AsyncClient(
            base_url=server.url, headers=headers, trust_env=False, timeout=60.0
        ) as client:
            for line, row in questions:
                answer = await client.request(
                    row["method"], row["path"], params=row["params"], json=row["body"]
                )
                report.counts["questions"] += 1
                title = f"{answers.name.split('.')[0]}:{line} {row['path'].split('/', 5)[-1]} "
                title += str(row["params"] or row["body"] or "")
                for difference in differences(row, answer.status_code, _json(answer), known):
                    report.add(title, difference)
    return report


def _asked_at(rows: list[Json]) -> float:
    """The account was asked soon after its people were made."""
    made = [as_epoch(row["created_at"]) or 0.0 for row in rows if row["table"] == "users"]
    return max(made) + 3600.0


def _by_id(rows: list[Json]) -> Rows:
    """Rows by what the API calls them: conversations by display id."""
    known: Rows = {"conversations": {}, "contacts": {}}
    for row in rows:
        if row["table"] == "conversations":
            known["conversations"][row["display_id"]] = row
        elif row["table"] == "contacts":
            known["contacts"][row["id"]] = row
    return known


def _json(answer: httpx.Response) -> Json:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def differences(question: Json, status: int, own: Json, known: Rows) -> list[str]:
    """What our answer to one question has other than the recorded one."""
    if status != question["status"]:
        return [f"status: recorded {question['status']}, ours {status}"]
    recorded = question["answer"]
    if status != 200:
        return [] if own == recorded else [f"recorded {recorded}, ours {own}"]
    inner = own.get("data", own)
    found = []
    if inner.get("meta") != recorded["meta"]:
        found.append(f"counts: recorded {recorded['meta']}, ours {inner.get('meta')}")
    if "ids" not in recorded:
        return found
    payload = inner["payload"]
    if not isinstance(payload, list):
        return [
            *found,
            f"payload: recorded {len(recorded['ids'])} rows, ours {type(payload).__name__}",
        ]
    ids = [one["id"] for one in payload]
    if not same_order(question, recorded["ids"], ids, known):
        found.append(f"ids: recorded {recorded['ids']}, ours {ids}")
    unread = dict(zip(recorded["ids"], recorded["unread"], strict=True))
    for one in payload:
        if one["id"] in unread and one.get("unread_count") != unread[one["id"]]:
            found.append(
                f"unread of {one['id']}: recorded {unread[one['id']]}, ours {one['unread_count']}"
            )
    return found


def same_order(question: Json, recorded: list[int], own: list[int], known: Rows) -> bool:
    """Place by place the same row, or one that ties with it; and no row twice."""
    if len(recorded) != len(own) or len(set(own)) != len(own):
        return False
    key = sort_key(question)
    table = known["contacts" if "/contacts" in question["path"] else "conversations"]
    return all(
        one == other or (key is not None and key(table[one]) == key(table[other]))
        for one, other in zip(recorded, own, strict=True)
    )


def sort_key(question: Json) -> Any:
    """A row's place in the asked order, as far as its columns decide it; None: unknown."""
    params = question["params"] or {}
    contacts = "/contacts" in question["path"]
    name = str(params.get("sort_by") or params.get("sort") or "")
    column = re.sub(r"^-|_(asc|desc)$", "", name)
    column = {"latest": "last_activity_at", "sort_on_created_at": "created_at"}.get(column, column)
    if not column:
        column = "created_at" if contacts else "last_activity_at"

    def key(row: dict[str, Json]) -> tuple[Json, ...]:
        names = (column, *_THEN.get(column, ()))
        return tuple(_PRIORITY[row[n]] if n == "priority" else row.get(n) for n in names)

    return key
