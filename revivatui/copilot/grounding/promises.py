"""Words that promise something: for nothing, cheaper, money back, guaranteed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from revivatui.copilot.grounding.readings import Reading

_PROMISES: Final = {
    "free": r"(?<!feel\s)(?<!hands-)(?<!virus\s)(?<!virus-)(?<!toll-)(?<!set\s)"
    r"(?<!dust-)(?<!error-)"
    r"free(?!\s+(?:to|up|time|space|storage|memory|from|hand|now|slots?)\b|\w)(?:\s+of\s+charge)?"
    r"|(?:at\s+)?no\s+(?:extra\s+|additional\s+)?(?:charge|cost|fee)s?(?!\w)"
    r"|costs?\s+(?:you\s+)?nothing|nada\s+a\s+pagar"
    r"|(?:won't|will\s+not|don't|do\s+not|doesn't)\s+(?:charge|cost)\s+(?:you\s+)?(?:anything|a\s+thing|you)"
    r"|without\s+(?:any\s+)?(?:charge|cost)|complimentary|on\s+the\s+house|on\s+us(?!\w)"
    r"|gratis|gratuit\w+|gratuitamente|(?:sem|nenhum)\s+(?:qualquer\s+)?(?:custos?|encargos?)"
    r"|nao\s+(?:paga|pagara|cobramos|custa)\s+nada|de\s+graca|por\s+(?:nossa\s+conta|conta\s+da\s+casa)",
    "discount": r"discount(?:s|ed)?|promotion|rebate|voucher|coupon|cheaper\s+price|special\s+price"
    r"|descontos?|promocao|cupao|vale\s+de\s+desconto|abatimento",
    "refund": r"refund(?:s|ed|ing)?|money\s+back|reimburse\w*|compensat(?:e|ed|ion)|chargeback"
    r"|reembols\w+|devol(?:v|uc)\w+\s+(?:d?[oae]s?\s+)?(?:seu\s+)?(?:dinheiro|valor|pagamento)"
    r"|indemnizac\w+|compensac\w+",
    "guarantee": r"(?:we|i|can|fully|absolutely|is|are|all)\s+(?:\w+\s+)?guaranteed?"
    r"|guaranteed|we\s+promise|i\s+promise|promise\s+you|definitely|without\s+fail"
    r"|garantimos|garanto|garantid[oa]s?|prometemos|prometo|de\s+certeza|sem\s+falta|sem\s+duvida",
    "warranty": r"warrant(?:y|ies)|guarantees?|garantias?",
    "lifetime": r"life-?\s?time|vitalici[oa]|for\s+life|para\s+sempre|unlimited|ilimitad[oa]",
    "always": r"money-back|no\s+questions\s+asked|price\s+match\w*|best\s+price",
}  # fmt: skip
_PROMISE: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(rf"(?P<{name}>{words})" for name, words in _PROMISES.items())
    + r")(?!\w)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[.,;:!?()\n]|\s(?:and|but|e|mas)\s", re.IGNORECASE)
_CONTENT: Final = re.compile(r"[A-Za-z]{4,}")
_NO_CONTENT: Final = frozenset(
    _CONTENT.findall(
        """
    that this they them your yours with from have will would could should also always completely
    entirely totally absolutely course charge cost costs free fully just very
    para pelo pela esta este isso como seus suas voce gratis gratuito gratuita gratuitamente custo
    custos sempre todo toda todos todas sera nossa nosso sendo totalmente completamente
"""
    )
)
_WHOLE: Final = re.compile(r"\b(?:full|complete|entire|total|integral|completo)\b", re.IGNORECASE)
_DENIED: Final = re.compile(
    r"(?:\b(?:no|not|never|cannot|can't|won't|don't|doesn't|isn't|without|nor|unable\s+to|nao|sem|nunca"
    r"|nem|nenhum\w*)\s+(?!only|just|so|apenas)(?:[a-z']+\s+){0,3})$",
    re.IGNORECASE,
)


def promises(text: str) -> Iterator[Reading]:
    for one in _PROMISE.finditer(text):
        name = one.lastgroup or ""
        if _DENIED.search(text[max(0, one.start() - 50) : one.start()]):
            continue
        if name == "always":
            name = one[0].lower()
        yield Reading("promise", one.start(), one.end(), _keys(name, text, one))


def _keys(name: str, text: str, one: re.Match[str]) -> tuple[str, ...]:
    """What is for nothing is told by the words around it: a diagnosis, and not a screen."""
    if name == "refund":
        near = text[max(0, one.start() - 12) : one.end() + 12]
        return ("refund in full",) if _WHOLE.search(near) else ("refund",)
    if name != "free":
        return (name,)
    before = _CLAUSE.split(text[max(0, one.start() - 80) : one.start()])[-1]
    behind = _CLAUSE.split(text[one.end() : one.end() + 80])[0]
    words = (word.lower() for word in _CONTENT.findall(f"{before} {behind}"))
    named = [f"free {word[:6]}" for word in words if word not in _NO_CONTENT]
    return tuple(dict.fromkeys(named)) or ("free",)
