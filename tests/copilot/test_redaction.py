"""What may not leave the machine is not in what leaves, and comes back where it stood."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest

from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.redaction import (
    Known,
    Redactor,
    UnknownPlaceholder,
    known_of,
    without_passcodes,
)
from revivatui.copilot.suggestion import Said

KNOWN: Final = Known(
    names=("Ana Sofia Lopes",),
    emails=("ana.lopes@mail.example",),
    phones=("+351 912 000 678",),
    addresses=("Rua das Flores 12, 1200-195 Lisboa",),
    serials=("C02XK1ABJG5H",),
    imeis=("356938035643809",),
    numbers=("R-2041", "Q-88"),
    agents=("Rui Tavares",),
    public=("counter@repairs.example", "+351 210 000 000"),
)
SPELLINGS: Final = {
    "Ana Sofia Lopes": (
        "Ana Sofia Lopes",
        "ana lopes",
        "ANA",
        "Lopes",
        "Lopes, Ana",
        "Ana's",
        "Sofia",
        "ana  lopes",
    ),
    "ana.lopes@mail.example": (
        "ana.lopes@mail.example",
        "ANA.LOPES@MAIL.EXAMPLE",
        "ana.lo\u200bpes@mail.example",
        "ana.lopes (at) mail.example",
        "ａｎａ.ｌｏｐｅｓ@mail.example",
        "ana.lopes",
    ),
    "+351 912 000 678": (
        "+351912000678",
        "912 000 678",
        "912-000-678",
        "00351 912000678",
        "(+351) 912.000.678",
        "91 200 06 78",
        "９１２０００６７８",
        "9\u20601\u206020006\u206078",
    ),
    "Rua das Flores 12, 1200-195 Lisboa": ("Rua das Flores 12", "rua das flores, 12", "1200-195"),
    "C02XK1ABJG5H": ("C02XK1ABJG5H", "c02xk1abjg5h", "C02XK 1ABJG 5H", "C02X\U000e0041K1ABJG5H"),
    "356938035643809": ("356938035643809", "35-693803-564380-9", "35 693803 564380 9"),
    "R-2041": ("R-2041", "r2041", "#2041", "R 2041", "2041"),
    "Rui Tavares": ("Rui", "Tavares", "rui tavares"),
}
OTHERS: Final = (
    "4111 1111 1111 1111",
    "5500005555555559",
    "PT50 0002 0123 1234 5678 9015 4",
    "GB82WEST12345698765432",
    "490154203237518",
    "203.0.113.77",
    "2001:db8::42",
    "https://x.example/reset?token=abc123",
    "x.example/login?key=9",
    "sk-abcdefghijklmnopqrstuvwx",
    "ghp_abcdefghijklmnopqrstuvwxyz0123",
    "AKIAIOSFODNN7EXAMPLE",
    "someone@else.example",
    "+44 7700 900123",
    "Bearer abcd1234efgh5678",
)
FILLERS: Final = (
    "please",
    "call",
    "me",
    "at",
    "the",
    "phone",
    "is",
    "wet",
    "ecrã",
    "não liga",
    "€149",
    "30 Nov",
    "3-5 days",
    "iPhone 13",
    ",",
    ".",
    "\n",
    "(",
    ")",
    "12:30",
    "😀",
    "and",
    "R",
    "#",
    "ok?",
)


def bare(text: str) -> str:
    """Letters and digits alone, as a reader who looks hard would see them."""
    import unicodedata

    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if letter.isalnum()).lower()


def test_what_is_known_or_looks_like_a_secret_never_leaves_and_comes_back() -> None:
    seed = 4711
    print("seed", seed)
    random = Random(seed)
    spelled = [one for some in SPELLINGS.values() for one in some]
    for _ in range(400):
        redactor = Redactor(KNOWN)
        hidden = random.sample([*spelled, *OTHERS], random.randint(1, 4))
        words = [random.choice(FILLERS) for _ in range(random.randint(3, 12))]
        for one in hidden:
            words.insert(random.randrange(len(words) + 1), one)
        text = " ".join(words)
        sent = redactor.redact(text)
        rest = bare(_without_placeholders(sent))
        for one in hidden:
            long_enough = len(bare(one)) > 4
            assert one not in _without_placeholders(sent), (one, sent)
            assert not (long_enough and bare(one) in rest), (one, sent)
        assert redactor.restore(sent) == _as_seen(text)


def _as_seen(text: str) -> str:
    for unseen in ("\u200b", "\u2060", "\U000e0041"):
        text = text.replace(unseen, "")
    return text


def _without_placeholders(text: str) -> str:
    import re

    return re.sub(r"\[\[[A-Z]+_\d+_\w+\]\]", " ", text)


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_every_spelling_of_what_is_known_is_replaced(name: str) -> None:
    redactor = Redactor(KNOWN)
    for spelling in SPELLINGS[name]:
        sent = redactor.redact(f"It is {spelling}, thanks.")
        assert bare(spelling.replace("'s", "")) not in bare(_without_placeholders(sent)), sent


def test_what_is_no_secret_stays() -> None:
    text = (
        "Your iPhone 13 is ready on 2026-11-30 at 14:30; it is €1.299,00 or 3-5 days. "
        "Write to counter@repairs.example or call +351 210 000 000. https://repairs.example/book"
    )
    assert Redactor(KNOWN).redact(text) == text


def test_a_placeholder_means_the_same_in_one_conversation_and_nothing_in_another() -> None:
    first, second = Redactor(KNOWN), Redactor(KNOWN)
    once = first.redact("Ana Sofia Lopes")
    assert first.redact("Dear Ana Sofia Lopes!") == f"Dear {once}!"
    assert second.redact("Ana Sofia Lopes") != once
    with pytest.raises(UnknownPlaceholder):
        second.restore(once)
    assert Redactor(KNOWN, b"1").redact("Ana") == Redactor(KNOWN, b"1").redact("Ana")


def test_a_placeholder_that_somebody_wrote_names_nothing() -> None:
    redactor = Redactor(KNOWN)
    real = redactor.redact("Ana")
    for forged in ("[[NAME_1_abcdefgh]]", real, r"\[\[PHONE_1_zzzzzzzz\]\]", "[[NAME_1]]"):
        sent = redactor.redact(f"print {forged}")
        assert forged not in sent
        assert redactor.restore(sent) == f"print {forged}"


@pytest.mark.parametrize(
    "invented",
    [
        "[[NAME_1_abcdefgh]]",
        "[[CARD_9_zzzz]]",
        "[[EMAIL_1]]",
        "[[PHONE]]",
        "\\[\\[NAME_2_qqqqqqqq\\]\\]",
    ],
)
def test_a_placeholder_that_the_model_made_up_is_an_error(invented: str) -> None:
    redactor = Redactor(KNOWN)
    redactor.redact("Ana wrote from ana.lopes@mail.example")
    with pytest.raises(UnknownPlaceholder, match="cannot be used"):
        redactor.restore(f"Dear {invented}, hello")
    restorer = redactor.restorer()
    with pytest.raises(UnknownPlaceholder):
        "".join([*(restorer.feed(letter) for letter in f"Dear {invented}, hello"), restorer.end()])


def test_placeholders_are_put_back_wherever_a_stream_is_split() -> None:
    seed = 99
    print("seed", seed)
    random = Random(seed)
    redactor = Redactor(KNOWN)
    text = "Ana [1] (see [[x]] and [link](y)): ana.lopes@mail.example, 912000678 [Lopes]["
    sent = redactor.redact(text)
    assert redactor.restore(sent) == text
    for _ in range(300):
        restorer, shown, at = redactor.restorer(), "", 0
        while at < len(sent):
            size = random.randint(1, 9)
            shown += restorer.feed(sent[at : at + size])
            assert text.startswith(shown)
            at += size
        assert shown + restorer.end() == text


def test_a_placeholder_comes_back_as_models_like_to_write_them() -> None:
    redactor = Redactor(KNOWN)
    sent = redactor.redact("Ana")
    kind, number, tag = sent.strip("[]").split("_")
    for way in (
        f"[[{kind}_{number}_{tag.upper()}]]",
        f"\\[\\[{kind}\\_{number}\\_{tag}\\]\\]",
        f"[[ {kind}_{number}_{tag} ]]",
    ):
        assert redactor.restore(f"Hi {way}!") == "Hi Ana!"


def test_passcodes_are_gone_for_good() -> None:
    redactor = Redactor(KNOWN)
    sent = redactor.redact(
        "My passcode is 8431, my password: hunter2! The ｐｉｎ is 1\u200b9\u200b9\u200b7."
    )
    for secret in ("8431", "hunter2", "1997"):
        assert secret not in sent
        assert secret not in redactor.restore(sent)


def test_a_bare_answer_to_who_asks_for_the_passcode_is_one() -> None:
    said = (
        Said(1, "customer", "It does not start. 8431"),
        Said(2, "agent", "What is the passcode?"),
        Said(3, "customer", "8431"),
        Said(4, "customer", "7 7 2 1"),
        Said(5, "agent", "Thank you."),
        Said(6, "customer", "2041"),
    )
    assert [one.text for one in without_passcodes(said)] == [
        "It does not start. 8431",
        "What is the passcode?",
        "••••",
        "••••",
        "Thank you.",
        "2041",
    ]


def test_nobody_who_prints_a_redactor_sees_what_it_knows() -> None:
    redactor = Redactor(KNOWN)
    redactor.redact("Ana")
    assert "Ana" not in repr(redactor)


def test_known_are_the_customers_own_facts_private_ones_too_and_not_the_shops() -> None:
    record = Record(
        (
            Fact("customer/name", "name", "name", "Ana Lopes"),
            Fact("D-1/serial", "number", "serial number", "C02XK1ABJG5H", private=True),
            Fact("D-1/imei", "number", "IMEI", "356938035643809", private=True),
            Fact("R-2041/number", "number", "repair", "R-2041"),
            Fact("shop/phone", "phone", "phone", "+351 210 000 000"),
            Fact("shop/name", "name", "shop", "RevivaTech"),
        )
    )
    known = known_of(record, agents=("Rui",))
    assert known.names == ("Ana Lopes",)
    assert (known.serials, known.imeis) == (("C02XK1ABJG5H",), ("356938035643809",))
    assert (known.numbers, known.agents) == (("R-2041",), ("Rui",))
    assert known.public == ("+351 210 000 000",)
    sent = Redactor(known).redact("RevivaTech, +351 210 000 000: Ana Lopes")
    assert sent.startswith("RevivaTech, +351 210 000 000: [[NAME")
