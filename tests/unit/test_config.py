"""Settings: the file, the variables, the flags; errors that say where and what."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui import config
from revivatui.paths import Paths


def written(folder: Path, text: str) -> Path:
    file = folder / "revivatui.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path / "none.toml", {}) == config.Settings()


def test_the_first_file_written_holds_the_defaults_and_explains_each(tmp_path: Path) -> None:
    file = written(tmp_path, config.default_text())
    assert config.load(file, {}) == config.Settings()
    for option in config.OPTIONS:
        assert option.comment in config.default_text()
        assert option.variable in config.default_text()


def test_flags_go_over_variables_and_variables_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[look]\ntheme = "nordic"\nframes_per_second = 10\n')
    environ = {"REVIVATUI_THEME": "nordic-dark", "REVIVATUI_FPS": "20"}
    settings = config.load(file, environ, theme="nordic")
    assert (settings.theme, settings.frames_per_second) == ("nordic", 20)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[look]\nteme = "nordic"\n', r"unknown key 'look.teme'; did you mean 'theme'\?"),
        ('[look]\ntheme = "nordik"\n', r"'look.theme' is 'nordik'; did you mean 'nordic'\?"),
        ('[look]\nascii = "yes"\n', "'look.ascii' must be a true or false"),
        ("[profiles.shop]\nacount_id = 1\n", r"'profiles.shop.acount_id'; did you mean"),
        ("[look\n", "is not valid TOML"),
        ("look = 3\n", "'look' must be a table"),
    ],
)
def test_an_error_names_the_file_the_key_and_what_would_be_valid(
    tmp_path: Path, text: str, says: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(config.ConfigError, match=says) as caught:
        config.load(file, {})
    assert str(file) in str(caught.value)


def test_saving_a_setting_keeps_every_comment(tmp_path: Path) -> None:
    file = written(tmp_path, '# mine\n[look]\ntheme = "nordic"  # bright\n\n[keys]\n# later\n')
    config.save_option(file, "look.theme", "nordic-dark")
    text = file.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# bright" in text
    assert "# later" in text
    assert config.load(file, {}).theme == "nordic-dark"


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    file = written(tmp_path, "[look\n")
    with pytest.raises(config.ConfigError):
        config.save_option(file, "look.theme", "nordic-dark")
    assert file.read_text(encoding="utf-8") == "[look\n"


def test_profiles_are_kept_side_by_side_and_the_first_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "revivatui.toml"
    config.save_profile(file, "shop", "https://desk.example.com", 1)
    config.save_profile(file, "other", "https://chat.example.org", 2)
    settings = config.load(file, {})
    assert settings.current == config.ProfileSettings("https://desk.example.com", 1)
    other = config.load(file, {}, profile="other")
    assert other.current == config.ProfileSettings("https://chat.example.org", 2)


def test_an_address_for_this_start_leaves_the_saved_profile_and_takes_no_account_of_it(
    tmp_path: Path,
) -> None:
    file = written(
        tmp_path, '[profiles.default]\nurl = "https://desk.example.com"\naccount_id = 3\n'
    )
    saved = config.ProfileSettings("https://desk.example.com", 3)
    other = config.load(file, {}, url="chat.example.org")
    assert other.current == config.ProfileSettings("https://chat.example.org", 0)
    assert other.saved == saved
    same = config.load(file, {"REVIVATUI_URL": "desk.example.com:443/app/login"})
    assert (same.this_start, same.current) == (None, saved)
    named = config.load(file, {"REVIVATUI_URL": "desk.example.com", "REVIVATUI_ACCOUNT": "4"})
    assert named.current == config.ProfileSettings("https://desk.example.com", 4)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://desk.example.com", "HTTPS://Desk.example.com:443/", True),
        ("https://desk.example.com/app/login", "desk.example.com", True),
        ("https://desk.example.com", "http://desk.example.com", False),
        ("https://desk.example.com", "https://desk.example.com:8443", False),
        ("https://desk.example.com/a", "https://desk.example.com/b", False),
        ("http://127.0.0.1:3000", "127.0.0.1:3000", True),
    ],
)
def test_one_server_has_one_name_however_its_address_is_written(
    one: str, other: str, same: bool
) -> None:
    assert config.same_server(one, other) is same
    paths = Paths.under(Path("x"))
    files = {paths.cache_file("shop", 1, config.server_key(url)) for url in (one, other)}
    assert len(files) == (1 if same else 2)


def test_what_rings_and_when_not_is_read_and_kept(tmp_path: Path) -> None:
    text = (
        '[notify]\nrule = "all"\nvip = ["vip", " Ana Sousa "]\nquiet = "18:00-09:00, sat sun"\n'
        '[presence]\nidle_minutes = 0\nidle = "busy"\noffline_on_exit = false\n'
    )
    file = written(tmp_path, text)
    settings = config.load(file, {"REVIVATUI_NOTIFY_VIP": "gold,ana@example.com"})
    assert settings.notify_rule == "all"
    assert settings.notify_vip == ("gold", "ana@example.com")
    assert settings.notify_quiet == "18:00-09:00, sat sun"
    assert (settings.idle_minutes, settings.idle, settings.offline_on_exit) == (0, "busy", False)
    assert config.load(file, {}).notify_vip == ("vip", "Ana Sousa")
    config.save_option(file, "notify.quiet", "")
    assert config.load(file, {}).notify_quiet == ""
    with pytest.raises(config.ConfigError, match="neither a time nor a day"):
        config.save_option(file, "notify.quiet", "at night")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[notify]\nrule = "mne"\n', r"'notify.rule' is 'mne'; did you mean 'mine'\?"),
        ('[notify]\nquiet = "25:00-09:00"\n', "'notify.quiet': '25:00-09:00' names a time that no"),
        ('[notify]\nquiet = "18h-9h"\n', "neither a time nor a day .mon, tue"),
        ('[notify]\nvip = "vip"\n', "'notify.vip' must be a list of texts"),
        ("[notify]\nvip = [1]\n", "'notify.vip' must be a list of texts"),
        ('[presence]\nidle = "away"\n', "'presence.idle' is 'away'; one of: offer, busy"),
        ("[presence]\nidle_minutes = 241\n", "'presence.idle_minutes' must be from 0 to 240"),
        ("[presence]\noffline_on_exit = 1\n", "must be a true or false"),
    ],
)
def test_a_wrong_wish_about_bells_and_presence_is_named(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(config.ConfigError, match=says):
        config.load(written(tmp_path, text), {})
