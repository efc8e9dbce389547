"""The copilot's pane and its line as pictures, each looked at when it was taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.copilot.suggestion import Lane, Moment, Suggestion
from revivatui.screens.copilot_advice import Advice, Answer, Cue, Doubt, Shown
from revivatui.widgets.symbols import symbols
from tests.ui.copilot_help import copilot, copilot_is_there
from tests.ui.pictures import mounted, pressed
from tests.ui.scene import OPENED, SceneApp

Compare = Callable[..., bool]
MOMENT = Moment(OPENED, 9000, "1")


def shown(
    id_: str, lane: Lane, title: str, text: str, *sources: str, doubt: str = "", **more: Any
) -> Shown:
    at = text.find(doubt)
    doubts = (Doubt(at, at + len(doubt), doubt),) if doubt else ()
    made = Suggestion(id_, lane, title, text, MOMENT, sources, **more)
    return Shown(made, doubts, sources)


ADVICE = Advice(
    OPENED,
    "there",
    MOMENT,
    (
        shown(
            "a", "record", "Status of R-3318",
            "Olá Ana, o seu iPhone 13 Pro está à espera de uma peça. Contamos tê-lo pronto na"
            " sexta-feira, 27 de novembro.",
            "R-3318 status, promised",
            why=("they ask about their repair", "the repair waits for a part"), score=0.9,
        ),
        shown(
            "b", "answer", "data recovery",
            "A recuperação de dados começa por um diagnóstico gratuito e custa 149 EUR.\n"
            "Sem dados, não há custos.",
            "canned datarecovery", doubt="149 EUR", score=0.6,
        ),
        shown(
            "c", "price", "Board repair iPhone 13",
            "Reparação de placa: 120 a 260 EUR. O orçamento final vem depois do diagnóstico.",
            "price list, Board repair iPhone 13", private=True, score=0.5,
        ),
    ),
    cue=Cue("impatient, in a hurry", ("asks for the third time", "“hoje”"), presses=True),
    language="pt",
    asked="mais uma pergunta: os dados estão seguros?",
)  # fmt: skip
ANSWER = Answer(
    "reply",
    "coming",
    shown("m", "model", "Reply", "Olá Ana, os dados ficam no seu telemóvel e ninguém"),
)


def shows(
    *keys: str, advice: Advice = ADVICE, answer: Answer | None = None
) -> Callable[[Pilot[None]], Any]:
    async def show(pilot: Pilot[None]) -> None:
        desk = await mounted(pilot)
        await desk.until(lambda: copilot_is_there(desk), "the copilot")
        copilot(desk)._thinker.advise = lambda asked: advice  # type: ignore[method-assign]
        copilot(desk)._thinker.check = lambda asked, advice, *_: advice  # type: ignore[method-assign]
        copilot(desk)._look(anew=True)
        desk.inbox.go_to("thread")
        await desk.until(
            lambda: not copilot(desk).texts.is_reading and not copilot(desk).is_looking
        )
        copilot(desk)._keep(advice, copilot(desk)._thoughts.season)
        if answer is not None:
            copilot(desk)._answers[OPENED] = answer
            copilot(desk)._tell()
        await pressed(desk, *keys)

    return show


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 50)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("thread", ()),
        ("pane", ("ctrl+g",)),
        ("why", ("ctrl+g", "down", "w")),
        ("taken", ("ctrl+o",)),
        ("armed", ("ctrl+g", "down", "enter")),
    ],
)
def test_suggestions(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic", opened=True, copilot=True)
    assert snap_compare(app, terminal_size=size, run_before=shows(*keys))


def test_nothing_that_fits_and_a_model_below(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic", opened=True, copilot=True)
    nothing = replace(ADVICE, shown=(), abstained="Nothing fits what was asked.")
    run_before = shows(advice=nothing, answer=ANSWER)
    assert snap_compare(app, terminal_size=(200, 50), run_before=run_before)


@pytest.mark.parametrize("look", ["nordic-dark", "no-colour", "ascii"])
def test_pane_in_other_looks(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if look == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    theme = look if look.startswith("nordic") else "nordic"
    app = SceneApp(tmp_path, theme, opened=True, copilot=True)
    if look == "ascii":
        app.settings = replace(app.settings, ascii_only=True)
        symbols.use_ascii = True
    try:
        assert snap_compare(app, terminal_size=(200, 50), run_before=shows("ctrl+g"))
    finally:
        symbols.use_ascii = False
