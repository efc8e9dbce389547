"""Reading recordings: files and folders of JSON rows become runs of actions and of what was heard.

The row format is described in tests/data/recordings/README.md. Nothing here knows what any action
means: a row is recognised by its shape, so recordings of other actions read just as well.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Json = Any

# The order in which one server was recorded (recordings/README.md); unknown files come after.
RECORDED_ORDER = (
    "http", "burst", "worker", "restart", "auth", "widget", "presence", "odd", "receipts",
    "mailbot", "figures", "lists", "admin",
)  # fmt: skip
_PARTS = re.compile(r"^(?:(?P<prefix>.+)-)?(?P<part>http|cable|webhooks)$")


@dataclass(frozen=True)
class Call:
    """A REST call and its answer; ``time`` is when the answer had come, seconds in the run."""

    time: float
    file: str
    line: int
    who: str
    label: str | None
    method: str
    path: str
    params: dict[str, Json] | None
    body: Json
    form: bool
    status: int
    type: str | None
    headers: dict[str, str]
    answer: Json

    @property
    def title(self) -> str:
        said = f" ({self.label})" if self.label else ""
        return f"{self.file}:{self.line} {self.who} {self.method} {self.path}{said}"


@dataclass(frozen=True)
class Opened:
    """A cable client connects; ``subscribe`` when the recording shows only what it then heard."""

    time: float
    file: str
    line: int
    who: str
    subscribe: str | None

    @property
    def title(self) -> str:
        return f"{self.file}:{self.line} {self.who} opens the cable"


@dataclass(frozen=True)
class Sent:
    """A frame that a cable client sent; ``None`` is a presence tick in the client's own words."""

    time: float
    file: str
    line: int
    who: str
    frame: Json

    @property
    def title(self) -> str:
        name = "ticks" if self.frame is None else f"sends {self.frame.get('command')}"
        return f"{self.file}:{self.line} {self.who} {name}"


@dataclass(frozen=True)
class Closed:
    """A cable client goes away (or was dropped)."""

    time: float
    file: str
    line: int
    who: str

    @property
    def title(self) -> str:
        return f"{self.file}:{self.line} {self.who} closes the cable"


@dataclass(frozen=True)
class Mail:
    """An e-mail arrives for an e-mail inbox; its text is to be read from the message it became."""

    time: float
    file: str
    line: int

    @property
    def title(self) -> str:
        return f"{self.file}:{self.line} an e-mail arrives"


@dataclass(frozen=True)
class Heard:
    """A frame that a cable client got, or a webhook (``who`` is then the path it came to)."""

    time: float
    file: str
    line: int
    who: str
    frame: Json
    hook: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A row that is no single action: it is read, counted and not replayed."""

    time: float
    file: str
    line: int
    what: str
    row: Json


Action = Call | Opened | Sent | Closed | Mail
Row = Action | Heard | Note


@dataclass
class Run:
    """Files that share one clock: what was done, and what was heard meanwhile."""

    name: str
    actions: list[Action] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    hook_hosts: set[str] = field(default_factory=set)
    rows: list[Json] = field(default_factory=list)

    @property
    def refuses_hooks(self) -> bool:
        """No webhook was received, and messages failed for want of one who listens."""
        return not self.hook_hosts and "external_error" in json.dumps(self.rows)

    @property
    def named_hosts(self) -> set[str]:
        """Hosts that the run's own calls name as those to send webhooks to."""
        found: set[str] = set()
        for call in self.calls:
            body = call.body if isinstance(call.body, dict) else {}
            for part, key in (("channel", "webhook_url"), ("webhook", "url")):
                inner = body.get(part)
                url = inner.get(key) if isinstance(inner, dict) else None
                if isinstance(url, str) and (host := urlsplit(url).netloc):
                    found.add(host)
        return found

    @property
    def calls(self) -> list[Call]:
        return [action for action in self.actions if isinstance(action, Call)]


