"""No passcode that a customer writes is kept; what is none stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.crm.passcodes import MASK, asks_for_passcode, mask_passcodes

SECRETS = [
    ("o código é 1234", "1234"),
    ("passcode: 4821", "4821"),
    ("password is hunter2", "hunter2"),
    ("PIN 0000", "0000"),
    ("PIN0000", "0000"),
    ("a senha é gato123", "gato123"),
    ("my password for the laptop is Secret!", "Secret!"),
    ("the PIN of the phone is 5678, thanks", "5678"),
    ("the passcode to my iphone's 998877", "998877"),
    ("1234 is the passcode", "1234"),
    ("4711 é o código", "4711"),
    ("palavra-passe: «abc def»", "abc def"),
    ("A palavra passe do portátil é benfica", "benfica"),
    ("password 'my long one'", "my long one"),
    ("password: a,b;c1", "a,b;c1"),
    ("código do telemóvel: 2468", "2468"),
    ("desbloqueia com o 2580", "2580"),
    ("unlock it with 1 2 3 4", "1 2 3 4"),
    ("o padrão é 1 4 7 8", "1 4 7 8"),
    ("pattern: 1-2-5-8-9", "1-2-5-8-9"),
    ("unlock pattern is L shape from the top", "L shape"),
    ("login: maria / password: xyz987", "xyz987"),
    ("Código de desbloqueio: 112233", "112233"),
]
PLAIN = [
    "the password is wrong.",
    "I forgot my password",
    "the pin is not working",
    "pins 4 and 5 are burnt",
    "error code 1234",
    "código de erro 4312",
    "promo code SAVE20",
    "código postal 4000-123",
    "repair code R-2041",
    "It costs 1200 EUR and takes 3 days",
    "call me on +351 912 345 678",
    "a senha não funciona",
    "IMEI 490154203237518",
    "order 123456 arrived",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_passcode_is_masked_and_the_masking_is_told(text: str, secret: str) -> None:
    masked, found = mask_passcodes(text)
    assert found
    assert secret not in masked
    assert MASK in masked
    assert mask_passcodes(masked) == (masked, False)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_passcode_stays_as_it_was(text: str) -> None:
    assert mask_passcodes(text) == (text, False)


@pytest.mark.parametrize("answer", ["1234", " 4821.", "it's 0000", "É 2580", "Gato123"])
def test_a_bare_answer_to_the_question_for_a_passcode_is_masked(answer: str) -> None:
    assert asks_for_passcode("Qual é o código do telemóvel?")
    assert asks_for_passcode("What is the passcode, please?")
    masked, found = mask_passcodes(answer, asked_for=True)
    assert found
    assert not any(one.isdigit() for one in masked)
    assert mask_passcodes("1234") == ("1234", False)


@pytest.mark.parametrize(
    "question", ["What is the repair code?", "Qual é o código postal?", "And the IMEI code?", "Hi!"]
)
def test_another_code_that_is_asked_for_is_no_passcode(question: str) -> None:
    assert not asks_for_passcode(question)
    assert mask_passcodes("R-2041", asked_for=True) == ("R-2041", False)


@given(st.text(max_size=300))
def test_any_text_is_looked_through_and_masking_is_final(text: str) -> None:
    masked, _ = mask_passcodes(text)
    assert mask_passcodes(mask_passcodes(masked)[0])[0] == mask_passcodes(masked)[0]


@given(st.from_regex(r"[0-9]{4,8}", fullmatch=True), st.sampled_from(("PIN", "passcode", "senha")))
def test_no_digits_after_a_word_for_a_secret_are_left(digits: str, word: str) -> None:
    for text in (f"{word} {digits}", f"{word}: {digits}", f"the {word} is {digits} ok"):
        assert digits not in mask_passcodes(text)[0]


@pytest.mark.parametrize("piece", ["a senha é 1234. ", "code 1234 ", "pin - ", 'pin "'])
def test_a_message_as_long_as_messages_get_is_looked_through_in_one_go(piece: str) -> None:
    """Looked through from its beginning at each of them, it would take minutes."""
    text = piece * (150_000 // len(piece))
    masked, _is_one = mask_passcodes(text)
    assert "1234" not in masked


@pytest.mark.parametrize("head", ["1234", "pin is", "o código é", "unlock pattern:"])
@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0"])
def test_a_gap_as_long_as_a_message_is_gone_over_once(head: str, blank: str) -> None:
    """Gone over from each of its blanks, it would take many minutes."""
    mask_passcodes(head + blank * 150_000 + "?", asked_for=True)
