"""English or Portuguese, told by small words, letters and what a repair shop's customers write.

Short texts say little ("ok", "iPhone 13"): then the fallback stands, which is what is known of the
customer or the conversation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Language = Literal["en", "pt"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MARKS: Final = re.compile(r"[ãõçáâàéêíóôúü]")
_NOT_WORDS: Final = re.compile(r"https?://\S+|\S+@\S+|\{\{.*?\}\}|\S*\d\S*")
MOST: Final = 2_000
"""Letters that are looked at."""

_EN: Final = frozenset(
    re.findall(
        r"\S+",
        """
    the a an is are was were be been do does did have has had will would can could should may my
    your our his her their it its this that these those i you we they he she me us them and or
    but if not of to for with from at by about into out up down when where what which who why
    how any some there here please thanks thank hello hi hey yes sorry im ive dont doesnt wont
    cant isnt didnt wouldnt just still also very much many need want get got youre whats let am
    broken screen battery charger repair phone price cost open closed warranty ready fix laptop
    water keyboard quote shop today tomorrow morning afternoon pls plz thx u ur wanna gonna than
    then after before again already cracked slow dead hot stuck stopped working works broke
    dropped spilled turn turning won't don't can't doesn't isn't it's i'm i've what's how's good
    great news update hours booking appointment refund parking address person human talk speak
    lost forgot photos files charge charging long last soon possible urgent urgently power
    status died swim clean wet laggy opened today's money back
""",
    )
)
_PT: Final = frozenset(
    re.findall(
        r"\S+",
        """
    o os as um uma uns umas de do da dos das em no na nos nas ao aos num numa por pelo pela para
    pra com sem e ou mas se que quem qual quais quando onde como porque pq quanto quanta quantos
    eu tu ele ela eles elas voce voces vc vcs meu minha meus minhas seu sua teu tua este esta
    esse essa isto isso aquilo nao sim ja ainda muito mais menos tambem so mesmo agora hoje
    amanha ontem bom boa dia tarde noite ola oi obrigado obrigada obg favor desculpe estao estou
    foi ser estar ter tem tenho tinha ha faz fazem fica ficou posso pode podem quero queria
    preciso liga desliga carrega ecra tela telemovel celular portatil bateria preco orcamento
    conserto reparacao arranjo loja horario morada endereco garantia pronto pronta molhou caiu
    partiu quebrou pifou avaria avariado trocar arranjar consertar custa demora levantar senha
    codigo teclado carregador computador aparelho fotos ficheiros dados novidades sabado domingo
    segunda semana horas quero-vos voltou estragado lento quente inchada tao td mt qto hj
    aceitam pagar fatura recibo marcar atendimento pessoa falar alguem ninguem nada tudo me lhe
    eh ne gente valeu beleza blz fechado aberto abertos abre abrem fecham urgente morreu morto
    visor vidro disco copia seguranca virus desconto barato caro dinheiro cartao multibanco
    entrega recolha ajuda problema erro som rede internet peca pecas original originais tecnico
""",
    )
)
_BOTH: Final = frozenset(
    re.findall(
        r"\S+",
        """
    a as do me no ok screen tablet mac wifi software backup update reset ram ssd usb e se so um
    photos dos am display status virus original internet
""",
    )
)
"""Words of one that stand in the other too, or are written in both: they count half as much."""

_TELLING: Final = frozenset(
    re.findall(
        r"\S+",
        """
    the my is and you i it your o os um uma nao meu minha esta voce eu foi
""",
    )
)
"""Small words that stand in hardly any text of the other language: they count half as much more."""

_ENDINGS_PT: Final = re.compile(r"(?:cao|coes|mente|ndo|aram|eram|iram|agem|dade|inho|inha|ei|ou)$")
_ENDINGS_EN: Final = re.compile(r"(?:ing|tion|ness|ment|ould|ight|ly|ed)$")
_ALIKE: Final = frozenset(
    re.findall(
        r"\S+",
        """
    lou you about around through out cou thou thing ing sound account
""",
    )
)

LEAST: Final = 1.0
"""What has to speak for a language before it is believed against the fallback."""


def language_of(text: str, fallback: str = "en") -> Language:
    """The language of a text; the fallback where the text does not say."""
    english, portuguese = weights(text)
    if abs(english - portuguese) < LEAST:
        portuguese += _glossed(text)
    if abs(english - portuguese) < LEAST:
        return "pt" if fallback == "pt" else "en"
    return "en" if english > portuguese else "pt"


def _glossed(text: str) -> float:
    """How much speaks for Portuguese by the glossary, which knows more words than stand here."""
    from revivatui.copilot.retrieval.gloss import shipped

    known = shipped().portuguese
    words = map(_plain, _WORD.findall(text[:MOST].lower()))
    return float(sum(one in known and one not in _PT for one in words))


def weights(text: str) -> tuple[float, float]:
    """How much speaks for English, and how much for Portuguese."""
    low = _NOT_WORDS.sub(" ", unicodedata.normalize("NFC", text[:MOST]).lower())
    english = portuguese = 0.0
    for one in _WORD.findall(low):
        marked = _MARKS.search(one) is not None
        word = _plain(one) if marked else one.replace("’", "'")
        share = 0.5 if word in _BOTH and not marked else 1.5 if word in _TELLING else 1.0
        if marked:
            portuguese += 1.0
        if word in _PT:
            portuguese += share
        elif _ENDINGS_PT.search(word) and len(word) > 4 and word not in _ALIKE:
            portuguese += 0.5
        if not marked and word in _EN:
            english += share
        elif not marked and _ENDINGS_EN.search(word) and len(word) > 4:
            english += 0.5
    return english, portuguese


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return "".join(one for one in apart if not unicodedata.combining(one))