def read_rows(path: Path) -> Iterator[tuple[int, Json]]:
    """Line number and value of each line of a plain or gzipped file of JSON lines."""
    with (
        gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8", errors="surrogatepass")
    ) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, json.loads(line)


def stem(path: Path) -> str:
    """``widget-http`` of ``widget-http.jsonl.gz``."""
    return path.name.split(".jsonl")[0]


def run_name(path: Path) -> str:
    """The run that a file belongs to: ``http``, ``cable`` and ``webhooks`` are one run."""
    parts = _PARTS.match(stem(path))
    return (parts["prefix"] or "http") if parts else stem(path)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The recordings named, folders opened in the order in which their files were recorded.

    Raises:
        FileNotFoundError: a path does not exist, or a folder holds no recording.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in path.iterdir() if p.name.endswith((".jsonl", ".jsonl.gz"))]
            if not inside:
                raise FileNotFoundError(f"{path} holds no .jsonl or .jsonl.gz file")
            found.extend(sorted(inside, key=_recorded_order))
        elif path.is_file():
            found.append(path)
        else:
            raise FileNotFoundError(f"{path} does not exist")
    return found


def _recorded_order(path: Path) -> tuple[int, str]:
    name = run_name(path)
    known = name in RECORDED_ORDER
    return (RECORDED_ORDER.index(name) if known else len(RECORDED_ORDER), path.name)


def read_runs(files: Iterable[Path]) -> list[Run]:
    """One run for each group of files with one clock, in the order in which they are named."""
    runs: dict[tuple[Path, str], Run] = {}
    for path in files:
        run = runs.setdefault((path.parent, run_name(path)), Run(run_name(path)))
        for number, row in read_rows(path):
            run.rows.append(row)
            _add(run, _row(row, stem(path), number))
            if host := (row.get("headers") or {}).get("Host"):
                run.hook_hosts.add(host)
    for run in runs.values():
        _infer_clients(run)
        run.actions.sort(key=lambda action: action.time)
        run.heard.sort(key=lambda heard: heard.time)
    return list(runs.values())


def _add(run: Run, row: Row) -> None:
    if isinstance(row, Heard):
        run.heard.append(row)
    elif isinstance(row, Note):
        run.notes.append(row)
    else:
        run.actions.append(row)


def _row(row: Json, file: str, line: int) -> Row:
    at = float(row.get("t", 0.0))
    what = row.get("what")
    direction = row.get("dir")
    who = str(row.get("who", "agent1"))
    if what == "call" or (what is None and "method" in row and "status" in row):
        if not {"method", "path", "status"} <= row.keys():
            return Note(at, file, line, f"call not kept ({row.get('label')})", row)
        return Call(
            at, file, line, who, row.get("label"), row["method"], row["path"], row.get("params"),
            row.get("body"), bool(row.get("form")) or _was_multipart(row), int(row["status"]),
            row.get("type"), row.get("headers") or {}, row.get("answer"),
        )  # fmt: skip
    if direction == "open" or what == "open":
        return Opened(at, file, line, who, None)
    if direction == "out":
        return Sent(at, file, line, who, row["frame"])
    if what == "tick":
        return Sent(at, file, line, who, None)
    if direction == "closed" or what in ("closed", "lost"):
        return Closed(at, file, line, who)
    if what == "mail arrives":
        return Mail(at, file, line)
    if what == "hook" or (what is None and "frame" not in row and "path" in row and "body" in row):
        headers = row.get("headers") or {}
        return Heard(at, file, line, str(row["path"]), row["body"], hook=True, headers=headers)
    if isinstance(row.get("frame"), dict):
        return Heard(at, file, line, who, row["frame"])
    return Note(at, file, line, str(what), row)


def _was_multipart(row: Json) -> bool:
    """A new message with files was sent as a form, whether its fields were kept or not."""
    answer = row.get("answer")
    return (
        row["method"] == "POST"
        and row["path"].endswith(("/messages", "/conversations"))
        and isinstance(answer, dict)
        and bool(answer.get("attachments"))
        and not (isinstance(row.get("body"), dict) and "attachments" in row["body"])
    )


