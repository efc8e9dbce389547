"""Which devices and prices a text speaks of."""

from __future__ import annotations

import pytest

from revivatui.copilot.retrieval.devices import Device, devices_in
from revivatui.copilot.retrieval.prices import asks_price


@pytest.mark.parametrize(
    ("text", "family", "model"),
    [
        ("iPhone 13 Pro Max", "iphone", {"13", "pro", "max"}),
        ("my iphone13 is broken", "iphone", {"13"}),
        ("i-phone se", "iphone", {"se"}),
        ("13 pro max back glass", "iphone", {"13", "pro", "max"}),
        ("samsung s21 ultra", "galaxy", {"s21", "ultra"}),
        ("Galaxy A52 5G", "galaxy", {"a52"}),
        ("ps5 hdmi", "playstation", {"5"}),
        ("PlayStation 4", "playstation", {"4"}),
        ("MacBook Air M1 2020", "macbook", {"air", "m1"}),
        ("ipad 9th gen", "ipad", {"9"}),
        ("Pixel 7a", "pixel", {"7a"}),
        ("Xbox Series X", "xbox", {"x"}),
        ("my switch is dead", "switch", set()),
    ],
)
def test_a_device_is_told_by_family_and_model(text: str, family: str, model: set[str]) -> None:
    first = devices_in(text)[0]

    assert (first.family, first.model) == (family, frozenset(model))


@pytest.mark.parametrize("text", ["please switch it off", "it fell", "open at 12 to 13", ""])
def test_no_device_is_read_into_a_text(text: str) -> None:
    assert devices_in(text) == ()


def test_several_models_in_a_row_are_several_devices() -> None:
    found = {tuple(one.model) for one in devices_in("iPhone 12 / 13 / 14 screen")}

    assert found == {("12",), ("13",), ("14",)}


def test_another_model_is_another_device_and_an_open_one_is_none() -> None:
    phone = Device("phone", "apple", "iphone", frozenset({"13"}))

    assert phone.fits(phone) == 1.0
    assert phone.fits(Device("phone", "apple", "iphone", frozenset({"12"}))) == 0.0
    assert phone.fits(Device("laptop", "apple", "macbook")) == 0.0
    assert 0.0 < phone.fits(Device("phone", "apple", "iphone", frozenset({"13", "pro"}))) < 1.0
    assert 0.0 < phone.fits(Device("phone", "apple", "iphone")) < 1.0


@pytest.mark.parametrize(
    "text",
    ["how much for a screen", "what's the damage?", "price?", "quanto custa o ecrã", "qual o preço",
     "ballpark?", "what would you want for a new cell", "what would that set me back"],
)  # fmt: skip
def test_asking_a_price_is_heard_in_its_many_forms(text: str) -> None:
    assert asks_price(text)


@pytest.mark.parametrize(
    "text",
    ["it won't charge", "my screen is cracked", "quanto tempo demora", "how long does it take",
     "I bought it for nothing", "is it ready"],
)  # fmt: skip
def test_other_questions_ask_no_price(text: str) -> None:
    assert not asks_price(text)
