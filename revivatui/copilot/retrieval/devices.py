"""Which devices a text names: brand, family and model, as far as it says."""

from __future__ import annotations

import re
from typing import Final

from revivatui.state.records import dataclass
from revivatui.text.fold import fold

_VARIANTS: Final = (
    r"pro|max|plus|mini|ultra|lite|air|se|fe|oled|slim|digital|note|fold|flip|edge|xl"
)

_FAMILIES: Final[tuple[tuple[str, str, str], ...]] = (
    ("iphone", "phone", r"i ?-?phones?"),
    ("ipad", "tablet", r"i ?-?pads?"),
    ("ipod", "phone", r"ipod(?: touch)?"),
    ("watch", "watch", r"(?:apple ?|galaxy ?|smart ?)watch(?:es)?"),
    ("airpods", "audio", r"air ?pods?"),
    ("macbook", "laptop", r"mac ?books?"),
    ("imac", "desktop", r"imacs?"),
    ("mac mini", "desktop", r"mac mini"),
    ("mac", "laptop", r"macs?"),
    ("galaxy tab", "tablet", r"(?:galaxy )?tab(?= ?[as]\d)|galaxy tabs?"),
    ("galaxy", "phone", r"samsung galaxy|galaxy|samsung(?= (?:[asz]\d|note|fold|flip))"),
    ("pixel", "phone", r"(?:google )?pixels?"),
    ("redmi", "phone", r"redmi|poco"),
    ("xiaomi", "phone", r"xiaomi(?: mi)?"),
    ("huawei", "phone", r"huawei(?= (?:p|mate|nova)| ?\d|$|\b)"),
    ("oneplus", "phone", r"one ?plus"),
    ("moto", "phone", r"moto(?:rola)?"),
    ("nokia", "phone", r"nokia"),
    ("playstation", "console", r"play ?stations?|ps(?= ?[1-5]\b)"),
    ("xbox", "console", r"x ?-?box"),
    (
        "switch",
        "console",
        r"nintendo(?: switch)?|(?:(?<=my )|(?<=the )|^)switch|switch(?= (?:oled|lite|joy|stick))",
    ),
    ("steam deck", "console", r"steam ?deck"),
    ("surface", "laptop", r"(?:microsoft )?surface"),
    ("thinkpad", "laptop", r"(?:lenovo )?think ?pads?"),
    ("ideapad", "laptop", r"(?:lenovo )?idea ?pads?"),
    ("xps", "laptop", r"(?:dell )?xps"),
    ("latitude", "laptop", r"(?:dell )?latitude"),
    ("inspiron", "laptop", r"(?:dell )?inspiron"),
    ("pavilion", "laptop", r"(?:hp )?pavilion"),
    ("elitebook", "laptop", r"(?:hp )?elite ?book"),
    ("chromebook", "laptop", r"chrome ?books?"),
    ("zenbook", "laptop", r"(?:asus )?zen ?books?"),
)  # fmt: skip
_BRANDS: Final[tuple[tuple[str, str], ...]] = (
    ("apple", "apple"), ("samsung", "samsung"), ("google", "google"), ("sony", "sony"),
    ("lenovo", "lenovo"), ("dell", "dell"), ("hp", "hp"), ("asus", "asus"), ("acer", "acer"),
    ("msi", "msi"), ("toshiba", "toshiba"), ("lg", "lg"), ("microsoft", "microsoft"),
)  # fmt: skip
_KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("phone", r"(?:smart ?)?phones?|mobiles?|cell(?:phone|ular|ulares)?s?|telemo(?:vel|veis)"),
    ("tablet", r"tablets?"),
    ("laptop", r"laptops?|lap top|notebooks?|portatil|portateis"),
    ("desktop", r"desktops?|pcs?|towers?|computadora?s?(?: de mesa)?|gaming rig|computers?"),
    ("console", r"consoles?|consolas?|videogames?"),
    ("watch", r"watch(?:es)?|relogios?"),
    (
        "drive",
        r"hard drives?|hdds?|ssds?|usb (?:stick|drive)s?|pen ?drives?|(?:memory|sd) cards?|discos?",
    ),
)  # fmt: skip
_MODEL: Final = re.compile(
    rf"\s*(?:series |gen(?:eration)? |mark )?"
    rf"((?:m[1-4]|[a-z]{{0,2}}\d{{1,4}}[a-z]{{0,2}}|x[rs]?|{_VARIANTS})\b(?:[\s\-]*(?:{_VARIANTS})\b)*)"
)
_BARE_PHONE: Final = re.compile(
    rf"\b((?:[asz]\d{{1,3}}(?:e|s|fe)?|(?:1[0-7]|[5-8])(?= (?:pro|max|plus|mini)))"
    rf"(?:\s+(?:{_VARIANTS}|5g))*)\b"
)
_BARE_IPHONE: Final = re.compile(
    r"\b(?:my|an?|the|on|old|new|for|um|uma|o|no|meu|cracked|broken|smashed)"
    r" (1[0-7]|[678]|xr|xs|se)\b"
    r"(?= ?(?:$|[?!.,]|screen|display|glass|batter|bateria|ecra|tela|vidro|back|camera|port|charg))"
)
"""A number alone is the model that most people have, where it stands like one."""
_YEARS: Final = re.compile(r"(?:19|20)\d\d$")
_NOT_MODELS: Final = re.compile(r"\d+(?:gb|tb|st|nd|rd|th|in|hz|mm)$")
_NETWORKS: Final = frozenset(("3g", "4g", "5g"))
_GENERATION: Final = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|a|\.)? (?:gen(?:eration)?|geracao)\b")
_PATTERNS: Final = tuple(
    (family, kind, re.compile(rf"\b(?:{pattern})(?![a-z])")) for family, kind, pattern in _FAMILIES
)
_BRAND_PATTERNS: Final = tuple((name, re.compile(rf"\b{word}\b")) for name, word in _BRANDS)
_KIND_PATTERNS: Final = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in _KINDS)
_BRAND_OF: Final = {
    "iphone": "apple", "ipad": "apple", "ipod": "apple", "watch": "apple", "airpods": "apple",
    "macbook": "apple", "imac": "apple", "mac": "apple", "mac mini": "apple",
    "galaxy": "samsung", "galaxy tab": "samsung", "pixel": "google", "playstation": "sony",
    "xbox": "microsoft", "surface": "microsoft", "thinkpad": "lenovo", "ideapad": "lenovo",
    "xps": "dell", "latitude": "dell", "inspiron": "dell", "pavilion": "hp", "elitebook": "hp",
    "zenbook": "asus",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """A device as a text names it; what it does not say is empty."""

    kind: str
    brand: str = ""
    family: str = ""
    model: frozenset[str] = frozenset()
    """"13" and "pro", "s21", "air" and "m1"."""

    def fits(self, other: Device) -> float:
        """How well it is the same device, 0 to 1: what one leaves open is no contradiction."""
        if self.kind != other.kind or (self.brand and other.brand and self.brand != other.brand):
            return 0.0
        if not self.family or not other.family:
            return 0.45 if self.brand and self.brand == other.brand else 0.4
        if self.family != other.family:
            return 0.0
        if self.model == other.model:
            return 1.0 if self.model else 0.8
        if not self.model or not other.model:
            return 0.6
        return _model_fit(self.model, other.model)


def _model_fit(one: frozenset[str], other: frozenset[str]) -> float:
    """ "13" against "13 pro" is near, against "12" it is another device."""
    numbers, others = _numbers(one), _numbers(other)
    if numbers and others and numbers != others and not (numbers < others or others < numbers):
        return 0.0
    if one < other or other < one:
        return 0.5
    return 0.0 if numbers == others or not (numbers and others) else 0.3


def _numbers(model: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in model if any(letter.isdigit() for letter in one))


def devices_in(text: str) -> tuple[Device, ...]:
    """Every device that a text names, the most exact first; kinds alone where no family is."""
    low = _GENERATION.sub(
        r"\1", " ".join(fold(text).replace("/", " ").replace("(", " ").replace(")", " ").split())
    )
    found = _families(low)
    if not found:
        found = _bare(low)
    if not found:
        found = _brands_and_kinds(low)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: -len(one.model)))


