"""Where a model is, who may be asked without a key press, and what is never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from revivatui import config, credentials
from revivatui.copilot.model import ModelSettings, NoModel
from revivatui.copilot.model.settings import base_url
from revivatui.copilot.places import where_is
from revivatui.copilot_access import KEPT_AS, KEY, model_of, model_settings, with_key
from revivatui.paths import Paths


def loaded(folder: Path, text: str, environ: dict[str, str] | None = None) -> config.Settings:
    file = folder / "revivatui.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(file, environ or {})


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        (" https://api.openai.com/v1/ ", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("localhost:8000/v1", "http://localhost:8000/v1"),
        ("models.example.com/v1", "https://models.example.com/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("HTTP://192.168.1.20:1234/v1", "http://192.168.1.20:1234/v1"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, base: str) -> None:
    assert base_url(typed) == base
    assert base_url(base) == base


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://example.com", "http://models.example.com/v1", "https://", "https://user:pw@example.com",
     "https://example.com/v1?key=1", "https://example.com:port/v1", "https://[::1/v1"],
)  # fmt: skip
def test_an_address_that_cannot_be_or_would_leak_the_key_is_refused(typed: str) -> None:
    with pytest.raises(NoModel):
        base_url(typed)


@pytest.mark.parametrize(
    ("host", "where"),
    [
        ("localhost", "this machine"), ("127.8.1.1", "this machine"), ("::1", "this machine"),
        ("192.168.0.7", "local network"), ("10.1.2.3", "local network"), ("box", "local network"),
        ("fd00::7", "local network"), ("ai.local", "local network"), ("fe80::1", "local network"),
        ("0.0.0.0", "hosted"), ("8.8.8.8", "hosted"), ("localhost.example.com", "hosted"),
        ("api.openai.com", "hosted"), ("192.168.0.7.example.com", "hosted"), ("", "hosted"),
    ],
)  # fmt: skip
def test_where_a_request_goes_is_told_from_its_host(host: str, where: str) -> None:
    assert where_is(host) == where


def test_only_an_inbox_that_was_named_is_asked_for_at_once() -> None:
    settings = ModelSettings("http://localhost/v1", consent=("ask", "inbox: Website"))
    assert settings.may_ask_at_once("website ")
    assert not settings.may_ask_at_once("E-mail")
    assert not settings.may_ask_at_once("")
    assert not ModelSettings("http://localhost/v1").may_ask_at_once("ask")


def test_by_default_there_is_no_model_and_replies_are_as_required(tmp_path: Path) -> None:
    settings = model_settings(loaded(tmp_path, ""))
    assert not settings.is_on
    assert (settings.model, settings.temperature, settings.max_tokens) == ("gpt-4o-mini", 0.2, 300)
    assert settings == ModelSettings()
    assert model_of(loaded(tmp_path, ""), Paths.under(tmp_path)) is None


def test_the_settings_are_read_from_file_and_variables(tmp_path: Path) -> None:
    text = """
        [copilot]
        model_url = "http://localhost:11434/v1"
        model = "llama3.2"
        temperature = 1
        max_tokens = 500
        limit_name = "max_completion_tokens"
        consent = ["inbox:Website"]
    """
    settings = model_settings(loaded(tmp_path, text, {"REVIVATUI_COPILOT_TEMPERATURE": "0.7"}))
    assert settings == ModelSettings(
        "http://localhost:11434/v1", "llama3.2", 0.7, 500, "max_completion_tokens",
        consent=("inbox:Website",),
    )  # fmt: skip
    off = loaded(tmp_path, text + "on = false")
    assert model_of(off, Paths.under(tmp_path)) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('model_url = "http://models.example.com"', "https only"),
        ('model_url = "nonsense://"', "no web address"),
        ('model = ""', "name of a model"),
        ("temperature = 3", "from 0 to 2"),
        ('temperature = "hot"', "must be a number"),
        ("max_tokens = 3", "at least 16"),
        ("max_tokens = 90000", "from 0 to 8000"),
        ('limit_name = "tokens"', "max_tokens"),
        ('consent = ["always"]', "neither"),
        ('consent = ["inbox:"]', "neither"),
        ('consent = "ask"', "list of texts"),
        ('modle = "x"', "did you mean 'model'"),
        ('key = "sk-1"', "unknown key 'copilot.key'"),
    ],
)
def test_a_setting_that_cannot_be_gets_a_plain_sentence(
    tmp_path: Path, line: str, says: str
) -> None:
    with pytest.raises(config.ConfigError, match=says) as caught:
        loaded(tmp_path, f"[copilot]\n{line}\n")
    assert ".." not in str(caught.value).replace(str(tmp_path), "")


def test_a_key_goes_to_its_own_address_and_shows_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    paths = Paths.under(tmp_path)
    here, there = (
        ModelSettings("https://one.example.com/v1"),
        ModelSettings("https://two.example.com"),
    )
    credentials.save_secret(KEPT_AS, here.base, "sk-secret", paths.credentials_file)
    assert with_key(here, paths).key == "sk-secret"
    assert with_key(there, paths).key == ""
    assert "sk-secret" not in repr(with_key(here, paths))
    monkeypatch.setenv(KEY, "sk-other")
    assert with_key(there, paths).key == "sk-other"


def imported_by(script: str) -> list[str]:
    """Which modules of the copilot, and which heavy ones, a script brings in."""
    shown = f"{script}\nimport sys\nprint(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    heavy = ("httpx", "ssl", "pydantic", "textual")
    return [one for one in run.stdout.split() if one in heavy or ".copilot" in one]


def test_the_settings_bring_no_model_in(tmp_path: Path) -> None:
    file = tmp_path / "revivatui.toml"
    file.write_text(config.default_text(), encoding="utf-8")
    load = (
        f"from pathlib import Path\nfrom revivatui import config\nconfig.load(Path({str(file)!r}))"
    )
    assert imported_by(load) == []
    text = config.default_text().replace('model_url = ""', 'model_url = "http://localhost/v1"')
    file.write_text(text, encoding="utf-8")
    assert imported_by(load) == ["revivatui.copilot", "revivatui.copilot.places"]


def test_a_model_that_is_not_asked_brings_no_http_in() -> None:
    found = imported_by("import revivatui.copilot.model")
    assert not {"httpx", "pydantic", "textual"} & set(found)
