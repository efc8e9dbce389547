"""`revivatui copilot`: the words it knows, tried on a text, and what it learned, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui import cli, config
from revivatui.copilot.learned import LearnedStore, Lesson
from revivatui.paths import Paths

URL = "https://desk.example.com"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("REVIVATUI_CONFIG", str(tmp_path / "revivatui.toml"))
    monkeypatch.delenv(config.URL_VARIABLE, raising=False)
    return tmp_path


@pytest.fixture
def learned(home: Path) -> LearnedStore:
    """A profile in which a word of customers led three times to an answer."""
    config.save_profile(home / "revivatui.toml", "default", URL, 1)
    store = LearnedStore(Paths.default().learned_file("default", 1, URL))
    for number in range(3):
        store.learn(Lesson(("canned:port",), "the doohickey", number, 70 + number, "en", 1.79e9))
    store.learn(Lesson(("canned:port",), "that gizmo", 9, 70, "en", 1.79e9))
    store.close()
    return store


def test_a_text_is_tried_and_every_find_says_by_which_words(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "words", "--test", "my screen is cracked, no water though"]) == 0
    out = capsys.readouterr().out
    assert "Language: en." in out
    assert '"screen is cracked": cracked_screen, cracked screen < screen' in out
    assert '"water" (denied): liquid_damage' in out
    assert cli.main(["copilot", "words", "--test", "o ecrã partiu"]) == 0
    assert "Language: pt." in capsys.readouterr().out
    assert cli.main(["copilot", "words", "--test", "xyzzy", "--language", "pt"]) == 0
    assert "No word of the thesaurus is in it." in capsys.readouterr().out


def test_all_concepts_are_listed_and_one_is_shown_with_its_words(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "words"]) == 0
    assert "liquid damage / danos por líquidos" in capsys.readouterr().out
    assert cli.main(["copilot", "words", "battery_swollen"]) == 0
    out = capsys.readouterr().out
    assert "broader: battery, safety" in out
    assert "spicy pillow" in out
    assert cli.main(["copilot", "words", "nonsense"]) == 1
    assert 'there is no concept "nonsense"' in capsys.readouterr().err


def test_a_shops_own_words_count_and_a_mistake_in_them_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "words.toml").write_text('[concepts.tv]\nen = ["goggle box"]\n', encoding="utf-8")
    assert cli.main(["copilot", "words", "--test", "my goggle box"]) == 0
    assert '"goggle box": tv' in capsys.readouterr().out
    (home / "words.toml").write_text('[concepts.tv]\nenglish = ["x"]\n', encoding="utf-8")
    assert cli.main(["copilot", "words", "--test", "x"]) == 1
    assert 'words.toml, line 2, [concepts.tv]: "english" means nothing' in capsys.readouterr().err


def test_what_was_learned_is_listed_removed_and_forgotten(
    learned: LearnedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "aliases"]) == 0
    out = capsys.readouterr().out
    assert "canned:port  doohickey  (en, 3 times, last 2" in out
    assert "gizmo" not in out
    assert cli.main(["copilot", "aliases", "list", "--all"]) == 0
    assert "gizmo  (en, once" in capsys.readouterr().out
    assert cli.main(["copilot", "aliases", "remove", "canned:port", "doohickey"]) == 0
    assert "is not relearned" in capsys.readouterr().out
    assert cli.main(["copilot", "aliases", "remove", "canned:port", "doohickey"]) == 1
    assert "has no such word" in capsys.readouterr().err
    assert cli.main(["copilot", "aliases", "forget", "70"]) == 0
    assert "customer 70" in capsys.readouterr().out
    assert learned.candidates() == ()
    assert cli.main(["copilot", "aliases", "remove", "canned:port"]) == 0
    assert "Removed: 0 words of canned:port." in capsys.readouterr().out


def test_without_a_profile_or_a_part_it_says_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["copilot", "aliases"]) == 2
    assert "revivatui login" in capsys.readouterr().err
    assert cli.main(["copilot"]) == 2
    assert "Say what shall be done: words, aliases" in capsys.readouterr().err
