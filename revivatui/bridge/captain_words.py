"""What captain says by itself, in English and Portuguese: few sentences, none of which promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.bridge.captain_deeds import Reason

Words = Mapping[str, str]

INTRO: Final[Words] = {
    "en": 'Hello! This is the automatic assistant of {shop}, not a person. Write "person" at any'
    " time, and a colleague takes over.",
    "pt": 'Olá! Fala com o assistente automático da {shop}, não com uma pessoa. Escreva "pessoa" a'
    " qualquer momento e um colega continua.",
}
WRITTEN_BY: Final[Words] = {
    "en": "(Written by the automatic assistant of {shop}.)",
    "pt": "(Escrito pelo assistente automático da {shop}.)",
}
GREETING: Final[Words] = {
    "en": "How can I help? Please tell me which device it is (brand and model) and what is wrong"
    " with it.",
    "pt": "Em que posso ajudar? Diga-me por favor que equipamento é (marca e modelo) e o que se"
    " passa com ele.",
}
THANKS: Final[Words] = {
    "en": "You are welcome! If anything else comes up, just write here.",
    "pt": "De nada! Se surgir mais alguma coisa, é só escrever aqui.",
}
CLARIFY: Final[Words] = {
    "en": "I am not sure that I understood. Which device is it (brand and model), and what would"
    " you like: a price, an appointment, or news of a repair?",
    "pt": "Não tenho a certeza de ter percebido. Que equipamento é (marca e modelo) e o que deseja:"
    " um preço, uma marcação ou notícias de uma reparação?",
}
ASK_MODEL: Final[Words] = {
    "en": "Which device is it exactly (brand and model), and what is wrong with it? Then I can give"
    " you an estimate; the final quote comes after the diagnosis.",
    "pt": "Que equipamento é exatamente (marca e modelo) e o que se passa com ele? Assim posso"
    " dar-lhe uma estimativa; o orçamento final vem depois do diagnóstico.",
}
ESTIMATE: Final[Words] = {
    "en": "This is only an estimate: the final quote comes after the diagnosis.",
    "pt": "É apenas uma estimativa: o orçamento final vem depois do diagnóstico.",
}
FREE: Final[Words] = {
    "en": "The diagnosis is free.",
    "pt": "O diagnóstico é gratuito.",
}
WARRANTY: Final[Words] = {
    "en": "Our repairs come with a warranty.",
    "pt": "As nossas reparações têm garantia.",
}
QUESTIONS: Final = (*CLARIFY.values(), *ASK_MODEL.values())
"""After which the customer's words complete what they asked before."""
WARRANTY_OF: Final[Words] = {
    "en": "Our repairs come with {months} of warranty as a rule.",
    "pt": "Em regra, as nossas reparações têm {months} de garantia.",
}
TAKES_IN: Final[Words] = {
    "en": "We take in {repairs}.",
    "pt": "Recebemos {repairs}.",
}
OFFER: Final[Words] = {
    "en": "Would you like to bring it in? Tell me which day suits you, and I pass it on.",
    "pt": "Quer trazê-lo? Diga-me que dia lhe convém e eu transmito.",
}
PROCESS: Final[Words] = {
    "en": "This is how it works: you bring the device in, we find out what is wrong, you get a"
    " quote, and we begin only when you say yes.",
    "pt": "Funciona assim: traz o equipamento, vemos o que se passa, recebe um orçamento e só"
    " começamos quando nos disser que sim.",
}
HARD: Final[Words] = {
    "en": "This should be looked at by a technician: what can be done is known only after the"
    " diagnosis. Please do not open the device or try to repair it yourself.",
    "pt": "Isto deve ser visto por um técnico: o que se pode fazer só se sabe depois do"
    " diagnóstico. Por favor não abra o equipamento nem tente repará-lo.",
}
ASK_WHEN: Final[Words] = {
    "en": "Gladly. Which day and time would suit you? I pass it on; a colleague confirms it.",
    "pt": "Com todo o gosto. Que dia e hora lhe convém? Eu transmito; um colega confirma.",
}
ASK_IDENTITY: Final[Words] = {
    "en": "To tell you about a repair I need its number (it begins with R-) and the last four"
    " digits of the phone number that you left with us.",
    "pt": "Para falar de uma reparação preciso do número dela (começa por R-) e dos últimos quatro"
    " algarismos do telefone que nos deixou.",
}
ASK_AGAIN: Final[Words] = {
    "en": "That does not match what we have. Could you check the number of the repair and the last"
    " four digits of the phone number?",
    "pt": "Isso não corresponde ao que temos. Pode confirmar o número da reparação e os últimos"
    " quatro algarismos do telefone?",
}
DISK: Final[Words] = {
    "en": "Please switch the device off and leave it off: every further try can cost data.",
    "pt": "Por favor desligue o equipamento e deixe-o desligado: cada nova tentativa pode custar"
    " dados.",
}
PASS_ON: Final[Words] = {
    "en": "I am passing this on to a colleague, who answers you here.",
    "pt": "Vou passar a um colega, que lhe responde aqui.",
}
CLOSED: Final[Words] = {
    "en": "The shop is closed right now; our hours: {hours}.",
    "pt": "A loja está fechada neste momento; o nosso horário: {hours}.",
}
_FAREWELLS: Final[Mapping[Reason, Words]] = {
    "appointment": {
        "en": "Thank you. I am passing your wish on to a colleague, who confirms a time here;"
        " nothing is booked yet.",
        "pt": "Obrigado. Vou passar o seu pedido a um colega, que confirma aqui a hora; ainda não"
        " está nada marcado.",
    },
    "anger": {
        "en": "I am sorry about this. I am passing it on to a colleague, who answers you here.",
        "pt": "Lamento a situação. Vou passar a um colega, que lhe responde aqui.",
    },
    "passcode": {
        "en": "Please do not send passcodes in the chat. I am passing this on to a colleague, who"
        " answers you here.",
        "pt": "Por favor não envie códigos pelo chat. Vou passar a um colega, que lhe responde"
        " aqui.",
    },
    "identity": {
        "en": "I could not match that with a repair. I am passing this on to a colleague, who"
        " answers you here.",
        "pt": "Não consegui associar isso a uma reparação. Vou passar a um colega, que lhe responde"
        " aqui.",
    },
}
_QUIET: Final[frozenset[Reason]] = frozenset({"with a person", "switched off", "unsure"})
"""Where captain says nothing to the customer when it leaves."""


def farewell(reason: Reason, language: str, first: str = "", closed: str = "") -> str:
    """What the customer is told when people take over; `first` comes before everything."""
    if reason in _QUIET:
        return ""
    said = _FAREWELLS.get(reason, PASS_ON)[language]
    return " ".join(one for one in (first, said, closed) if one)
