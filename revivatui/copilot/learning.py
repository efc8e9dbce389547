"""Which words of a message may be learned, and how far a draft is from what was sent.

Nothing that says who somebody is: no names, numbers, addresses or codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.retrieval.word_forms import STOP, TONGUES, words_of
from revivatui.crm.passcodes import MASK, mask_passcodes
from revivatui.text.fold import fold

MOST_WORDS: Final = 12
SHORTEST: Final = 3
LONGEST: Final = 20
MOST_TEXT: Final = 4_000
"""Letters of a message that are looked at, and of two texts that are compared."""

_NO_WORD: Final = re.compile(r"\S{100,}")
_PERSONAL: Final = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\{\{.*?\}\}|\S*\d\S*|@\w+|\w*[•*]+\w*", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"(?:my name(?:['’]?s| is)|name is|i am|i['’]m|this is|it['’]s|regards,?|cheers,?|thanks,?"
    r"|me chamo|chamo-me|o meu nome [ée]|meu nome [ée]|sou [oa]|daqui (?:fala )?[oa]|aqui [ée] [oa]"
    r"|cumprimentos,?|atenciosamente,?|obrigad[oa],?)\s+(?P<name>(?-i:[A-ZÀ-Ý][\w'’-]*(?:\s+(?:d[aeo]s?\s+)?"
    r"[A-ZÀ-Ý][\w'’-]*)*))",
    re.IGNORECASE,
)
_INTRODUCED: Final = re.compile(
    r"(?:my name(?:['’]?s| is)|me chamo|chamo-me|meu nome [ée])\s+[\w'’-]+(?:\s+[\w'’-]+)?",
    re.IGNORECASE,
)
"""Also in small letters, as many type; a word too many is lost with it."""
_STREET: Final = re.compile(
    r"\b(?:rua|avenida|av\.|travessa|praceta|largo|street|road|avenue|lane|drive)\b[^.\n,;]*"
    r"|\b[A-ZÀ-Ý][\w'’]+ (?:street|road|avenue|lane|close|st|rd|ave)\b",
    re.IGNORECASE,
)
_CAPITAL: Final = re.compile(r"(?<=[^\s.!?:\n])[ \t]+(?P<name>[A-ZÀ-Ý][\w'’-]+)")
_DULL: Final = frozenset(
    re.findall(
        r"\S+",
        """
    hello please thank thanks want need help know would could should about with from your you
    can and the for not but are was when what where how why who have has had there here some any
    then than also too very more much many thing things anything something think good morning
    afternoon evening day today tomorrow yesterday week sir madam guys ola bom boa dia tarde
    noite obrigado obrigada favor quero queria preciso saber pode podem posso com sem por para
    que qual quando onde como porque mais menos muito tambem hoje amanha ontem semana senhor
    senhora voce voces tenho tem queriam gostaria gostava ajuda coisa
""",
    )
)
_SKIPPED_KINDS: Final = ("device", "talk")


def content_words(
    message: str, language: str, names: Iterable[str] = (), *, thesaurus: Thesaurus | None = None
) -> tuple[str, ...]:
    """The words of a customer's message that may be learned: folded, each once, few.

    `names`: of the customer and of everybody of the shop. Device names are left out with a
    thesaurus: a device says nothing about the answer.
    """
    masked, _ = mask_passcodes(message[:MOST_TEXT])
    plain = _without_people(masked.replace(MASK, " "), names)
    tongue = TONGUES.get(language, TONGUES["en"])
    skipped = _dull_places(plain, language, thesaurus)
    found: dict[str, None] = {}
    for one in words_of(plain, tongue):
        word = one.word
        if word == STOP or not word.isalpha() or not SHORTEST <= len(word) <= LONGEST:
            continue
        if word in _DULL or not re.search(r"[aeiouy]", word):
            continue
        if not any(start <= one.start < end for start, end in skipped):
            found[word] = None
    return tuple(found)[:MOST_WORDS]


def _without_people(text: str, names: Iterable[str]) -> str:
    for pattern in (_NO_WORD, _PERSONAL, _NAMED, _INTRODUCED, _STREET):
        text = pattern.sub(" ", text)
    if any(one.islower() for one in text):  # in capitals throughout, they tell nothing
        text = _CAPITAL.sub(" ", text)
    parts = {part for name in names for part in fold(name).split() if len(part) > 1}
    return re.sub(r"\w+", lambda one: " " if fold(one[0]) in parts else one[0], text)


def _dull_places(text: str, language: str, thesaurus: Thesaurus | None) -> list[tuple[int, int]]:
    if thesaurus is None:
        return []
    return [
        (one.start, one.end)
        for one in thesaurus.concepts(text, language)
        if thesaurus.kind(one.concept) in _SKIPPED_KINDS
    ]


def edit_distance(one: str, other: str) -> int:
    """Letters to change, add or take out to make one text of the other (the first 4,000 of each).

    A column of the table is two whole numbers, so that a page takes a few milliseconds.
    """
    one, other = one[:MOST_TEXT], other[:MOST_TEXT]
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place
    every, last = (1 << len(one)) - 1, 1 << len(one) - 1
    more, less, distance = every, 0, len(one)
    for letter in other:
        same = places.get(letter, 0)
        kept = ((((same & more) + more) ^ more) | same | less) & every
        up, down = less | (every & ~(kept | more)), more & kept
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, down << 1 & every
        more, less = down | (every & ~(kept | up)), up & kept
    return distance
