"""What the demo's customers and agents say, read for the CRM that is made of it: devices, faults,
prices, and how far a repair got. It knows the words of this demo and no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal

from revivatui.crm.demo import MODELS
from revivatui.crm.devices import Category, category_of
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

_ALSO_NAMED: Final = (
    "MacBook Pro 16",
    "Acer Swift 3",
    "Surface Laptop 4",
    "iMac 27",
    "custom gaming PC",
    "iPad 9",
    "PlayStation 4",
    "Xbox Series X",
    "Toshiba Canvio 1 TB",
    "Kingston A400",
    "SanDisk Extreme",
    "QNAP TS-453D",
)
_NAMED: Final = tuple((one, one.lower()) for one in (*MODELS, *_ALSO_NAMED))

Stage = Literal[
    "coming", "asks", "asks_diagnosis", "quoted", "approved", "on_bench", "tested", "ready", "done"
]
_FOR: Final[dict[str, dict[Category, str]]] = {
    "screen": {"phone": "screen_phone", "tablet": "screen_tablet", "laptop": "screen_laptop"},
    "battery": {"phone": "battery_phone", "tablet": "battery_tablet", "laptop": "battery_laptop"},
    "port": {"phone": "port_phone", "laptop": "port_laptop", "console": "port_console"},
    "board": {"phone": "board_phone", "laptop": "board_laptop", "console": "board_console"},
    "liquid": {"phone": "liquid_phone", "laptop": "liquid_laptop"},
    "sea": {"phone": "dr_phone_board", "laptop": "liquid_laptop"},
    "keyboard": {"laptop": "keyboard_laptop"},
    "heads": {"storage": "dr_clean_room"},
    "gone": {"storage": "dr_flash"},
    "raid": {"storage": "dr_raid_disk"},
    "slow": {"laptop": "storage_ssd", "desktop": "storage_ssd"},
    "virus": {"laptop": "virus_removal", "desktop": "virus_removal"},
    "look": {},
}
_ANY_KIND: Final = {"port", "board", "keyboard", "screen", "liquid", "look"}
"""What is looked at first where the price list has no line of its own for the device."""
_FAULTS: Final[tuple[tuple[str, str, str], ...]] = (
    # what kind, what the bench writes, the words of customers in both languages
    ("heads", "Clicks since it fell, not recognised", r"click|fall\b|\bfell|clique|\bcaiu|cair"),
    ("raid", "Two disks failed, the volume is gone", r"failed disks|volume crashed"),
    ("gone", "Shows up as 0 bytes since an update", r"0 bytes|initialise"),
    ("gone", "Not seen any more, not even in the BIOS", r"bios|power cut"),
    ("sea", "Was in the pool, does not turn on, the photos matter", r"in the pool"),
    ("sea", "Went through the washing machine, does not turn on", r"washing machine"),
    ("sea", "Fell into the sea, does not turn on, the photos matter", r"into the sea"),
    ("sea", "Fell into water, does not turn on, the photos matter", r"caiu a agua"),
    ("liquid", "Coffee went into it, was on for a while", r"coffee|cafe\b"),
    ("liquid", "Tea went into it, some keys type two letters", r"\btea\b|\bcha\b"),
    ("liquid", "Water went into it, the screen is black", r"\bwater\b|drowned|afogado"),
    ("battery", "Battery is swollen, the screen lifts on one side", r"bulging|pregnant|swollen"),
    ("battery", "Battery is at its end, says service", r"says .service|bateria nova"),
    ("battery", "Switches off at 30 %", r"at 30 %|aos 30 %"),
    ("battery", "Battery lasts two hours", r"two hours|duas horas|batter(?:y|ies)|bateria"),
    ("port", "Charging port is loose, charges only at an angle", r"wobbly|at an angle|tem folga"),
    ("port", "Charging light blinks orange, does not charge", r"blinks orange|pisca laranja"),
    ("port", "Does not charge any more, three cables tried", r"charge any more|de carregar"),
    ("port", "No picture, only sound, the HDMI port", r"no picture|hdmi|nao da imagem"),
    ("board", "Very loud, then turns itself off", r"super loud|barulho"),
    ("virus", "Windows pop up all the time, a virus perhaps", r"virus|pop up|janelas"),
    ("slow", "Needs ten minutes to start", r"ten minutes to start|dez minutos a arrancar"),
    ("keyboard", "Wants a new keyboard", r"new keyboard|teclado novo"),
    ("screen", "Screen has lines, fitted by us", r"has lines|tem riscas"),
    ("screen", "Screen is cracked, touch works at the top only", r"face down|toque so funciona"),
    ("screen", "Screen is broken, cuts the finger", r"cuts my finger|ja me cortei"),
    ("screen", "Screen is cracked", r"screen|display|\becra\b|\bglass\b|vidro"),
    ("look", "Camera is blurry, does not focus", r"camera|camara"),
    ("board", "Does not turn on", r"not turn on|nao liga"),
    ("look", "Same fault again as before our repair", r"same fault|voltou a avariar|lasted two"),
    ("look", "To be looked at", r"diagnos|look at"),
)  # fmt: skip
_KEPT_AS: Final[dict[str, tuple[str, str]]] = {
    # of conversations whose texts are not read: what their labels say
    "screen": ("screen", "Screen is cracked"),
    "battery": ("battery", "Battery is at its end"),
    "charging": ("port", "Does not charge any more"),
    "liquid": ("liquid", "Got wet, was switched off"),
    "software": ("slow", "Slow, windows pop up"),
}
_SAID_BY_CUSTOMERS: Final[tuple[tuple[Stage, str], ...]] = (
    ("done", r"picked it up|works again|holds all day|fixed it|new screen is great|fine for a week"
     r"|all good so far|ja levantei|ecra esta otimo|resultou|unknown part|very quick"),
    ("approved", r"\bapproved|\bagreed!|go ahead|please do it|aprovado|podem avancar|^aceito"
     r"|paid by transfer|order number follows"),
    ("asks_diagnosis", r"there a diagnosis already|ja ha diagnostico"),
    ("asks", r"is my .* ready|any news|any update|where my repair|just asking about|how is my"
     r"|how does it look|accounting folder|service mode trick|able to start it|it's me again"
     r"|ja esta pronto|novidades do|queria saber do|sou eu outra vez|como esta o meu"),
    ("coming", r"i'll come|i will be there|i'll be there|i can be there|i am there|bringing it"
     r"|book it|is perfect|e perfeito|passo ai|\blevo |vou ja|consigo as|i bring it|pode marcar"
     r"|the original please|take the cheaper|entao o original|fico com o mais barato|on the way"
     r"|sold!|vendido!|running 15 minutes late|15 minutos atrasado|we move it|da para mudar"
     r"|tomorrow then|ate amanha"),
)  # fmt: skip
_SAID_BY_AGENTS: Final[tuple[tuple[Stage, str], ...]] = (
    ("done", r"port was soldered new|warranty starts anew"),
    ("ready", r"it is ready!|ready for pick-up|esta pronto!|you can pick it up|pode levantar"),
    ("tested", r"being tested|em testes"),
    ("approved", r"^(?:perfect\. )?ready \w+day|\w+day afternoon\.$|business days, the part"
     r"|^pronto |fica pronto "),
    ("quoted", r"the quote|quote (?:is )?attached|quote for the|quote and file list|segue o orc"
     r"|orcamento (?:final )?em anexo"),
    ("on_bench", r"image is at|heads were bent|translator table|is readable|cleaned and dry"
     r"|corrosion around|had dropped out|all four imaged|are copying|it started|power supply"
     r"|limpo e seco|corrosao no circuito|imagem vai|copia esta a correr"),
    ("coming", r"^booked|^noted|^done:|see you|case rt-|^marcado|^feito|^anotado|is yours|keep the"
     r" bench|expecting you|guardamos a bancada|^ate "),
)  # fmt: skip
_WARRANTY: Final = re.compile(
    r"you repaired my|you put into my|paid for a repair that|repararam o meu|puseram no meu"
)
_RANGE: Final = re.compile(r"(\d{2,4})(?: €)? (?:and|to|e|a) (\d{2,4}) €|(\d{2,4}) €")
_CHOSEN: Final[tuple[tuple[str, Callable[[list[int]], int]], ...]] = (
    (r"the original please|entao o original", max),
    (r"the cheaper|mais barato", min),
)
_DAYS_WAITED: Final = re.compile(r"been (\d{1,2}) days|vao (\d{1,2}) dias")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn, as it is compared: small letters without accents."""

    text: str
    is_customer: bool
    at: int

    @classmethod
    def of(cls, text: str, *, is_customer: bool, at: int) -> Spoken:
        return cls(fold(text), is_customer, at)


