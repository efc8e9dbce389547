"""Figures over known rows: every recorded report must be answered with the recorded values.

Each question is asked twice: over HTTP of a fresh shop that holds the rows, and of our own
calculation in ``revivatui.state.figures``, which shares nothing with the shop. Floats may differ
by a millionth; where the server gives no order, any will do.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import httpx

from revivatui.shop.clock import Clock
from revivatui.shop.load_raw import load_raw
from revivatui.shop.server import ShopServer
from revivatui.shop.world import create_shop
from tools.conformance.recording import read_rows
from tools.conformance.report import Explanation, read_explained

Json = Any
# When the recorded questions were asked: what "now" and "today" are in them.
ASKED_AT: Final = datetime(2026, 11, 22, 20, 20, tzinfo=UTC).timestamp()
EXPLAINED: Final = Path(__file__).with_name("figures.toml")
OURS: Final = "revivatui.state.figures"
_PAGE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# How an empty body is recorded, and what it is read as.
_NOTHING: Final[tuple[Json, ...]] = (None, "", {"_text": ""})
# Lists without an order of their own, and what tells their rows apart.
_UNORDERED: Final = (
    (re.compile(r"/summary_reports/(agent|team|inbox)$"), "id"),
    (re.compile(r"/grouped_conversation_metrics$"), ("team_id", "assignee_id")),
)


@dataclass
class Compared:
    """What came of one side: the shop, or our own calculation."""

    version: str
    side: str
    explained: list[Explanation]
    questions: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def unexplained(self) -> list[str]:
        return [one for one in self.lines if not any(e.pattern.search(one) for e in self.explained)]

    def text(self) -> str:
        """Each difference, then how many questions and differences there were."""
        parts = [f"  DIFFERS  {line}" for line in self.unexplained]
        said = f"Chatwoot {self.version}, {self.side}: {self.questions} questions"
        said += f", {len(self.unexplained)} differences"
        if others := len(self.lines) - len(self.unexplained):
            said += f", {others} explained"
            reasons = dict.fromkeys(
                one.reason
                for one in self.explained
                if any(one.pattern.search(line) for line in self.lines)
            )
            parts += [f"  explained: {reason}" for reason in reasons]
        return "\n".join([*parts, said])


@dataclass
class FiguresReport:
    """Both sides of one version; our own is missing where it is not installed."""

    sides: list[Compared]
    missing: str = ""

    @property
    def unexplained(self) -> list[str]:
        return [line for side in self.sides for line in side.unexplained]

    def text(self) -> str:
        return "\n".join([*(side.text() for side in self.sides), self.missing]).strip()


async def compare_figures(
    version: str, raw: Path, answers: Path, now: float = ASKED_AT
) -> FiguresReport:
    """Put every recorded question to the shop and to our own calculation, both with these rows.

    Raises:
        FileNotFoundError: one of the files is not there.
    """
    rows = [row for _, row in read_rows(raw)]
    questions = list(read_rows(answers))
    sides = [await ask_shop(version, rows, questions, now)]
    try:
        sides.append(ask_ourselves(version, rows, questions, now))
    except ModuleNotFoundError as missing:
        return FiguresReport(sides, f"our own calculation is not here, not asked: {missing}")
    return FiguresReport(sides)


async def ask_shop(
    version: str, rows: list[Json], questions: list[tuple[int, Json]], now: float
) -> Compared:
    """The shop's side, over HTTP, as the account's administrator."""
    side = Compared(version, "the embedded shop", read_explained(EXPLAINED))
    account = int(re.search(r"/accounts/(\d+)", questions[0][1]["path"])[1])  # type: ignore[index]
    shop = create_shop(version, clock=Clock(now, frozen=True), people=())
    loaded = load_raw(shop.db, rows, account)
    headers = {"api_access_token": loaded.tokens[loaded.administrator_id]}
    async with (
        ShopServer(shop) as server,
        httpx.AsyncClient(
            base_url=server.url, headers=headers, trust_env=False, timeout=60.0
        ) as client,
    ):
        for line, question in questions:
            answer = await client.get(question["path"], params=question["params"] or {})
            _note(side, line, question, answer.status_code, _body(answer))
    return side


def ask_ourselves(
    version: str, rows: list[Json], questions: list[tuple[int, Json]], now: float
) -> Compared:
    """The side of our own calculation."""
    side = Compared(version, "our own calculation", read_explained(EXPLAINED))
    answer_of: Callable[..., Any] = import_module(f"{OURS}.answers").answer
    known = import_module(f"{OURS}.rows").rows_of(rows)
    asked_at = datetime.fromtimestamp(now, UTC)
    for line, question in questions:
        params = {name: _text(value) for name, value in (question["params"] or {}).items()}
        answer = answer_of(known, version, question["path"], params, asked_at)
        body = answer.body
        if isinstance(body, Mapping) and "_text" in body:
            body = body["_text"]
        _note(side, line, question, answer.status, body)
    return side


def _text(value: Json) -> str | list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _body(answer: httpx.Response) -> Json:
    if "json" in answer.headers.get("content-type", "") and answer.content:
        return answer.json()
    return answer.text


def _note(side: Compared, line: int, question: Json, status: int, own: Json) -> None:
    side.questions += 1
    for difference in differences(question, status, own):
        where = f"{side.version} figures:{line} {question['path']} {question['params']}"
        side.lines.append(f"{side.side}: {where}: {difference}")


def differences(question: Json, status: int, own: Json) -> list[str]:
    """What an answer has other than the recorded one: path in the answer, expected, got."""
    if status != question["status"]:
        return [f"status: expected {question['status']}, got {status}"]
    recorded = question["answer"]
    if recorded in _NOTHING and own in _NOTHING:
        return []
    if isinstance(recorded, Mapping) and "_text" in recorded:
        return _of_texts(question["path"], recorded["_text"], own)
    recorded, own = _in_one_order(question, recorded), _in_one_order(question, own)
    return list(_unlike("answer", recorded, own))


def _of_texts(path: str, recorded: str, own: Json) -> list[str]:
    page = _PAGE.search(recorded)
    if page is not None:
        # A page for browsers: what it says is all that counts, where there is one at all.
        other = _PAGE.search(own) if isinstance(own, str) else None
        same = other is None or other[1] == page[1]
        return [] if same else [f"page: expected {page[1]}, got {other and other[1]}"]
    if not isinstance(own, str):
        return [f"answer: expected text, got {own!r}"]
    theirs, ours = list(csv.reader(io.StringIO(recorded))), list(csv.reader(io.StringIO(own)))
    if path.endswith("/reports/agents"):
        # Its rows come as the database gives them.
        theirs, ours = [*theirs[:4], *sorted(theirs[4:])], [*ours[:4], *sorted(ours[4:])]
    return list(_unlike("row", theirs, ours))


def _in_one_order(question: Json, answer: Json) -> Json:
    """Rows that may come in any order, sorted; of sorted ones those that tie."""
    if not isinstance(answer, list) or not all(isinstance(row, Mapping) for row in answer):
        return answer
    path, params = question["path"], question["params"] or {}
    for pattern, key in _UNORDERED:
        if pattern.search(path):
            names = (key,) if isinstance(key, str) else key
            return sorted(answer, key=lambda row: [str(row.get(name)) for name in names])
    if path.endswith("/reports/conversations"):
        return _ties_sorted(answer, lambda row: row.get("metric", {}).get("open"))
    if path.endswith("/csat_survey_responses") and params.get("sort"):
        return _ties_sorted(answer, lambda row: row.get("created_at"))
    return answer


def _ties_sorted(rows: list[Json], key: Callable[[Json], Json]) -> list[Json]:
    """Runs of rows with the same key, each sorted by id; the runs stay where they are."""
    runs: list[list[Json]] = []
    for row in rows:
        if runs and key(runs[-1][0]) == key(row):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [row for run in runs for row in sorted(run, key=lambda one: str(one.get("id")))]


def _unlike(path: str, theirs: Json, ours: Json) -> Iterator[str]:
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        for name in dict.fromkeys([*theirs, *ours]):
            if name not in ours:
                yield f"{path}.{name}: expected {theirs[name]!r}, got nothing"
            elif name not in theirs:
                yield f"{path}.{name}: expected nothing, got {ours[name]!r}"
            else:
                yield from _unlike(f"{path}.{name}", theirs[name], ours[name])
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path}: expected {len(theirs)} rows, got {len(ours)}"
            return
        for place, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            yield from _unlike(f"{path}[{place}]", one, other)
    elif not _same(theirs, ours):
        yield f"{path}: expected {theirs!r}, got {ours!r}"


def _same(one: Json, other: Json) -> bool:
    numbers = [isinstance(value, int | float) and not isinstance(value, bool)
               for value in (one, other)]  # fmt: skip
    if all(numbers):
        return bool(abs(one - other) <= 1e-6 + 1e-6 * abs(one))
    return type(one) is type(other) and bool(one == other)
