"""The shop in facts: as it usually is, as a shop edits it, and as its CRM knows it better."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from revivatui import config
from revivatui.copilot.shop_profile import (
    COMMENTED,
    FIRST_AID_LIQUID,
    KEYS,
    BadShop,
    Open,
    ShopProfile,
    opening_hours,
    said,
)
from revivatui.copilot.spellings import hours_words
from revivatui.crm.records import Location, OpeningHours


def test_a_shop_that_says_nothing_is_as_shops_of_this_kind_are() -> None:
    shop = ShopProfile.load({})
    assert shop == ShopProfile()
    assert hours_words(shop.hours, "en") == (
        "Monday to Friday 09:00 to 18:00, Saturday 10:00 to 16:00"
    )
    assert hours_words(shop.hours, "pt") == (
        "segunda a sexta-feira 09:00 às 18:00, sábado 10:00 às 16:00"
    )
    assert (shop.free_diagnosis, shop.express, shop.appointments) == (True, True, True)
    assert (shop.days_from, shop.days_to) == (3, 5)
    assert (shop.warranty_months, shop.recovery_percent) == (0, 0)


def test_a_shop_edits_every_fact_of_it() -> None:
    shop = ShopProfile.load(
        {
            "name": "Example Repairs",
            "hours": "10:00-13:00 tue, 14:00-19:00 tue, 10:00-19:00 wed thu",
            "address": "1 Example Street",
            "languages": ["pt"],
            "days": "2",
            "warranty_months": 6,
            "payment": {"en": "cash", "pt": "dinheiro"},
            "booking": "https://book.example.com/now",
            "links": ["shop.example.com"],
            "recovery_percent": 91,
            "first_aid_liquid": "Call us.",
        }
    )
    assert hours_words(shop.hours, "en") == (
        "Tuesday 10:00 to 13:00 and 14:00 to 19:00, Wednesday and Thursday 10:00 to 19:00"
    )
    assert (shop.days_from, shop.days_to) == (2, 2)
    assert said(shop.payment, "pt") == "dinheiro"
    assert said(shop.first_aid_liquid, "pt") == "Call us."
    assert shop.hosts() == ("shop.example.com", "book.example.com")
    assert shop.language_for("en") == "pt"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"hurs": "x"}, r"unknown key 'hurs'; did you mean 'hours'\?"),
        ({"zzzz": 1}, "unknown key 'zzzz'; known: name, hours"),
        ({"hours": "9-18"}, "'hours': '9-18' is neither a time nor a day"),
        ({"hours": "18:00-09:00 mon"}, "'hours': a day cannot end before it begins"),
        ({"days": "soon"}, "'days': must be days"),
        ({"days": "5-3"}, "'days': must be days"),
        ({"days": 3}, "'days': must be a text"),
        ({"warranty_months": "12"}, "'warranty_months': must be a number from 0 to 120"),
        ({"warranty_months": True}, "'warranty_months': must be a number"),
        ({"recovery_percent": 101}, "must be a number from 0 to 100"),
        ({"express": "yes"}, "'express': must be true or false"),
        ({"languages": ["de"]}, "'languages': must be some of en, pt"),
        ({"languages": []}, "'languages': must be some of"),
        ({"payment": {"de": "bar"}}, "'payment': must be a text, or one for each language"),
        ({"booking": "book.example.com"}, "'booking': it must begin with https://"),
        ({"links": "shop.example.com"}, "'links': must be a list of texts"),
        ({"name": "x" * 3_000}, "'name': is longer than"),
    ],
)
def test_a_fact_that_cannot_be_is_named_with_what_would_be(
    table: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadShop, match=says):
        ShopProfile.load(table)


def test_text_of_the_settings_acts_on_no_terminal() -> None:
    shop = ShopProfile.load({"address": "1 Example\x1b[2J\nStreet\u202e"})
    assert not any(char in shop.address for char in "\x1b\n\u202e")


def test_what_the_crm_knows_of_a_place_goes_over_the_settings() -> None:
    hours = (OpeningHours(0, "08:30", "12:00"), OpeningHours(1, "late", "12:00"))
    place = Location("1", "Baixa", address="2 Example Quay", business_hours=hours)
    shop = ShopProfile.load({"address": "1 Example Street", "phone": "+44 7700 900000"}).at(place)
    assert shop.address == "2 Example Quay"
    assert shop.phone == "+44 7700 900000"
    assert shop.hours == (Open(0, 510, 720),)
    assert ShopProfile().at(Location("1", "Baixa")).hours == ShopProfile().hours
    assert ShopProfile().at(None) == ShopProfile()


def test_the_file_that_is_first_written_shows_every_fact_and_changes_none() -> None:
    lines = [line.removeprefix("# ") for line in COMMENTED.splitlines()]
    settings = "\n".join(line for line in lines if line.split(" = ")[0] in KEYS)
    table = tomllib.loads(settings)
    assert set(table) == set(KEYS)
    assert "..." in table.pop("first_aid_liquid")["en"]
    table.pop("first_aid_battery")
    said_of_repairs = table.pop("repairs")
    assert said_of_repairs
    assert table.pop("payment")["pt"] == "dinheiro ou cartão"
    assert ShopProfile.load(table) == ShopProfile()


def test_the_settings_file_holds_the_shop_and_refuses_what_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[shop]\nwarranty_months = 12\n[team]\ncapacity = 5\n", encoding="utf-8")
    assert ShopProfile.load(config.load(file, {}).shop).warranty_months == 12
    file.write_text("[shop]\nwaranty_months = 12\n", encoding="utf-8")
    with pytest.raises(config.ConfigError, match=r"\[shop\] unknown key 'waranty_months'; did"):
        config.load(file, {})
    file.write_text("shop = 3\n", encoding="utf-8")
    with pytest.raises(config.ConfigError, match=r"'shop' must be a table, \[shop\]"):
        config.load(file, {})


def test_saving_a_setting_keeps_the_shop(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[shop]\nname = "Example Repairs"  # ours\n', encoding="utf-8")
    config.save_option(file, "look.theme", "nordic-dark")
    assert 'name = "Example Repairs"  # ours' in file.read_text(encoding="utf-8")
    assert config.load(file, {}).shop == {"name": "Example Repairs"}


def test_first_aid_has_words_in_every_language() -> None:
    assert set(FIRST_AID_LIQUID) == {"en", "pt"}
    assert opening_hours("") == ()


def test_the_documentation_names_every_fact() -> None:
    text = (Path(__file__).parents[2] / "docs" / "shop.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text] == []


def test_checking_the_settings_at_start_reads_no_crm_and_no_retrieval() -> None:
    program = (
        "import sys; from revivatui.copilot.shop_profile import ShopProfile;"
        " ShopProfile.load({'hours': '09:00-18:00 mon', 'booking': 'https://b.example.com'});"
        " print([one for one in sys.modules if one.startswith(('revivatui.crm',"
        " 'revivatui.copilot.', 'httpx', 'sqlalchemy'))])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "['revivatui.copilot.shop_profile']"