def _infer_clients(run: Run) -> None:
    """Adds the connects, subscriptions and ticks of clients of whom only the frames were kept."""
    acting = {a.who for a in run.actions if isinstance(a, Opened)}
    ticking = {a.who for a in run.actions if isinstance(a, Sent)}
    ticks_kept = bool(ticking)
    by_client: dict[str, list[Heard]] = {}
    for heard in run.heard:
        if not heard.hook and heard.who not in acting:
            by_client.setdefault(heard.who, []).append(heard)
    for who, frames in by_client.items():
        identifier = next((f.frame["identifier"] for f in frames if "identifier" in f.frame), None)
        first = frames[0]
        # Where the recording of a client begins later than its socket, it was there already.
        at = first.time if first.frame.get("type") == "welcome" else 0.0
        run.actions.append(Opened(at, first.file, first.line, who, identifier))
        if not ticks_kept:
            presences = [f for f in frames if _event(f.frame) == "presence.update"]
            for frame in presences[1:]:
                run.actions.append(Sent(frame.time, frame.file, frame.line, who, None))


def _event(frame: Json) -> str | None:
    message = frame.get("message")
    return message.get("event") if isinstance(message, dict) else None


_TIMES = ("created_at", "updated_at")


def epoch_of(run: Run) -> float | None:
    """When the run began, in epoch seconds (no earlier): no row names a creation yet to come."""
    latest: float | None = None
    said = [(one.time, one.answer) for one in run.calls]
    said += [(one.time, one.frame) for one in run.heard]
    for time, value in said:
        for moment in _times(value):
            latest = max(latest or 0.0, moment - time)
    return latest


def _times(value: Json) -> Iterator[float]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _TIMES and (moment := as_epoch(inner)) is not None:
                yield moment
            else:
                yield from _times(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _times(inner)


def as_epoch(value: Json) -> float | None:
    """Epoch seconds of a number or an ISO text that can be a time of our years, else None."""
    if isinstance(value, str) and re.match(r"^20\d\d-\d\d-\d\dT", value):
        return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    if isinstance(value, int | float) and 1.5e9 < value < 2.5e9:
        return float(value)
    return None


def people_of(files: Iterable[Path]) -> Json:
    """The ``seed.json`` beside the recordings.

    Raises:
        FileNotFoundError: there is none: without it no caller is known.
    """
    for path in files:
        seed = path.parent / "seed.json"
        if seed.is_file():
            return json.loads(seed.read_text(encoding="utf-8"))
    raise FileNotFoundError("no seed.json beside the recordings: it names the people of the run")


def name_people(people: Json, rows: Iterable[Json]) -> dict[str, str]:
    """E-mail -> name, role and the account's name, as far as the recording tells them."""
    names: dict[str, str] = {}
    wanted = {person["email"] for person in (people["admin"], *people["agents"])}
    for row in rows:
        _collect_names(row, wanted, names, people["account_id"])
        if len(names) > len(wanted):
            break
    return names


def _collect_names(value: Json, wanted: set[str], names: dict[str, str], account: int) -> None:
    if isinstance(value, dict):
        email, name = value.get("email"), value.get("name")
        if isinstance(email, str) and isinstance(name, str) and email in wanted:
            names.setdefault(email, name)
        for key, inner in value.items():
            if key == "account" and isinstance(inner, dict) and inner.get("id") == account:
                names.setdefault("account", str(inner.get("name")))
            if key == "accounts" and isinstance(inner, list):
                for one in inner:
                    if isinstance(one, dict) and one.get("id") == account and one.get("name"):
                        names.setdefault("account", str(one["name"]))
            _collect_names(inner, wanted, names, account)
    elif isinstance(value, list):
        for inner in value:
            _collect_names(inner, wanted, names, account)