def device_in(said: tuple[Spoken, ...], noted: str) -> str:
    """The device a customer writes about; `noted` is what the chat is marked with, which goes
    first where they name it, and is believed where they name none."""
    named = ""
    for one in said:
        if one.is_customer:
            found = [model for model, words in _NAMED if words in one.text]
            if noted in found:
                return noted
            named = found[-1] if found else named
    return named or (noted if noted in {model for model, _ in _NAMED} else "")


def fault_in(said: tuple[Spoken, ...], model: str, labels: list[str]) -> tuple[str, str]:
    """The service it is for, and what the bench writes about it; two times "" for what is told
    by no words."""
    text = " ".join(one.text for one in said if one.is_customer)
    kind = category_of(model)
    for what, fault, words in _FAULTS:
        code = _code(what, kind)
        if code and re.search(words, text):
            return code, fault
    for label in labels:
        what, fault = _KEPT_AS.get(label, ("", ""))
        if what and (code := _FOR[what].get(kind, "")):
            return code, fault
    return "", ""


def _code(what: str, kind: Category) -> str:
    found = _FOR[what].get(kind, "")
    if not found and what in _ANY_KIND and kind != "storage":
        return "diagnostic"
    return found or ("dr_evaluation" if what == "look" else "")


def price_in(said: tuple[Spoken, ...]) -> tuple[int, int] | None:
    """From what to what the agents said that it costs. Of single prices it is the one that the
    customer chose, else the one that was said first."""
    single: list[int] = []
    for one in said:
        for match in () if one.is_customer else _RANGE.finditer(one.text):
            if match[3] is None:
                return int(match[1]), int(match[2])
            single.append(int(match[3]))
    if not single:
        return None
    chosen = single[0]
    for words, choose in _CHOSEN:
        if any(one.is_customer and re.search(words, one.text) for one in said):
            chosen = choose(single)
    return chosen, chosen


def stage_in(said: tuple[Spoken, ...]) -> Stage | None:
    """How far it got by the newest words that tell; None: they have only just written."""
    for place in range(len(said) - 1, -1, -1):
        one = said[place]
        for stage, words in _SAID_BY_CUSTOMERS if one.is_customer else _SAID_BY_AGENTS:
            if re.search(words, one.text):
                return stage
        if not one.is_customer and _RANGE.search(one.text):
            return "quoted"
    return None


def is_claim(said: tuple[Spoken, ...]) -> bool:
    """Whether they come back with what was repaired before."""
    return any(one.is_customer and _WARRANTY.search(one.text) for one in said)


def days_waited(said: tuple[Spoken, ...]) -> int | None:
    """For how many days they say that they have been waiting."""
    for one in said:
        if one.is_customer and (match := _DAYS_WAITED.search(one.text)):
            return int(match[1] or match[2])
    return None
