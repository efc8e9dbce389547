"""What a customer asks of their repair or of the shop, told by words, in English and Portuguese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal

Intent = Literal[
    "liquid", "battery", "decline", "approve", "move", "collect", "when", "status", "lines",
    "price", "visit", "warranty", "pay", "hours", "address", "express", "days", "diagnosis",
    "recovery", "fault", "help",
]  # fmt: skip

_PATTERNS: Final[Mapping[Intent, str]] = {
    "liquid": r"""
          (?:spil\w+|pour\w+|knocked)\s(?:\w+\s){0,5}(?:on|over|into|in)\b(?!\stouch)
        | (?:fell|dropped|drop|went|been)\s(?:\w+\s){0,4}(?:water|toilet|sink|pool|sea|bath
            |puddle|swim|rain)\b
        | (?:water|coffee|tea|beer|wine|juice|coke)\s(?:\w+\s){0,3}(?:on|over|into|inside
            |got\sin)\b
        | \bgot\swet\b
        | \bwet\sinside\b
        | \bsoaked\b
        | entornei
        | derramei
        | molh(?:ou|ei|ado)\b
        | ca(?:iu|ir)\s(?:\w+\s){0,4}(?:agua|sanita|mar|piscina|banheira)\b
        | (?:agua|cafe|cha|vinho|cerveja)\s(?:\w+\s){0,3}(?:no|na|em\scima|para\scima|sobre)\b
    """,
    "battery": r"""
          (?:battery|back|screen)\s(?:\w+\s){0,7}(?:swollen|swelling|bulg\w+|puff\w+|bloat\w+
            |expand\w+)
        | swollen\sbattery
        | (?:spicy|puffy)\s(?:pillow|battery)
        | bateria\s(?:\w+\s){0,4}inchad\w+
        | bateria\s(?:\w+\s){0,3}(?:inchou|estufad\w+|estufou)
    """,
    "decline": r"""
          \bnot\sworth\sit\b
        | too\s(?:expensive|dear|much)\b
        | (?:don.?t|do\snot|won.?t)\s(?:want|wish)\s(?:\w+\s){0,3}(?:repair|quote|fix)
        | (?:decline|reject|refuse)\w*\b
        | no\sthanks?,?\s(?:\w+\s){0,3}(?:repair|quote|expensive)
        | muito\scaro
        | demasiado\scaro
        | nao\svale\sa\spena
        | nao\squero\s(?:\w+\s){0,3}(?:reparar|avancar|arranjar|orcamento)
        | recus\w+
    """,
    "approve": r"""
          \bgo\sahead\b
        | \bgo\sfor\sit\b
        | \bdo\sit\b
        | \bapprov\w+
        | \byes,?\splease\b
        | \b(?:i\s)?accept(?:\sthe)?(?:\squote|\sit|\sthat|\b(?=.{0,20}quote))
        | \bplease\s(?:fix|repair|start|begin)
        | \b(?:start|begin|proceed)\s(?:with\s)?(?:the\s)?(?:repair|work)\b
        | \bplease\sproceed\b
        | \bpode\w*\s(?:avancar|comecar|fazer|reparar|arranjar)\b
        | \bavancem?\b
        | \bavance\b
        | \baprov\w+
        | \baceito\b
        | \bde\sacordo\b
        | \bsim,?\s(?:por\sfavor|avance|pode)\b
    """,
    "move": r"""
          (?:reschedul\w+|postpone\w*|move|change|cancel)\s(?:\w+\s){0,3}(?:appointment|booking
            |slot)
        | (?:can.?t|cannot|won.?t)\smake\s(?:it|the\sappointment)\b
        | \breschedul\w+
        | (?:remarcar|adiar|alterar|mudar|desmarcar|cancelar)\s(?:\w+\s){0,3}(?:marcacao|visita
            |hora|dia)
        | \bremarcar\b
        | \bdesmarcar\b
    """,
    "collect": r"""
          pick\s?(?:it\s|my\s\w+\s|them\s)?up\b
        | \bpick\s?up\b
        | \bcollect\w*
        | come\s(?:and\s)?(?:get|fetch)
        | \blevantar\b
        | \bbuscar\b
        | \brecolher\b
    """,
    "when": r"""
          when\s(?:\w+\s){0,5}(?:ready|done|finished|fixed|back|repaired)
        | how\s(?:much\s)?long(?:er)?\b(?!\s(?:is|are|do|have)\s(?:\w+\s)?(?:open|the\swarranty))
        | \beta\b
        | what\sday\b
        | (?:ready|done|finished)\s(?:by|today|tomorrow|before)
        | still\s(?:not|waiting)\b
        | quando\s(?:\w+\s){0,5}(?:pront\w+|acab\w+|pode\w*|repara\w+|arranjad\w+)
        | quanto\stempo
        | para\squando
        | (?:ainda|vai|muito)\s(?:\w+\s){0,2}demorar?\b
        | demorar?\smuito\b
        | ainda\snao\b
    """,
    "status": r"""
          \bstatus\b
        | \b(?:an|for|some|quick|latest)\supdates?\b
        | \bupdates?\s(?:on|about|please|pls|for\sm[ey])\b
        | ^update\W*$
        | any\s(?:news|update|word|progress)
        | \bnews\b
        | \bprogress\b
        | (?:is|are|was)\s(?:it|my\s(?:\w+\s){1,3}|they|the\s(?:\w+\s){1,3})\s?(?:ready|done
            |fixed|finished|repaired)
        | where\s(?:my|the)\s(?:\w+\s){1,3}(?:is|are)\b
        | \bready\syet\b
        | what.?s\s(?:up|happening|going\son)\swith
        | how.?s\s(?:it|my|the)\b
        | where\s(?:is|are)\s(?:my|the)\s(?:phone|laptop|mac\w*|ipad|iphone|tablet|device
            |computer|repair|console|\w+\srepair)
        | \bestado\b
        | \bnovidades\b
        | \bnoticias\b
        | \bponto\sde\ssituacao\b
        | ja\s(?:esta|estao)\b
        | (?:esta|ficou)\s(?:pront|arranjad|reparad)\w+
        | como\s(?:esta|vai|anda)\b
    """,
    "lines": r"""
          (?:what|which)\s(?:\w+\s){0,4}(?:includ\w+|cover\w*|made\sup|breakdown|parts?\b)
        | \bbreak\s?down\b
        | \bitemi[sz]ed\b
        | why\s(?:so|that|is\sit\sso)\s(?:expensive|much|dear)
        | (?:o\sque|que)\s(?:\w+\s){0,3}inclui
        | discriminad\w+
        | porque\s(?:\w+\s){0,2}tao\scaro
    """,
    "price": r"""
          how\smuch\b
        | \bprices?\b
        | \bpricing\b
        | \bcosts?\b
        | \bquotes?\b
        | \bestimates?\b
        | \bcharge\sfor\b
        | ball\s?park
        | \bquanto\b(?!\stempo)
        | (?<!nao\stem\s)\bprecos?\b
        | \bcusta\w*
        | \borcamentos?\b
        | \bvalor\b
        | \bfica\sem\b
    """,
    "visit": r"""
          \bappointments?\b
        | \bbook(?:ing|ed)?\b
        | \bschedule\b
        | \bslots?\b
        | (?:can|could|may)\si\s(?:come|bring|drop|pop)\b
        | bring\s(?:it|my|the)\s(?:\w+\s){0,3}(?:in|over|by|today|tomorrow)\b
        | drop\s(?:it|my\s\w+)\soff
        | \bvagas?\b
        | \bmarcacao\b
        | \bmarcar\b
        | \bagendar\b
        | posso\s(?:ir|passar|levar|aparecer|trazer)\b
    """,
    "warranty": r"""
          \bwarrant\w+
        | \bguarante\w+
        | \bgarantia\b
        | same\s(?:fault|problem|issue)\s(?:\w+\s){0,3}(?:again|back)
        | (?:came|come|is)\sback\s(?:again|after)
        | broke\sagain
        | avariou\s(?:\w+\s)?(?:outra\svez|de\snovo)
    """,
    "pay": r"""
          \bpay\w*\b
        | \binvoices?\b
        | \bbills?\b
        | \bbalance\b
        | \bowe\b
        | (?:credit|debit)\scards?\b
        | \bcash\b
        | \bpagar\b
        | \bpagamentos?\b
        | \bfaturas?\b
        | \bdinheiro\b
        | \bmultibanco\b
        | \bmb\s?way\b
        | \bdevo\b
    """,
    "hours": r"""
          \b(?:you|u|guys|shop|store|is|are|still|when|time|hours?)\s(?:\w+\s){0,3}
            (?:open|close[sd]?|closing|shut)\b
        | \b(?:open|close[sd]?)\s(?:on|at|until|till|today|tomorrow|now|late|from|sat|sun|mon|tue
            |wed|thu|fri)
        | \bopening\s(?:hours|times)\b
        | \bclosing\stime
        | \b(?:opening|business|working|shop)\shours\b
        | \bhorarios?\b
        | \b(?:estao|esta|loja|voces|ainda|ficam)\s(?:\w+\s){0,2}abert[oa]s?\b
        | \b(?:quando|horas|loja|voces|ate\sque\shoras)\s(?:\w+\s){0,2}(?:abrem?|fecham?)\b
        | \b(?:abrem?|fecham?)\s(?:\w+\s)?
            (?:hoje|amanha|ao|aos|as|a\sque|no|sabado|domingo|tarde|cedo)\b
        | \babert[oa]s?\s(?:ate|hoje|amanha|ao|aos|sabado|domingo)\b
    """,
    "address": r"""
          \baddress\b
        | where\s(?:are\syou|is\s(?:the|your)\s(?:shop|store)|do\si\s(?:come|go|bring|find)
            |can\si\s(?:find|bring))
        | \bdirections\b
        | \blocated\b
        | \blocation\b
        | how\sdo\si\sget\s(?:to|there)
        | \bmorada\b
        | \bendereco\b
        | onde\s(?:fica|ficam|estao|e\s(?:a|que)|sao)
        | \blocalizacao\b
    """,
    "days": r"""
          how\slong\s(?:does|do|will|would)\s(?:\w+\s){0,3}(?:repair|take|it)
        | turnaround
        | how\smany\sdays
        | quanto\stempo\s(?:demora|leva)
        | quantos\sdias
    """,
    "diagnosis": r"""
          \bdiagnos\w+
        | (?:charge|cost|pay)\s(?:\w+\s){0,4}(?:look|check|inspect)\w*
        | \bfree\scheck
    """,
    "recovery": r"""
          success\srate
        | (?:chance|odds|likel\w+)\s(?:\w+\s){0,6}(?:data|photos|files|recover\w*)
        | how\soften\s(?:\w+\s){0,4}recover
        | taxa\sde\ssucesso
        | hipoteses\s(?:\w+\s){0,5}(?:dados|fotos|recuperar)
    """,
    "express": r"""
          \bexpress\b
        | same[\s-]day
        | \burgent\w*
        | \basap\b
        | \brush\b
        | (?:fix|repair|do)\sit\s(?:today|now)
        | \bexpresso\b
        | \burgente\b
        | \burgencia\b
        | no\s(?:proprio|mesmo)\sdia
        | ainda\shoje
    """,
    "fault": r"""
          \b(?:broken|broke|cracked|smashed|shattered|dead|damaged|faulty)\b
        | (?:won.?t|doesn.?t|does\snot|not)
            \s(?:turn|charge|charging|start|work|working|boot|power|respond)\w*
        | \b(?:partid[oa]|avariad[oa]|partiu|avariou|estragad[oa]|estragou)\b
        | nao\s(?:liga|carrega|funciona|arranca)
    """,
    "help": r"""
          \bfix\b
        | \brepair(?:ed)?\b
        | \b(?:reparar|arranjar|consertar)\b
    """,
}
_COMPILED: Final = {
    name: re.compile(pattern, re.VERBOSE | re.IGNORECASE) for name, pattern in _PATTERNS.items()
}
_OF_CONCEPTS: Final[Mapping[str, Intent]] = {
    "status": "status",
    "ready_question": "status",
    "delayed": "status",
    "collect": "collect",
    "price": "price",
    "quote": "price",
    "payment": "pay",
    "invoice": "pay",
    "warranty": "warranty",
    "came_back": "warranty",
    "opening_hours": "hours",
    "location": "address",
    "appointment": "visit",
    "reschedule": "move",
    "express": "express",
    "duration": "days",
    "battery_swollen": "battery",
    "fault": "fault",
}
"""What concepts of the thesaurus ask for; it knows more words than stand above. A yes or a no to a
quote is not among them: those are told by the words above alone."""
_WITHOUT_VISIT: Final = re.compile(
    r"\b(?:need|have)\s(?:an?\s|to\s)?(?:appointment|book|make an)|without\s(?:an\s)?appointment"
    r"|\bwalk[\s-]?in\b|\b(?:preciso|necessario|tenho)\s(?:de\s|que\s)?marca|sem\smarcacao"
)
"""Whether one may come without an appointment is asked, and no appointment."""
_TIME: Final = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today|tomorrow|tonight|noon)\b"
    r"|\b(?:segunda|terca|quarta|quinta|sexta)\b|\b(?:sabado|domingo|hoje|amanha)\b"
    r"|\b\d{1,2}(?::\d{2}|h\d{0,2}|\s?[ap]m)\b|\b(?:at|as)\s\d{1,2}\b|\b\d{1,2}/\d{1,2}\b"
)
_CASE: Final = re.compile(r"(?<!\w)[a-z]{1,2}-[a-z]?\d{3,}\b")
"""The number of a repair or a case, which somebody sends to hear of it."""
_YES: Final = re.compile(
    r"\s*(?:yes|yep|yeah|ok(?:ay)?|sure|fine|sim|claro|pode ser|esta bem)\b[\s!.,]*"
    r"(?:\w+[\s!.]*){0,2}",
    re.IGNORECASE,
)
_OFFERED: Final = re.compile(
    r"\bquote\b|\borcamento\b|shall we (?:begin|start)|podemos comecar", re.I
)


def intents_of(text: str, concepts: Iterable[str] = (), answered: str = "") -> tuple[Intent, ...]:
    """What is asked for, the most pressing first. Where nothing is said in so many words, the
    concepts tell. `answered` is what the shop said before."""
    plain = folded(text)
    meant = {_OF_CONCEPTS[one] for one in concepts if one in _OF_CONCEPTS}
    found = {name for name, pattern in _COMPILED.items() if pattern.search(plain)}
    if _YES.fullmatch(plain) and _OFFERED.search(folded(answered)):
        found.add("approve")
    if not found - {"fault", "help"}:
        found |= meant
    found |= meant & {"fault", "battery"}
    if not found - {"fault", "help"} and _CASE.search(plain):
        found.add("status")
    if "decline" in found:
        found.discard("approve")
    if "move" in found or _WITHOUT_VISIT.search(plain):
        found.discard("visit")
    if "liquid" in found or "battery" in found:
        found -= {"fault", "help"}
    if len(found) > 1:
        found.discard("help")
    if found & {"hours"} and not found & {"status", "collect"}:
        found -= {"when", "days"}
    return tuple(name for name in _PATTERNS if name in found)


def names_a_time(text: str) -> bool:
    """Whether somebody says a day or a time of day."""
    return _TIME.search(folded(text)) is not None


def folded(text: str) -> str:
    """Small letters without accents, with plain spaces and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())
