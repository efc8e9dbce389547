"""Replays recorded calls as the recorded callers against a fresh shop, and compares."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from revivatui.shop.clock import Clock
from revivatui.shop.mail import receive_mail
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, create_shop
from tools.conformance import forms, left, mails, recording
from tools.conformance.clients import CableClient, Callers, HookListener
from tools.conformance.compare import Difference, compare, show
from tools.conformance.events import Ear, Own, describe, event_of, order_differences, subject_of
from tools.conformance.kinds import hint_of_path, path_kinds
from tools.conformance.mapping import Mapping
from tools.conformance.recording import Call, Closed, Heard, Mail, Opened, Run, Sent
from tools.conformance.report import Report, read_explained
from tools.conformance.snapshots import Doubt, Snapshots, is_doubtful

Json = Any
# Between two recordings of one server there was time for everybody to go away.
PAUSE = 120.0
UNKNOWN = "about what no recorded call made"


async def replay(version: str, paths: Iterable[Path], *, values: bool = False) -> Report:
    """Replay recordings, in the order given, on one fresh shop of that version.

    Raises:
        FileNotFoundError: a path, or the ``seed.json`` beside the recordings, is not there.
    """
    files = recording.files_of(paths)
    people = recording.people_of(files)
    later = [path for path in files if left.LATER_RUNS.match(recording.run_name(path))]
    runs = recording.read_runs(path for path in files if path not in later)
    report = Report(version, read_explained())
    for path in later:
        report.left[recording.stem(path)] += sum(1 for _ in recording.read_rows(path))
    names = recording.name_people(people, (row for run in runs for row in run.rows))
    to_replay = [run for run in runs if run.name not in left.PARSED_ONLY]
    for run in runs:
        if run not in to_replay:
            report.parsed_only[run.name] += len(run.rows)
    starts = [start for run in to_replay if (start := recording.epoch_of(run)) is not None]
    clock = Clock(min(starts) - PAUSE if starts else None, frozen=True)
    shop = create_shop(version, clock=clock, people=_persons(people, names))
    async with ShopServer(shop) as server:
        stage = _Stage(server, people, report, values=values)
        try:
            for run in to_replay:
                await stage.play(run)
        finally:
            await stage.close()
    _check_wire(version, runs, report)
    return report


def _persons(people: Json, names: dict[str, str]) -> list[Person]:
    """The people of the seed, in the order of their ids."""
    rows = [(people["admin"], "administrator"), *((one, "agent") for one in people["agents"])]
    rows.sort(key=lambda row: row[0]["id"])
    return [
        Person(
            names.get(one["email"], one["email"].split("@")[0].title()), one["email"], role,
            password=one["password"], token=one["token"], pubsub_token=one["pubsub"],
        )
        for one, role in rows
    ]  # fmt: skip


def _check_wire(version: str, runs: list[Run], report: Report) -> None:
    """The recorded answers and frames themselves must pass through the wire models whole."""
    try:
        from tools.conformance import wire
    except ImportError:
        report.add("wire", "tools.conformance.wire is not there")
        return
    rows = [row for run in runs for row in run.rows]
    report.counts["rows through the wire models"] = len(rows)
    for line in wire.check(version, rows):
        report.add("wire", line)


class _Stage:
    """One shop with the callers, cable clients and webhook listener of the recordings."""

    def __init__(self, server: ShopServer, people: Json, report: Report, *, values: bool) -> None:
        self.server = server
        self.shop = server.shop
        self.people = people
        self.report = report
        self.values = values
        self.mapping = Mapping()
        self.callers = Callers(server.url, people)
        self.listener = HookListener()
        self.clients: dict[str, CableClient] = {}
        self.identifiers: dict[str, str] = {}
        self.sizes: forms.Sizes = {}
        self.unknown: set[tuple[str, int]] = set()
        self._learn_people()

    def _learn_people(self) -> None:
        self.mapping.learn_id("account", self.people["account_id"], 1)
        rows = sorted([self.people["admin"], *self.people["agents"]], key=lambda one: one["id"])
        for own, person in enumerate(rows, 1):
            self.mapping.learn_id("user", person["id"], own)

    def _user_ids(self) -> dict[str, int]:
        ids = {f"agent{n}": agent["id"] for n, agent in enumerate(self.people["agents"], 1)}
        return {"admin": self.people["admin"]["id"], **ids}

    async def close(self) -> None:
        for client in self.clients.values():
            await client.close()
        await self.callers.close()
        await self.listener.refuse()

    async def play(self, run: Run) -> None:
        """One run: its actions one after the other, each with what it made others hear."""
        start = recording.epoch_of(run) or self.shop.clock.now() + PAUSE
        await self._listen_as_recorded(run)
        self._turn_clock(start)
        await self._take_out_members(run)
        self.sizes = forms.picture_sizes(run.rows)
        ear = Ear(self.mapping, run.heard, run.actions)
        ear.know_users(self._user_ids())
        shots = Snapshots(self.mapping, ear)
        for action in run.actions:
            self._turn_clock(start + action.time)
            try:
                await self._act(run, action)
            except (httpx.HTTPError, OSError, LookupError, TypeError, ValueError) as problem:
                self.report.add(action.title, f"could not be replayed: {problem!r}")
            await self._hear(action, ear, shots)
        for heard in ear.missing():
            if self._is_of_unknown(heard):
                self.report.left[UNKNOWN] += 1
                continue
            after = ear.action_of(heard)
            self.report.add(
                after.title if after else run.name,
                f"{heard.who} did not get {describe(heard.frame, heard.hook)} "
                f"({heard.file}:{heard.line})",
            )
        for doubt in shots.standing():
            self._add_difference(doubt.action, doubt.own, doubt.difference)
        for action, what in order_differences(ear.matches):
            self.report.add(action.title, what)
        for note in run.notes:
            self.report.parsed_only[f"{run.name}: {note.what}"] += 1
        for client in self.clients.values():
            await client.close()
        self.clients.clear()
        await self._settle()

    def _turn_clock(self, moment: float) -> None:
        if moment > self.shop.clock.now():
            self.shop.clock.set(moment)

    async def _listen_as_recorded(self, run: Run) -> None:
        """Webhooks are received where the recording received them, and refused elsewhere."""
        await self.listener.listen()
        for host in run.hook_hosts or run.named_hosts:
            self.mapping.learn_token(host, self.listener.host)
        if run.refuses_hooks:
            await self.listener.refuse()

    async def _take_out_members(self, run: Run) -> None:
        """Agents whom the run's first list no longer knows had been removed before it."""
        path = f"/api/v1/accounts/{self.people['account_id']}/agents"
        gone: set[str] = set()
        for call in run.calls:
            if call.path == path and call.method == "GET" and call.status == 200:
                break
            if call.method == "DELETE":
                gone.add(call.path)
        else:
            return
        there = {agent["id"] for agent in call.answer}
        for person in self.people["agents"]:
            if person["id"] not in there and f"{path}/{person['id']}" not in gone:
                own = self.mapping.own_id("user", person["id"])
                await self.callers.send("admin", "DELETE", f"/api/v1/accounts/1/agents/{own}")
        await self._settle()

    async def _act(self, run: Run, action: recording.Action) -> None:
        if isinstance(action, Call):
            await self._call(action)
        elif isinstance(action, Opened):
            await self._open(action)
        elif isinstance(action, Sent):
            await self._send(action)
        elif isinstance(action, Closed):
            if (client := self.clients.pop(action.who, None)) is not None:
                await client.close()
        else:
            await self._mail(run, action)

    async def _call(self, call: Call) -> None:
        body, form = forms.body_of(call, self.sizes)
        body = forms.rehashed(self.mapping.own_value(body), body, self.mapping)
        if isinstance(form, forms.Form):
            form.fields = {key: self.mapping.own_text(text) for key, text in form.fields.items()}
        params = self.mapping.own_params(call.params) if call.params else None
        response = await self.callers.send(
            call.who, call.method, self.mapping.own_path(call.path), params,
            body, form, accept=_accept_of(call),
        )  # fmt: skip
        await self._settle()
        self.report.counts["calls replayed"] += 1
        self._compare_answer(call, response)

    def _compare_answer(self, call: Call, response: httpx.Response) -> None:
        if response.status_code == 404 and call.status < 300 and self._unknown_in(call):
            self.report.left[UNKNOWN] += 1
            self.unknown.update(self._unknown_in(call))
            return
        if response.status_code != call.status:
            said = response.text[:120]
            self.report.add(
                call.title, f"status: recorded {call.status}, ours {response.status_code} {said}"
            )
            return
        kind = response.headers.get("content-type")
        if call.type is not None and kind != call.type:
            self.report.add(call.title, f"content type: recorded {call.type}, ours {kind}")
        for name in call.headers:
            if name not in response.headers:
                self.report.add(call.title, f"header {name} missing")
        own = _json_of(response)
        self.callers.learn(call, own)
        recorded = call.answer
        if isinstance(recorded, dict) and "_long" in recorded:
            return
        hint = hint_of_path(call.path)
        self.mapping.learn(recorded, own, hint)
        for difference in compare(self.mapping, recorded, own, hint):
            self.report.add(call.title, difference)
        if self.values:
            self._compare_values(call.title, recorded, own, hint)

    def _unknown_in(self, call: Call) -> set[tuple[str, int]]:
        """What the path names and neither recording nor seed tells where it is from."""
        return {
            (kind, int(segment))
            for segment, kind in path_kinds(call.path)
            if kind is not None and not self.mapping.knows(kind, int(segment))
        }

    def _is_of_unknown(self, heard: Heard) -> bool:
        subject = subject_of(heard.frame, heard.hook)
        return subject is not None and subject[:2] in self.unknown

    def _compare_values(self, title: str, recorded: Json, own: Json, hint: str) -> None:
        shapes = set(compare(self.mapping, recorded, own, hint))
        for difference in compare(self.mapping, recorded, own, hint, values=True):
            if difference not in shapes:
                self.report.values.append(f"{self.report.version} {title}: {difference}")

    async def _open(self, action: Opened) -> None:
        if (before := self.clients.pop(action.who, None)) is not None:
            await before.close()
        client = CableClient(action.who)
        self.clients[action.who] = client
        await client.open(f"ws{self.server.url.removeprefix('http')}/cable")
        if action.subscribe is not None:
            identifier = self._own_identifier(action.subscribe)
            self.identifiers[action.who] = identifier
            await client.send({"command": "subscribe", "identifier": identifier})

    async def _send(self, action: Sent) -> None:
        client = self.clients.get(action.who)
        if client is None or not client.is_open:
            return
        if action.frame is None:
            frame = {
                "command": "message",
                "identifier": self.identifiers.get(action.who, ""),
                "data": json.dumps({"action": "update_presence"}),
            }
        else:
            frame = dict(action.frame)
            if "identifier" in frame:
                frame["identifier"] = self._own_identifier(frame["identifier"])
                self.identifiers[action.who] = frame["identifier"]
        await client.send(frame)

    def _own_identifier(self, identifier: str) -> str:
        try:
            parts = json.loads(identifier)
        except ValueError:
            return self.mapping.own_text(identifier)
        return json.dumps(self.mapping.own_value(parts))

    async def _mail(self, run: Run, action: Mail) -> None:
        """The row says only that mail came: it is what was heard until the next."""
        for message in mails.mail_messages(run, action):
            self._turn_clock(float(message["created_at"]))
            receive_mail(self.shop, mails.raw_mail(message, self.mapping))
            await self._settle()

    async def _settle(self) -> None:
        """Until every command was obeyed, every job done and every frame read."""
        for _ in range(2):
            for client in self.clients.values():
                await client.caught_up()
            await asyncio.sleep(0)
            await self.shop.worker.drain()
            for connection in list(self.shop.cable.connections):
                await connection.flushed()
        for client in self.clients.values():
            await client.caught_up()

    async def _hear(self, action: recording.Action, ear: Ear, shots: Snapshots) -> None:
        await self._settle()
        heard = [Own(client.who, frame) for client in self.clients.values()
                 for frame in client.frames]  # fmt: skip
        heard += [
            Own(path, body, hook=True, headers=headers)
            for path, headers, body in self.listener.received
        ]
        for client in self.clients.values():
            client.frames.clear()
        self.listener.received.clear()
        for place, own in enumerate(heard):
            what = describe(own.frame, own.hook)
            recorded, differences = ear.take(action, own, place)
            self.report.counts["webhooks" if own.hook else "frames"] += 1
            if recorded is None and (ear.is_over(action) or not ear.is_judged(own)):
                self.report.counts["heard where the recording did not listen"] += 1
                continue
            if recorded is None:
                self.report.add(action.title, f"{own.who} got {what}, which was not recorded")
                continue
            shots.see(action, own)
            for difference in differences:
                if is_doubtful(own, difference, self.report.version):
                    shots.doubts.append(Doubt(action, own, recorded, difference))
                else:
                    self._add_difference(action, own, difference)

    def _add_difference(self, action: recording.Action, own: Own, difference: Difference) -> None:
        name = event_of(own.frame, own.hook)
        self.report.add(action.title, f"{own.who} {name} {difference}")


def _accept_of(call: Call) -> str:
    """Who got a page for people had not asked for JSON (contract 0)."""
    page = isinstance(call.answer, dict) and str(call.answer.get("_text")).startswith("<!DOCTYPE")
    return "*/*" if page else "application/json"


def _json_of(response: httpx.Response) -> Json:
    try:
        return response.json()
    except ValueError:
        return {"_text": response.text}


__all__ = ["replay", "show"]
