"""Webhooks lost, doubled and disordered in every way, against a bridge that heard everything once.

    python -m tests.bridge.disorder --scenarios 50 --schedules 10 --recorded 25 --seed 1

Each scenario is a shop in which random things happen. One bridge hears of each at once and in
order, and asks where no webhook tells; the others hear what their schedules let through, work and
catch up at random moments, and must end with the same CRM. Then the webhooks that real servers of
both versions sent (`webhooks.jsonl` and `widget-webhooks.jsonl`) are played in as many orders.
Everything is drawn from the seed that is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from faker import Faker

from revivatui.shop.actions import contacts, conversations, messages, surveys
from revivatui.shop.db import Row
from tests.bridge.desks import add_webhook, forget_the_past
from tests.bridge.recorded import FILES, run_recorded
from tests.bridge.stands import Body, Stand, differences, picture, sink, stand
from tests.support.shops import Stage, Template, make_template, running_shop

TEXTS = (
    "My {thing} does not start",
    "Is it ready?",
    "**Please** hurry, see https://shop.example.com/repairs",
    "The passcode is 4711",
    "It fell into water.\n\nWhat now?",
    "ok & <b>thanks</b>",
    "Olá, tudo bem?",
)
THINGS = ("phone", "laptop", "tablet", "screen")


class Life:
    """Random things that happen in a shop."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.shop = stage.shop
        self.random = Random(seed)
        self.faker = Faker()
        self.faker.seed_instance(seed)
        self.numbers: list[int] = []
        self.written: list[int] = []
        self.merged = False
        """Whether the last step was one that no webhook tells."""

    def step(self) -> None:
        self.merged = False
        if not self.numbers:
            self.new_conversation()
        acts: Sequence[tuple[int, Callable[[], None]]] = (
            (8, self._customer),
            (6, self._colleague),
            (3, self._status),
            (2, self.new_conversation),
            (2, self._rename),
            (2, self._delete),
            (1, self._rate),
            (1, self._label),
            (1, self._read),
            (1, self._merge),
        )
        weights = [weight for weight, _ in acts]
        self.random.choices([act for _, act in acts], weights)[0]()

    def _text(self) -> str:
        return self.random.choice(TEXTS).format(thing=self.random.choice(THINGS))

    def _conversation(self) -> Row:
        row = self.shop.db.get("conversations", self.random.choice(self.numbers))
        assert row is not None
        return row

    def _customer(self) -> None:
        self.written.append(self.stage.customer_writes(self._conversation(), self._text()))

    def _colleague(self) -> None:
        private = self.random.random() < 0.3
        row = self._conversation()
        self.written.append(self.stage.colleague_writes(row, self._text(), private))

    def _status(self) -> None:
        status = self.random.choice(("resolved", "resolved", "open", "pending", "snoozed"))
        self.stage.colleague_sets_status(self._conversation(), status)

    def new_conversation(self) -> None:
        channel = self.random.choice(("Channel::Api", "Channel::WebWidget"))
        inbox = self.shop.db.find("inboxes", channel_type=channel)
        assert inbox is not None
        with self.shop.acting(None, in_account=False):
            contact = contacts.create_contact(
                self.shop,
                1,
                name=self.faker.name(),
                email=self.faker.unique.safe_email() if self.random.random() < 0.7 else None,
            )
            place = contacts.create_contact_inbox(self.shop, contact, inbox)
            row = conversations.create_conversation(self.shop, place)
        self.numbers.append(row["id"])

    def _rename(self) -> None:
        contact = self.shop.db.get("contacts", self._conversation()["contact_id"])
        assert contact is not None
        with self.shop.acting(self.stage.colleague()):
            contacts.update_contact(
                self.shop,
                contact,
                name=self.faker.name(),
                email=self.faker.unique.safe_email(),
            )

    def _merge(self) -> None:
        """Somebody who wrote turns out to be a contact who never did. Two who both wrote are two
        customers, or one, by who was heard of: they are looked at elsewhere."""
        gone = self.shop.db.get("contacts", self._conversation()["contact_id"])
        assert gone is not None
        with self.shop.acting(self.stage.colleague()):
            base = contacts.create_contact(
                self.shop, 1, name=self.faker.name(), email=self.faker.unique.safe_email()
            )
            contacts.merge_contacts(self.shop, base, gone)
        self.merged = True

    def _delete(self) -> None:
        row = self.shop.db.get("messages", self.random.choice(self.written or [0]))
        if row is not None and not row["content_attributes"].get("deleted"):
            with self.shop.acting(self.stage.colleague()):
                messages.delete_message(self.shop, row)

    def _rate(self) -> None:
        survey = self.shop.db.one(
            "SELECT * FROM messages WHERE content_type = 'input_csat' ORDER BY id DESC LIMIT 1"
        )
        if survey is not None and survey["id"] > min(self.written, default=1 << 60):
            answer = {"csat_survey_response": {"rating": self.random.randint(1, 5)}}
            with self.shop.acting(None, in_account=False):
                surveys.submit(self.shop, survey, answer)

    def _label(self) -> None:
        with self.shop.acting(self.stage.colleague()):
            conversations.set_labels(self.shop, self._conversation(), [self.random.choice(THINGS)])

    def _read(self) -> None:
        with self.shop.acting(None, in_account=False):
            conversations.contact_read(self.shop, self._conversation())