def _families(low: str) -> list[Device]:
    found: list[Device] = []
    taken: list[tuple[int, int]] = []
    for family, kind, pattern in _PATTERNS:
        for match in pattern.finditer(low):
            if any(start <= match.start() < end for start, end in taken):
                continue
            model, end = _model_after(low, match.end())
            taken.append((match.start(), end))
            found.append(Device(kind, _BRAND_OF.get(family, family), family, model))
            found += _more_models(low, end, found[-1])
    return found


def _more_models(low: str, start: int, first: Device) -> list[Device]:
    """ "iPhone 12 / 13 / 14": further numbers in a row are further models."""
    found = []
    while match := re.compile(r"\s*(?:,|and|e|or|ou|&|\||-|\s)\s*(?=\d{1,2}\b)").match(low, start):
        model, end = _model_after(low, match.end())
        if not model:
            break
        found.append(Device(first.kind, first.brand, first.family, model))
        start = end
    return found


def _model_after(low: str, start: int) -> tuple[frozenset[str], int]:
    parts: list[str] = []
    while match := _MODEL.match(low, start):
        new = re.split(r"[\s\-]+", match[1])
        if any(_NOT_MODELS.match(one) for one in new):
            break
        if (
            parts
            and any(one[0].isdigit() for one in new)
            and any(one[0].isdigit() for one in parts if not _YEARS.match(one))
        ):
            break
        parts += new
        start = match.end()
    return frozenset(_model_words(parts)), start


def _model_words(parts: list[str]) -> list[str]:
    """Without the year and the network, which stand on one list and not on the other."""
    return [one for one in parts if not _YEARS.match(one) and one not in _NETWORKS]


def _bare(low: str) -> list[Device]:
    """ "my s21", "13 pro max": a model that is known without its family."""
    found = []
    for match in _BARE_PHONE.finditer(low):
        model = frozenset(_model_words(match[1].split()))
        galaxy = match[1][0] in "asz"
        if galaxy:
            found.append(Device("phone", "samsung", "galaxy", model))
        else:
            found.append(Device("phone", "apple", "iphone", model))
    if not found:
        for match in _BARE_IPHONE.finditer(low):
            found.append(Device("phone", "apple", "iphone", frozenset((match[1],))))
    return found


def _brands_and_kinds(low: str) -> list[Device]:
    brand = next((name for name, pattern in _BRAND_PATTERNS if pattern.search(low)), "")
    kinds = [kind for kind, pattern in _KIND_PATTERNS if pattern.search(low)]
    return [Device(kind, brand) for kind in kinds]
