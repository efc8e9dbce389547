"""When a customer needs a person, told by their words; better once too often than not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from revivatui.bridge.captain_deeds import Reason
from revivatui.crm.passcodes import MASK
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

if TYPE_CHECKING:
    from revivatui.copilot.suggestion import Said

_LEGAL: Final = re.compile(
    r"\b(?:lawyers?|solicitors?|attorney|sue|suing|court|legal action|chargeback|charge back"
    r"|small claims|trading standards|ombudsman|police|advogad\w+|tribunal|processar|policia"
    r"|livro de reclamacoes|deco|contestar o pagamento)\b"
)
_MINOR: Final = re.compile(
    r"\b(?:i am|i'm|im) (?:only |just )?(?:[6-9]|1[0-7])(?: years| yrs|\b(?! ?(?:min|km|%|days)))"
    r"|\b(?:my (?:son|daughter|kid|child)(?:'s|s)?|my (?:mum|mom|dad|parents) (?:does|do|must|can)"
    r"(?: not|n't)? know)\b|\b(?:tenho (?:[6-9]|1[0-7]) anos|sou menor|d[oa] (?:meu|minha)"
    r" filh[oa]|os meus pais nao sabem)\b"
)
_MONEY: Final = re.compile(
    r"\b(?:refund\w*|money back|overcharg\w+|charged (?:me )?twice|double charged|rip ?off|scam\w*"
    r"|not paying|won't pay|will not pay|discount|reembols\w+|devolv\w+ o dinheiro"
    r"|dinheiro de volta|cobr\w+ (?:duas vezes|a mais)|desconto|burla|roubo|nao (?:vou|pago))\b"
)
_PERSON: Final = re.compile(
    r"^(?:person|human|agent|pessoa|humano|atendente)[.!? ]*$"
    r"|\b(?:talk|speak|chat|connect\w*|transfer\w*|falar) (?:\w+ ){0,4}"
    r"(?:person|human|someone|somebody|agent|people|technician|manager|owner|pessoa|alguem|humano"
    r"|tecnico|gerente|responsavel|atendente)\b"
    r"|\breal (?:person|human)\b|\bpessoa (?:real|a serio)\b"
)
_NOW: Final = re.compile(
    r"\b(?:just|now|right now|minutes? ago|today|a moment ago|tonight|agora|mesmo agora|hoje|acabei"
    r"|acabou|minutos)\b"
)
_ASKS_ONLY: Final = frozenset({"price", "do_you_repair", "duration", "warranty", "worth_repairing"})
_LIQUID: Final = frozenset({"liquid_damage"})
_BATTERY: Final = frozenset({"battery_swollen", "smoke_burning"})
_DISK: Final = frozenset({"clicking_drive"})


_NO_CUE: Final = SimpleNamespace(
    tone="", reasons=(), wants_person=False, money_dispute=False, data_emergency=False,
    legal=False, minor=False, passcode=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """Why a person is needed. `first`: which fixed words the customer gets before anything,
    "liquid", "battery" or "disk"."""

    reason: Reason
    first: str = ""
    detail: str = ""


def need(said: Sequence[Said], words: str, concepts: Collection[str]) -> Need | None:
    """The most pressing need of a turn; None where captain may answer. `words` are the customer's
    since the last answer, `concepts` what they speak of."""
    found = list(_needs(_cue(said), fold(words), words, frozenset(concepts)))
    return found[0] if found else None


def _cue(said: Sequence[Said]) -> Any:
    try:
        from revivatui.copilot.cue import cue
    except ImportError:
        return _NO_CUE
    return cue(said)


def _needs(told: Any, plain: str, words: str, concepts: frozenset[str]) -> Iterator[Need]:
    """By how much harm it does to wait."""
    detail = "; ".join(told.reasons)
    if concepts & _BATTERY:
        yield Need("emergency", "battery", detail)
    if concepts & _LIQUID and (_NOW.search(plain) or not concepts & _ASKS_ONLY):
        yield Need("emergency", "liquid", detail)
    if concepts & _DISK or told.data_emergency:
        yield Need("emergency", "disk", detail)
    if MASK in words or told.passcode:
        yield Need("passcode", detail=detail)
    if told.legal or _LEGAL.search(plain):
        yield Need("legal", detail=detail)
    if told.minor or _MINOR.search(plain):
        yield Need("minor", detail=detail)
    if told.money_dispute or _MONEY.search(plain) or concepts & {"refund", "cheaper"}:
        yield Need("money", detail=detail)
    if told.wants_person or _PERSON.search(plain) or "human" in concepts:
        yield Need("person", detail=detail)
    if told.tone == "angry" or "complaint" in concepts:
        yield Need("anger", detail=detail)