class Schedule:
    """What one bridge gets to hear, and when."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.loss = self.random.choice((0.0, 0.1, 0.3, 0.9))
        self.doubles = self.random.choice((0.0, 0.2, 0.5))
        self.longest = self.random.choice((0, 2, 8, 100))
        self._late: list[tuple[int, Body]] = []

    def hear(self, step: int, bodies: Sequence[Body]) -> list[Body]:
        """What arrives at this step, of this and earlier ones, in the order of arrival."""
        for body in bodies:
            copies = 1 + (self.random.random() < self.doubles)
            for _ in range(copies):
                if self.random.random() >= self.loss:
                    self._late.append((step + self.random.randint(0, self.longest), body))
        due = [body for when, body in self._late if when <= step]
        self._late = [one for one in self._late if one[0] > step]
        self.random.shuffle(due)
        return due

    def rest(self) -> list[Body]:
        rest = [body for _, body in self._late]
        self._late = []
        self.random.shuffle(rest)
        return rest

    async def go_on(self, there: Stand, step: int, bodies: Sequence[Body]) -> None:
        await there.deliver(self.hear(step, bodies))
        if self.random.random() < 0.5:
            await there.work()
        if self.random.random() < 0.05:
            await there.catch_up()

    async def end(self, there: Stand) -> None:
        """What is late comes before the last catching up, or behind it."""
        rest = self.rest()
        half = self.random.randint(0, len(rest))
        await there.deliver(rest[:half])
        if self.random.random() < 0.5:
            await there.work()
        await there.catch_up()
        await there.work()
        await there.deliver(rest[half:])
        await there.work()


async def run_scenario(
    template: Template,
    folder: Path,
    seed: int,
    schedules: int,
    steps: int,
    last_crm: str = "",
) -> list[str]:
    """Live through one scenario; gives what differs, a line each.

    `last_crm` is where the last bridge has its CRM, if not in a file as all others.
    """
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(running_shop(template, folder / "shop"))
        told = await stack.enter_async_context(sink())
        forget_the_past(stage)
        add_webhook(stage, told.url)
        crms: list[str | Path] = [folder / f"crm{one}.sqlite3" for one in range(schedules + 1)]
        if last_crm:
            crms[-1] = last_crm
        opened = [await stack.enter_async_context(stand(stage, one)) for one in crms]
        perfect, others = opened[0], opened[1:]
        plans = [Schedule(seed * 1000 + number) for number in range(schedules)]
        life = Life(stage, seed)
        for step in range(steps):
            life.step()
            await stage.shop.worker.drain()
            bodies = told.take()
            for body in bodies:
                await perfect.deliver([body])
                await perfect.work()
            if life.merged:
                await perfect.catch_up()
                await perfect.work()
            for plan, other in zip(plans, others, strict=True):
                await plan.go_on(other, step, bodies)
        for plan, other in zip(plans, others, strict=True):
            await plan.end(other)
        return await _compared(perfect, others, seed)


async def _compared(perfect: Stand, others: Sequence[Stand], seed: int) -> list[str]:
    wanted = await picture(perfect.bridge)
    assert wanted["count of comments"], "the scenario said nothing"
    found = [f"seed {seed}, perfect: {one}" for one in await perfect.waiting()]
    for number, other in enumerate(others):
        lines: list[Any] = differences(wanted, await picture(other.bridge))
        lines += await other.waiting()
        found += [f"seed {seed}, schedule {number}: {line}" for line in lines]
    return found


async def run_recording(
    template: Template, folder: Path, name: str, schedules: int, seed: int
) -> list[str]:
    async with running_shop(template, folder / "shop") as stage:
        return await run_recorded(stage, template.version, name, folder, schedules, seed)


def _said(what: str, found: Sequence[str]) -> bool:
    print(f"{what}: {'; '.join(one[:300] for one in found[:5]) or 'same'}", flush=True)
    return bool(found)


def _scenarios(given: argparse.Namespace, templates: Sequence[Template], folder: Path) -> int:
    failures = 0
    for number in range(given.scenarios):
        seed, template = given.seed + number, templates[number % 2]
        place = folder / f"run{number}"
        place.mkdir()
        found = asyncio.run(run_scenario(template, place, seed, given.schedules, given.steps))
        failures += _said(f"seed {seed} ({template.version})", found)
    return failures


def _recordings(given: argparse.Namespace, templates: Sequence[Template], folder: Path) -> int:
    failures = 0
    for template, name in product(templates, FILES if given.recorded else ()):
        place = folder / f"{name}-{template.version}"
        place.mkdir()
        found = asyncio.run(run_recording(template, place, name, given.recorded, given.seed))
        failures += _said(f"recorded {name} ({template.version})", found)
    return failures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--scenarios", type=int, default=50)
    options.add_argument("--schedules", type=int, default=10)
    options.add_argument("--recorded", type=int, default=25, help="schedules of each recording")
    options.add_argument("--steps", type=int, default=40)
    given = options.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="revivatui-disorder-") as name:
        folder = Path(name)
        templates = [
            make_template(version, folder / f"template-{version}")
            for version in ("3.9.0", "4.10.1")
        ]
        failures = _recordings(given, templates, folder) + _scenarios(given, templates, folder)
    random, recorded = given.scenarios * given.schedules, given.recorded * len(FILES) * 2
    took = time.monotonic() - started
    print(
        f"{random} schedules of {given.scenarios} scenarios and {recorded} of recordings,"
        f" {failures} differ, {took:.0f} s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
