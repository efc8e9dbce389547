"""What customers mean in the shop's words, in both languages; and a shop's own words over it."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from revivatui.copilot.retrieval.thesaurus import FILE, Thesaurus
from revivatui.copilot.retrieval.word_files import BadWords
from tests.support.work import calls_of

KNOWN = Thesaurus.shipped()

ENGLISH = [
    ("my lappy had a bath", "liquid_damage"),
    ("it went for a swim", "liquid_damage"),
    ("the mac drank my coffee", "liquid_damage"),
    ("dropped it in the loo", "liquid_damage"),
    ("it won't turn on", "no_power"),
    ("wont even boot up anymore", "no_power"),
    ("dead as a doornail", "no_power"),
    ("it just gave up the ghost", "no_power"),
    ("shuts off at 40 percent", "shuts_down"),
    ("keeps rebooting over and over", "restarts"),
    ("frozen on the apple logo", "stuck_logo"),
    ("shows a folder with a question mark", "error_screen"),
    ("three beeps and nothing else", "beeps"),
    ("battery is dead by lunch", "battery_drain"),
    ("only works when it's plugged in", "battery_drain"),
    ("I have a spicy pillow in my phone", "battery_swollen"),
    ("the back is lifting off", "battery_swollen"),
    ("it stopped charging last night", "not_charging"),
    ("the charging hole wiggles", "charging_port"),
    ("the plug keeps falling out of the socket", "charging_port"),
    ("it landed on its face", "cracked_screen"),
    ("fell flat on its face", "cracked_screen"),
    ("spiderweb all over the glass", "cracked_screen"),
    ("green lines down the display", "screen_lines"),
    ("sound is there but the screen stays black", "black_screen"),
    ("the screen flickers like a disco", "screen_flicker"),
    ("touch doesn't respond at the bottom", "touch"),
    ("it types by itself like it's possessed", "ghost_touch"),
    ("hot enough to fry an egg", "overheating"),
    ("it smells burnt", "smoke_burning"),
    ("sounds like a jet taking off", "fan_noise"),
    ("slow as molasses", "slow"),
    ("weird popups everywhere", "virus"),
    ("forgot my passcode", "password_lock"),
    ("activation lock from the previous owner", "account_lock"),
    ("callers can't hear me", "microphone"),
    ("no sound at all", "no_sound"),
    ("face id quit on me", "camera"),
    ("my spacebar is stuck", "keyboard"),
    ("the lid hinge snapped", "hinge"),
    ("says no sim card", "mobile_network"),
    ("lost all my wedding photos", "data_recovery"),
    ("formatted the wrong drive", "data_recovery"),
    ("the hard disk is clicking", "clicking_drive"),
    ("will I lose my data?", "backup"),
    ("will you look through my pictures", "privacy"),
    ("move everything from my old phone to the new one", "data_transfer"),
    ("any news?", "status"),
    ("how's my baby doing", "status"),
    ("is it done yet", "ready_question"),
    ("can my wife pick it up", "collect"),
    ("how long does it take", "duration"),
    ("you promised it by friday", "delayed"),
    ("has the part arrived", "parts_stock"),
    ("how much for a new screen", "price"),
    ("that's a rip-off", "cheaper"),
    ("yes, go ahead", "approve"),
    ("no thanks, too pricey", "decline"),
    ("do you take amex", "payment"),
    ("can I pay in installments", "installments"),
    ("I need a VAT invoice", "invoice"),
    ("I want my money back", "refund"),
    ("is it still under warranty", "warranty"),
    ("it broke again a week after you fixed it", "came_back"),
    ("what are your hours", "opening_hours"),
    ("r u open on sunday", "opening_hours"),
    ("where are you located", "location"),
    ("can i park nearby", "parking"),
    ("can I just walk in", "appointment"),
    ("can we move my appointment to monday", "reschedule"),
    ("can you come to my house", "home_visit"),
    ("can I post it to you", "pickup_delivery"),
    ("are the parts genuine", "parts_quality"),
    ("can I borrow a phone meanwhile", "loan_device"),
    ("let me speak to a human", "human"),
    ("I want to complain", "complaint"),
    ("I need it back by tomorrow", "express"),
    ("is it worth fixing", "worth_repairing"),
    ("thanks a lot", "thanks"),
    ("do you buy broken phones", "buy_sell"),
]
PORTUGUESE = [
    ("o meu telemóvel caiu na sanita", "liquid_damage"),
    ("entornei café no teclado", "liquid_damage"),
    ("meu celular molhou", "liquid_damage"),
    ("não liga", "no_power"),
    ("o pc pifou", "no_power"),
    ("n liga de jeito nenhum", "no_power"),
    ("desliga-se sozinho", "shuts_down"),
    ("está sempre a reiniciar", "restarts"),
    ("preso no símbolo da maçã", "stuck_logo"),
    ("deu tela azul", "error_screen"),
    ("a bateria não aguenta nada", "battery_drain"),
    ("a bateria inchou", "battery_swollen"),
    ("não carrega", "not_charging"),
    ("a entrada do carregador está com folga", "charging_port"),
    ("parti o ecrã", "cracked_screen"),
    ("a tela trincou", "cracked_screen"),
    ("tem riscas verdes no ecrã", "screen_lines"),
    ("toca mas não se vê nada", "black_screen"),
    ("o ecrã está a piscar", "screen_flicker"),
    ("o touch não responde", "touch"),
    ("abre coisas sozinho", "ghost_touch"),
    ("aquece imenso", "overheating"),
    ("cheira a queimado", "smoke_burning"),
    ("a ventoinha faz muito barulho", "fan_noise"),
    ("tá travando direto", "slow"),
    ("apanhei um vírus", "virus"),
    ("esqueci-me do código", "password_lock"),
    ("ninguém me ouve nas chamadas", "microphone"),
    ("não tem som", "no_sound"),
    ("as teclas ficaram coladas", "keyboard"),
    ("não apanha rede", "mobile_network"),
    ("perdi as fotografias todas", "data_recovery"),
    ("vou perder os meus dados?", "backup"),
    ("há novidades?", "status"),
    ("já está pronto?", "ready_question"),
    ("posso ir buscar hoje?", "ready_question"),
    ("quanto tempo demora", "duration"),
    ("quanto custa trocar o vidro", "price"),
    ("qto fica?", "price"),
    ("é muito caro", "cheaper"),
    ("podem avançar", "approve"),
    ("aceitam multibanco?", "payment"),
    ("vocês parcelam?", "installments"),
    ("preciso de fatura", "invoice"),
    ("quero o meu dinheiro de volta", "refund"),
    ("ainda tem garantia?", "warranty"),
    ("voltou a avariar", "came_back"),
    ("a que horas abrem?", "opening_hours"),
    ("onde fica a loja?", "location"),
    ("há estacionamento?", "parking"),
    ("queria marcar para sexta", "appointment"),
    ("usam peças originais?", "parts_quality"),
    ("quero falar com uma pessoa", "human"),
    ("quero fazer uma reclamação", "complaint"),
    ("é urgente", "express"),
    ("vale a pena arranjar?", "worth_repairing"),
    ("obrigada!", "thanks"),
]


def told(text: str, language: str = "en") -> set[str]:
    """What a text says is so."""
    return {one.concept for one in KNOWN.concepts(text, language) if not one.negated}


@pytest.mark.parametrize(("text", "concept"), ENGLISH)
def test_what_customers_write_in_english_is_understood(text: str, concept: str) -> None:
    assert concept in told(text)


@pytest.mark.parametrize(("text", "concept"), PORTUGUESE)
def test_what_customers_write_in_portuguese_is_understood(text: str, concept: str) -> None:
    assert concept in told(text, "pt")


def test_without_accents_portuguese_is_understood_as_well() -> None:
    assert told("nao liga", "pt") == told("não liga", "pt")
    assert "cracked_screen" in told("ECRA PARTIDO", "pt")


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("how do I turn off find my iphone", "no_power"),
        ("it won't turn off", "no_power"),
        ("there is no water damage", "liquid_damage"),
        ("I never dropped it", "physical_damage"),
        ("the lid won't close", "opening_hours"),
        ("it keeps opening apps", "opening_hours"),
        ("my speaker crackles", "cracked_screen"),
        ("can you install windows", "installments"),
        ("the weather is nice in the park", "charging_port"),
        ("do you charge for a look", "charging_port"),
        ("I changed my mind", "charging"),
        ("a rainbow of colours on the monitor", "liquid_damage"),
        ("you are fantastic", "fan_noise"),
        ("for example the blue one", "express"),
        ("I have a Google Pixel", "screen_lines"),
        ("Dear shop,", "cheaper"),
        ("here is my feedback and rating", "price"),
        ("I want to expand the storage", "battery_swollen"),
        ("the front camera", "payment"),
        ("I will contact you", "data"),
        ("what date is it", "off_topic"),
        ("the headphone jack", "not_charging"),
        ("avoid the rush", "warranty"),
    ],
)
def test_what_only_sounds_alike_is_not_taken_for_it(text: str, concept: str) -> None:
    assert concept not in told(text)


def test_what_is_denied_says_so() -> None:
    (found,) = KNOWN.concepts("there is no water damage", "en")
    assert (found.concept, found.negated) == ("liquid_damage", True)


def test_what_cannot_be_done_is_not_denied() -> None:
    assert "software" in told("I can't uninstall this thing")
    assert "software" in told("não consigo instalar nada", "pt")
    assert "vibration" in told("it doesn't vibrate anymore")
    assert "virus" not in told("there was never a virus on it")


def test_no_appointment_needed_speaks_of_appointments() -> None:
    assert "appointment" in told("No appointment needed.")
    assert "approve" not in told("I never approved that")


def test_variables_of_a_canned_response_say_nothing() -> None:
    assert told("{{contact.name}}, {{agent.name}}: {{screen}}") == set()
    (found,) = KNOWN.concepts("{{contact.name}} screen", "en")
    assert (found.start, found.end) == (17, 23)


def test_what_was_found_stands_in_the_text_where_it_says() -> None:
    text = "Olá! O ecrã do meu iPhone está partido, não liga."
    found = KNOWN.concepts(text, "pt")
    assert {"cracked_screen", "no_power", "greeting"} <= {one.concept for one in found}
    for one in found:
        assert text[one.start : one.end] == one.words


def test_no_pattern_reaches_over_the_end_of_a_sentence() -> None:
    assert "liquid_damage" not in told("I spoke to Ann. Drank tea.") - told("Drank tea.")
    assert "cracked_screen" not in told("The screen is fine. The case is cracked.") - told(
        "The case is cracked."
    )


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("my scrreen is craked", "cracked_screen"),
        ("battrey drains fast", "battery_drain"),
        ("keybord is sticky", "keyboard"),
        ("the laptpo is slow", "laptop"),
        ("wont chrage", "not_charging"),
    ],
)
def test_one_wrong_letter_is_forgiven(text: str, concept: str) -> None:
    assert concept in told(text)


def test_ordinary_words_are_not_taken_for_misspelt_ones() -> None:
    for word in ("Charles", "painter", "skilled", "widows", "charter", "burying", "computed"):
        assert told(f"ask {word} about it") == set()


def test_broader_concepts_are_named_and_counted_once_for_each_find() -> None:
    assert KNOWN.above("charging_port") == ("charging", "parts")
    counted = KNOWN.count("the charging port wobbles", "en")
    assert counted["charging_port"] == 1
    assert counted["charging"] >= 1
    assert counted["cracked_screen"] == 0


def test_every_concept_has_a_name_in_both_languages_which_it_is_found_by() -> None:
    for one in KNOWN.concepts_by_id.values():
        for language in ("en", "pt"):
            found = {match.concept for match in KNOWN.concepts(one.names[language], language)}
            assert one.id in found or found & set(KNOWN.above(one.id)), (one.id, language)


def test_every_shipped_pattern_can_be() -> None:
    for text in ("", "x"):
        assert KNOWN.concepts(text, "en") == KNOWN.concepts(text, "pt") == ()


def test_there_are_enough_concepts_and_no_broader_one_is_missing() -> None:
    assert len(KNOWN.concepts_by_id) >= 140
    for one in KNOWN.concepts_by_id.values():
        assert all(above in KNOWN.concepts_by_id for above in one.broader)


def test_a_question_is_found_in_few_calls() -> None:
    for text, _ in ENGLISH:
        KNOWN.concepts(text, "en")
        assert calls_of(partial(KNOWN.concepts, text, "en")) <= 4_000, text


def test_hostile_and_endless_text_is_walked_up_to_a_length() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    draw = random.Random(seed)
    letters = "not turn on .?\x1b[31m\u202e\u0000éã🔥'’\n"
    for _ in range(200):
        KNOWN.concepts("".join(draw.choice(letters) for _ in range(300)))
    long, endless = (
        calls_of(partial(KNOWN.concepts, "not turn screen water not drop in " * times))
        for times in (2_000, 20_000)
    )
    assert endless <= 1.01 * long
    (found,) = KNOWN.concepts("s\x1b[31mcreen? \x1b]0;x\x07 batt\u200bery ready", "en")[-1:]
    assert found.words.isprintable()


# --- a shop's own words --------------------------------------------------------------------------


def test_a_shop_adds_words_and_concepts_and_takes_some_away(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        """
[concepts.espresso_machine]
name = { en = "espresso machine", pt = "máquina de café" }
broader = "services_of_ours"
en = ["coffee maker"]

