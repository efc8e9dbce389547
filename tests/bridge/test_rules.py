"""Rules of the shop: what they may say, when they are set off, and that they act once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.news import Said
from revivatui.bridge.rules import Rules, load, on_message
from revivatui.bridge.tables import OUTBOX
from tests.bridge.desks import SETTINGS, forget_the_past, running_bridge
from tests.bridge.test_command import bridge
from tests.support.shops import Stage

FILE = """
[[rule]]
name = "liquid"
when = "message"
contains = ["water", "água"]
note = "Liquid: tell them to switch it off and not to charge it."
label = "liquid"
priority = "urgent"

[[rule]]
name = "welcome back"
when = "status"
status = "resolved"
note = "Ask how it went in a week."

[[rule]]
name = "first words"
when = "message"
first_message = true
label = "new"
"""


@pytest.fixture
def version() -> str:
    return "4.10.1"


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def notes(stage: Stage) -> list[str]:
    rows = stage.shop.db.all("SELECT content FROM messages WHERE private ORDER BY id")
    return [row["content"] for row in rows]


async def test_rules_act_once_and_leave_what_others_set(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    stage.visitor_labels(conversation, "vip")
    settings = replace(SETTINGS, rules=load(written(tmp_path, FILE)))
    async with running_bridge(stage, tmp_path, settings) as there:
        stage.customer_writes(conversation, "It fell into WATER!")
        stage.colleague_writes(conversation, "Into water?")
        await there.quiet()
        row = stage.reread(conversation)
        assert row["priority"] == "urgent"
        labels = set((row["cached_label_list"] or "").split(", "))
        assert labels == {"vip", "liquid", "new"}
        assert notes(stage) == ["Liquid: tell them to switch it off and not to charge it."]
        await there.bridge.backfill.since_last_time(first=3600.0)
        stage.colleague_sets_status(conversation, "resolved")
        await there.quiet()
        assert len(notes(stage)) == 2
        assert [one for one in await there.rows(OUTBOX) if one.state != "done"] == []


async def test_a_dry_run_does_nothing_and_old_words_set_nothing_off(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    caplog.set_level("INFO", "revivatui.bridge")
    rules = load(written(tmp_path, f"dry_run = true\n{FILE}"))
    async with running_bridge(stage, tmp_path, replace(SETTINGS, rules=rules)) as there:
        stage.customer_writes(conversation, "water")
        await there.quiet()
        assert notes(stage) == []
        assert "rule liquid would set note" in caplog.text
    wet = replace(SETTINGS, rules=Rules(rules.rules))
    stage.customer_writes(conversation, "water again, hours ago")
    moved = stage.shop.now() - 2 * 3600 * 1_000_000
    stage.shop.db.execute("UPDATE messages SET created_at = ?", (moved,))
    async with running_bridge(stage, tmp_path, wet, hooked=False) as there:
        await there.bridge.backfill.since_last_time(first=3600.0)
        await there.quiet()
        assert notes(stage) == []


async def test_the_command_says_what_would_be_done(stage: Stage, tmp_path: Path) -> None:
    from tests.bridge.bridge_process import BridgeProcess

    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    stage.customer_writes(conversation, "agua no telefone")
    home = BridgeProcess(stage, tmp_path)
    with (tmp_path / "revivatui.toml").open("a") as settings:
        settings.write(f'rules = "{written(tmp_path, FILE)}"\n')
    answer = await bridge(home, "rules", "--try", str(conversation["display_id"]))
    assert answer.status == 0, answer.err
    assert "would set off: liquid, first words" in answer.out
    assert stage.asked("POST") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[rule]]\nname='x'\nwhen='never'\nnote='n'", "when: 'message' or 'status'"),
        ("[[rule]]\nname='x'\nwhen='message'", "does nothing"),
        ("[[rule]]\nname='x'\nwhen='status'\nnote='n'", "says which"),
        ("[[rule]]\nname='x'\nwhen='message'\nlable='n'", "did you mean 'label'"),
        ("[[rule]]\nname='x'\nwhen='message'\npriority='soon'", "is one of low"),
        ("[[rule]]\nname='x'\nwhen='message'\nteam_id='3'", "of the wrong kind"),
        ("[[rules]]\nname='x'", r"rules are \[\[rule\]\]"),
        ("[[rule]]\nname='x'\nwhen='message'\nnote='n'\n" * 2, "name of its own"),
        ("nonsense", "not valid TOML"),
    ],
)
def test_a_mistake_names_the_rule(text: str, words: str, version: str, tmp_path: Path) -> None:
    with pytest.raises(BadBridgeSettings, match=words):
        load(written(tmp_path, text))


def test_words_are_found_as_words(version: str, tmp_path: Path) -> None:
    liquid = load(written(tmp_path, FILE)).rules[0]

    def fits(text: str, **more: object) -> bool:
        said = replace(Said(1, 1, "incoming", text, 0), **more)  # type: ignore[arg-type]
        return on_message(liquid, said, is_first=False, status="open")

    assert fits("Water!")
    assert fits("caiu na AGUA")
    assert not fits("waterproof")
    assert not fits("water", private=True)
    assert not fits("water", kind="outgoing")
    assert not fits("water", deleted=True)
