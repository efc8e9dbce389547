"""What each task sends, written down; `python -m tests.copilot.model.golden` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from revivatui.copilot.model import ModelSettings, Task
from revivatui.copilot.model.preparing import Prepared, prepare
from revivatui.copilot.model.prompt import Given
from revivatui.copilot.redaction import Redactor, known_of
from tests.copilot.model.scenes import DRAFT, NOW, SITUATION, SOURCES, WORD

FOLDER = Path(__file__).parent / "golden"
SETTINGS = ModelSettings("https://models.example.com/v1", instructions="Offer an appointment.")


def prepared(task: Task) -> Prepared:
    """A request of this task with nothing of chance in it."""
    given = Given(
        SOURCES,
        DRAFT if task.works_on_draft else "",
        "What did we promise?" if task is Task.ASK else "",
        "pt" if task is Task.TRANSLATE else "",
        with_notes=task is Task.ASK,
        instructions=SETTINGS.instructions,
        now=NOW,
    )
    known = known_of(SITUATION.record, names=("Marta Example",), agents=("Rui Example",))
    return prepare(task, SITUATION, SETTINGS, given, redactor=Redactor(known, b"golden"), word=WORD)


def shown(made: Prepared) -> str:
    """A body as people can read it."""
    body = json.loads(made.body)
    messages = [f"--- {one['role']}\n{one['content']}" for one in body.pop("messages")]
    return "\n".join((json.dumps(body, sort_keys=True), *messages))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for task in Task:
        (FOLDER / f"{task}.txt").write_text(shown(prepared(task)), encoding="utf-8")


if __name__ == "__main__":
    main()