[concepts.services_of_ours]
name = "our services"

[concepts.charging_port]
en = ["doohickey ~ [loose|wonky]"]

[concepts.tv]
removed = true
""",
        encoding="utf-8",
    )
    own = Thesaurus.for_shop(tmp_path / "revivatui.toml")
    found = {one.concept for one in own.concepts("the doohickey is loose on my coffee maker")}
    assert {"charging_port", "espresso_machine"} <= found
    assert own.above("espresso_machine") == ("services_of_ours",)
    assert own.name("espresso_machine", "pt") == "máquina de café"
    assert "tv" not in {one.concept for one in own.concepts("my tv", "en")}
    assert "tv" in told("my tv")


def test_a_word_of_the_shipped_ones_can_be_taken_away() -> None:
    pattern = KNOWN.concepts_by_id["battery_swollen"].patterns["en"][0]
    own = KNOWN.with_text(f'[concepts.battery_swollen]\nwithout = ["{pattern}"]', "words.toml")
    assert "battery_swollen" in told("it is swollen")
    assert "battery_swollen" not in {one.concept for one in own.concepts("it is swollen", "en")}


def test_without_a_file_it_is_the_shipped_one(tmp_path: Path) -> None:
    assert Thesaurus.for_shop(tmp_path / "revivatui.toml") is KNOWN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[concepts.x]\nen = [1]", "line 2, [concepts.x]: en is a list of texts"),
        ("\n[concepts.x]\nenglish = []", 'line 3, [concepts.x]: "english" means nothing'),
        ("[words]\n", 'line 1: "words" means nothing here'),
        ("[concepts.x", "words.toml: "),
        ("[concepts.Screen]\nen = ['y']", "small letters"),
        ("[concepts.x]\n", "a new concept needs words"),
        ("[concepts.x]\nen = ['go*']\n", 'line 1, [concepts.x]: "go*" is too short a beginning'),
        ("[concepts.x]\nen = ['~']", "has no word"),
        ("[concepts.x]\nen = ['@nothing']", 'There is no set "@nothing"'),
        ("[concepts.x]\nen = ['y']\nbroader = 'zzz'", 'no concept "zzz"'),
        ("[concepts.screen]\nwithout = ['unheard of']", "is not among its words"),
        ("[concepts.unheard]\nremoved = true", "cannot be removed"),
        ("[concepts.x]\nremoved = 3", "removed is true or false"),
        ("[concepts.x]\nname = 3", "name is a text"),
        ("concepts = 3", "concepts is a table"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BadWords) as caught:
        KNOWN.with_text(text, "words.toml")
    assert words in str(caught.value)
    assert "words.toml" in str(caught.value)


def test_a_file_that_cannot_be_read_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadWords, match="cannot be read"):
        KNOWN.with_file(tmp_path)
    (tmp_path / "words.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadWords, match="no text in UTF-8"):
        KNOWN.with_file(tmp_path / "words.toml")
