"""Signs that a text was written to steer a model: hints for an agent, never a defence.

What the copilot may do does not depend on them: it can send nothing, whatever a text says.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Final

from revivatui.text.fold import fold
from revivatui.text.later import Pattern
from revivatui.text.safe import MARK

MOST: Final = 20_000
"""Characters that are looked at."""

_ORDERS: Final = Pattern(
    # English, Portuguese, Spanish, French, German, Italian, Dutch, Danish, Romanian; folded.
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|direction"
    r"|guideline|above|previous|prior|system)\w*"
    r"|\b(?:ignor\w+|esque[cç]\w*|desconsider\w+|olvid\w+|descart\w+)\b.{0,40}\b(?:instru[cç][coõ]\w*"
    r"|regras?|reglas?|ordens|anterior\w*|sistema)"
    r"|\b(?:ignore[rz]?|oublie[rz]?)\b.{0,40}\b(?:instructions?|consignes?|regles?)"
    r"|\b(?:ignorier\w*|vergiss|missacht\w*)\b.{0,40}\b(?:anweisung\w*|vorherig\w*|regeln?)"
    r"|\b(?:ignora\w*|dimentica)\b.{0,40}\b(?:istruzioni|regole|precedent\w*)"
    r"|\b(?:negeer|vergeet)\b.{0,40}\b(?:instructies|regels|vorige)"
    r"|\b(?:ignorer|glem|se bort fra)\b.{0,40}\b(?:instruks\w*|regler|tidligere)"
    r"|\b(?:ignora(?:ti)?|uita(?:ti)?)\b.{0,40}\b(?:instruct\w*|reguli\w*|anterioar\w*)"
)
_ROLES: Final = Pattern(
    r"<\|?/?\s*(?:system|im_start|im_end|assistant|user|endoftext|start_header_id|eot_id)\b"
    r"|\[/?inst\]|<</?sys>>|</?(?:system|instructions?|assistant|prompt)>"
    r"|(?<!#)#{2,9}\s{0,4}(?:system|instruction)"
    r"|^[ \t]{0,8}(?:system|assistant|developer|agent|sistema|assistente)\s*(?:prompt)?\s*:"
    r"|\byou are (?:now )?(?:an? |in )?(?:ai|assistant|developer"
    r" mode|dan|jailbroken|unrestricted)\b"
    r"|\b(?:developer|god|admin) mode\b|\bact as (?:an? )?(?:system|admin|developer)"
)
_REVEAL: Final = Pattern(
    r"\b(?:reveal|print|show|repeat|output|tell me|send me|revela|mostra|imprime|repete|envia)\b"
    r".{0,50}"
    r"\b(?:system prompt|instructions|prompt|api key|token|password|passcode|secret|hidden"
    r"|private note"
    r"|other customer|instrucoes|chave|senha|palavra-passe|notas? privadas?|outros? clientes?)"
)
_BOUNDARY: Final = Pattern(
    r"<{3}|>{3}|(?<!-)-{5,40}\s{0,4}(?:begin|end)\b|(?<!=)={3,40}\s{0,4}(?:end|begin|system)"
    r"|\bend of (?:conversation|untrusted|customer|message|data)\b|\bfim d[ao]"
    r" (?:conversa|mensagem)\b"
    r"|^(?:record|snippets|notes|task|rules)[ \t]{0,8}$"
)
_PLACEHOLDER: Final = Pattern(r"\[\[[a-z]{2,12}_\d+")
_IMAGE: Final = Pattern(r"!\[[^\]]{0,200}\]\(|<img\b|javascript:|data:text/html")
_BLOB: Final = Pattern(r"(?<![\w/+=.-])[A-Za-z0-9+/]{40,}={0,2}(?![\w/+=])|(?:%[0-9a-fA-F]{2}){10,}"
    r"|(?:\\x[0-9a-fA-F]{2}){6,}|(?:\\u[0-9a-fA-F]{4}){6,}")  # fmt: skip
_ESCAPES: Final = Pattern(r"\x1b|\\(?:x1b|033|e)\[|\x9b|\x9d|\\u001b")
_HIDDEN: Final = Pattern(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u3164\ufeff\U000e0000-\U000e0fff]"
)
_ROT13_ORDERS: Final = ("vtaber", "cerivbhf", "vafgehpgvba", "flfgrz cebzcg")


def suspicious(text: str) -> tuple[str, ...]:
    """Why a text looks as if it were written for a model, in plain words; empty for most."""
    text = text[:MOST]
    folded = fold(_visible(text))
    hints = []
    if _ORDERS.compiled.search(folded):
        hints.append("it tells an assistant to ignore its instructions")
    if re.search(_ROLES.pattern, folded, re.MULTILINE):
        hints.append("it poses as a system or an assistant")
    if re.search(_BOUNDARY.pattern, folded, re.MULTILINE):
        hints.append("it imitates the marks between data and instructions")
    if _REVEAL.compiled.search(folded):
        hints.append("it asks for instructions, secrets or other people's data")
    if _PLACEHOLDER.compiled.search(folded):
        hints.append("it holds a placeholder of ours")
    if _IMAGE.compiled.search(folded):
        hints.append("it holds an image or a script that would call somewhere")
    if _hides(text):
        hints.append("it holds characters that cannot be seen")
    if _ESCAPES.compiled.search(text):
        hints.append("it holds escape sequences for a terminal")
    if _is_encoded(text, folded):
        hints.append("it holds encoded text")
    return tuple(hints)


def _visible(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def _hides(text: str) -> bool:
    return MARK in text or _HIDDEN.compiled.search(text) is not None


def _is_encoded(text: str, folded: str) -> bool:
    if any(word in folded for word in _ROT13_ORDERS):
        return True
    return any(_reads(one[0]) for one in _BLOB.compiled.finditer(text))


def _reads(blob: str) -> bool:
    """Whether a blob is text in disguise; a serial number or a hash is not."""
    if blob[0] in "%\\":
        return True
    if blob.isalpha() and (blob.islower() or blob.isupper()):
        return False
    try:
        read = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True)
    except ValueError:
        return False
    return sum(32 <= byte < 127 or byte in b"\n\t" for byte in read) > 0.9 * len(read)
