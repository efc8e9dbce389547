"""What is said to customers from the record, in English and Portuguese.

A text is a row of sentences with named fields. One that begins with "?" is left out where one of
its fields is not known; where any other has an unknown field, the whole text is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.crm import told

Text = tuple[str, ...]
Texts = Mapping[str, Mapping[str, Text]]

HELLO: Final = {"en": "Hello {name}!", "pt": "Olá {name}!"}
SORRY: Final = {"en": "I am sorry about the delay.", "pt": "Peço desculpa pelo atraso."}
CALM: Final = {
    "en": "I understand that this is annoying, and I am sorry.",
    "pt": "Compreendo o seu desagrado e peço desculpa.",
}
AFTER_DIAGNOSIS: Final = {
    "en": "This is an estimate: final quote after diagnosis.",
    "pt": "É uma estimativa: orçamento final após diagnóstico.",
}

_HOURS: Final = {"en": "?We are open {shop.hours}.", "pt": "?Estamos abertos: {shop.hours}."}
_NOW: Final = {
    "en": "Right now it is {repair.status}.",
    "pt": "Neste momento: {repair.status}.",
}
_PROMISED: Final = {
    "en": "?It is promised for {repair.promised}.",
    "pt": "?Está prometido para {repair.promised}.",
}
_VALID: Final = {"en": "?It is valid until {quote.valid}.", "pt": "?É válido até {quote.valid}."}
_PAYMENT: Final = {
    "en": "?You can pay by {shop.payment}.",
    "pt": "?Pode pagar com {shop.payment}.",
}
_ESTIMATE: Final = {
    "en": "Then I can give you an estimate; the final quote follows the diagnosis.",
    "pt": "Assim posso dar-lhe uma estimativa; o orçamento final é dado após diagnóstico.",
}


def _told(status: str, language: str) -> str:
    """The one sentence that the whole program has for a state."""
    said = told.status_words(status, language)
    said = said.replace("{device}", "{repair.device}").replace("{number}", "{repair.number}")
    return said[:1].upper() + said[1:]


def _state(status: str) -> dict[str, Text]:
    return {one: (_told(status, one), _PROMISED[one]) for one in ("en", "pt")}


TEXTS: Final[Texts] = {
    **{f"state.{one}": _state(one) for one in told.ENGLISH},
    "state.booked": {
        "en": ("Your {repair.device} ({repair.number}) is booked in.",
               "?We expect you on {visit.day} at {visit.time}."),
        "pt": ("A reparação do seu {repair.device} ({repair.number}) está marcada.",
               "?Esperamos por si: {visit.day}, às {visit.time}."),
    },
    "state.approved": {
        "en": ("Thank you for your approval: the repair of your {repair.device} ({repair.number})"
               " can begin.", _PROMISED["en"]),
        "pt": ("Obrigado pela aprovação: a reparação do seu {repair.device} ({repair.number}) pode"
               " começar.", _PROMISED["pt"]),
    },
    "state.ready": {
        "en": ("Your {repair.device} ({repair.number}) is ready to be collected.", _HOURS["en"],
               "?It has been waiting for you since {repair.waiting}.",
               "?Invoice {bill.number} is open: {bill.total}.",
               "?The total is {agreed.total}, as in quote {agreed.number}."),
        "pt": ("O seu {repair.device} ({repair.number}) está pronto a levantar.", _HOURS["pt"],
               "?Espera por si desde {repair.waiting}.",
               "?A fatura {bill.number} está por pagar: {bill.total}.",
               "?O total é de {agreed.total}, como no orçamento {agreed.number}."),
    },
    "state.ready_unrepaired": {
        "en": ("Your {repair.device} ({repair.number}) can be collected. It was not repaired.",
               _HOURS["en"]),
        "pt": ("O seu {repair.device} ({repair.number}) pode ser levantado. Não foi reparado.",
               _HOURS["pt"]),
    },
    "state.unrepairable": {
        "en": (_told("unrepairable", "en"),),
        "pt": (_told("unrepairable", "pt"),),
    },
    "state.cancelled": {
        "en": ("The repair of your {repair.device} ({repair.number}) is cancelled.",),
        "pt": ("A reparação do seu {repair.device} ({repair.number}) foi cancelada.",),
    },
    "state.completed": {
        "en": ("Your {repair.device} ({repair.number}) was collected on {repair.collected}.",
               "?Its warranty holds until {warranty.until}.",
               "Is something the matter with it again?"),
        "pt": ("O seu {repair.device} ({repair.number}) foi levantado: {repair.collected}.",
               "?A garantia é válida até {warranty.until}.",
               "Voltou a acontecer alguma coisa?"),
    },
    "state.unknown": {
        "en": ("Your {repair.device} ({repair.number}): {repair.status}.", _PROMISED["en"]),
        "pt": ("O seu {repair.device} ({repair.number}): {repair.status}.", _PROMISED["pt"]),
    },
    "overdue": {
        "en": ("Your {repair.device} ({repair.number}) was promised for {repair.promised} and is"
               " not ready yet.", _NOW["en"],
               "I am asking the workshop what is missing, and write to you as soon as I know a new"
               " date."),
        "pt": ("O seu {repair.device} ({repair.number}) estava prometido para {repair.promised} e"
               " ainda não está pronto.", _NOW["pt"],
               "Vou perguntar à oficina o que falta e escrevo-lhe assim que souber a nova data."),
    },
    "no_date": {
        "en": (_NOW["en"].replace("Right now it", "Right now your {repair.device}"
                                  " ({repair.number})"),
               "There is no date for it yet; I am asking the workshop and tell you what they say."),
        "pt": ("O seu {repair.device} ({repair.number}), neste momento: {repair.status}.",
               "Ainda não há data; vou perguntar à oficina e digo-lhe o que disserem."),
    },
    "not_ready": {
        "en": ("Your {repair.device} ({repair.number}) is not ready to be collected yet.",
               _NOW["en"], _PROMISED["en"], "We write to you as soon as it is ready."),
        "pt": ("O seu {repair.device} ({repair.number}) ainda não pode ser levantado.",
               _NOW["pt"], _PROMISED["pt"], "Avisamos assim que estiver pronto."),
    },
    "several": {
        "en": ("There is more than one repair of yours with us: {repairs.list}.",
               "Which one do you mean?"),
        "pt": ("Tem mais do que uma reparação connosco: {repairs.list}.",
               "De qual se trata?"),
    },
    "several.quotes": {
        "en": ("There is more than one quote for you: {quotes.list}.", "Which one do you mean?"),
        "pt": ("Tem mais do que um orçamento: {quotes.list}.", "De qual se trata?"),
    },
    "claim": {
        "en": ("The repair of your {repair.device} ({repair.number}) is done {repair.claim}.",),
        "pt": ("A reparação do seu {repair.device} ({repair.number}) é feita {repair.claim}.",),
    },
    "quote.pending": {
        "en": ("The diagnosis of your {quote.device} ({quote.repair}) is done.",
               "Quote {quote.number} comes to {quote.total} in all.", _VALID["en"],
               "Shall we begin?"),
        "pt": ("O diagnóstico do seu {quote.device} ({quote.repair}) está feito.",
               "O orçamento {quote.number} é de {quote.total} no total.", _VALID["pt"],
               "Podemos começar?"),
    },
    "quote.lines": {
        "en": ("Quote {quote.number} for your {quote.device} is made up of: {quote.lines}.",
               "In all it is {quote.total}.", _VALID["en"]),
        "pt": ("O orçamento {quote.number} para o seu {quote.device} inclui: {quote.lines}.",
               "No total são {quote.total}.", _VALID["pt"]),
    },
    "quote.expired": {
        "en": ("Quote {quote.number} for your {quote.device} ({quote.total}) was valid until"
               " {quote.valid} and has expired.", "Shall we make you a new one?"),
        "pt": ("O orçamento {quote.number} para o seu {quote.device} ({quote.total}) era válido até"
               " {quote.valid} e expirou.", "Quer que façamos um novo?"),
    },
    "quote.approved": {
        "en": ("You approved quote {quote.number} for your {quote.device}: {quote.total} in all.",
               "?Right now it is {repair.status}."),
        "pt": ("Aprovou o orçamento {quote.number} para o seu {quote.device}: {quote.total} no"
               " total.", "?Neste momento: {repair.status}."),
    },
    "quote.declined": {
        "en": ("Quote {quote.number} for your {quote.device} was declined.",
               "Would you like to collect the device, or shall we look for another way?"),
        "pt": ("O orçamento {quote.number} para o seu {quote.device} foi recusado.",
               "Quer levantar o equipamento, ou procuramos outra solução?"),
    },
    "quote.coming": {
        "en": ("We first find out what is wrong with your {repair.device} ({repair.number}).",
               "?The diagnosis is {shop.diagnosis}.",
               "Then you get a quote, and we begin only when you say yes."),
        "pt": ("Primeiro vemos o que se passa com o seu {repair.device} ({repair.number}).",
               "?O diagnóstico é {shop.diagnosis}.",
               "Depois recebe um orçamento, e só começamos quando nos disser que sim."),
    },
    "approve": {
        "en": ("Thank you! I am passing on your yes to quote {quote.number} ({quote.total}) for"
               " your {quote.device}, so that the repair can begin.",),
        "pt": ("Obrigado! Vou registar o seu sim ao orçamento {quote.number} ({quote.total}) para o"
               " seu {quote.device}, para a reparação poder começar.",),
    },
    "approve.expired": {
        "en": ("Thank you! Quote {quote.number} was valid until {quote.valid}.",
               "I am checking whether {quote.total} still holds, and write to you before we"
               " begin.",),
        "pt": ("Obrigado! O orçamento {quote.number} era válido até {quote.valid}.",
               "Vou confirmar se {quote.total} ainda se mantém e escrevo-lhe antes de"
               " começarmos.",),
    },
    "decline": {
        "en": ("Thank you for telling us. We do not begin with quote {quote.number}.",
               "Would you like to collect your {quote.device}, or shall we look for another way?",
               _HOURS["en"]),
        "pt": ("Obrigado por nos dizer. Não avançamos com o orçamento {quote.number}.",
               "Quer levantar o seu {quote.device}, ou procuramos outra solução?", _HOURS["pt"]),
    },
    "visit": {
        "en": ("Your appointment is on {visit.day} at {visit.time} ({visit.kind}).",
               "?You find us at {shop.address}."),
        "pt": ("A sua marcação: {visit.day}, às {visit.time} ({visit.kind}).",
               "?Estamos em {shop.address}."),
    },
    "visit.requested": {
        "en": ("You asked for {visit.day} at {visit.time} ({visit.kind}), and it is not confirmed"
               " yet.", "I am checking it and confirm it to you."),
        "pt": ("Pediu {visit.day}, às {visit.time} ({visit.kind}), e ainda não está confirmado.",
               "Vou verificar e confirmo-lhe."),
    },
    "visit.move": {
        "en": ("Of course. Your appointment is on {visit.day} at {visit.time} so far.",
               "Which other day and time would suit you?", _HOURS["en"]),
        "pt": ("Com certeza. A sua marcação é, por agora: {visit.day}, às {visit.time}.",
               "Que outro dia e hora lhe convém?", _HOURS["pt"]),
    },
    "visit.offer": {
        "en": ("Gladly. Which day and time would suit you?", _HOURS["en"],
               "?You can also book by yourself: {shop.booking}"),
        "pt": ("Com todo o gosto. Que dia e hora lhe convém?", _HOURS["pt"],
               "?Também pode marcar aqui: {shop.booking}"),
    },
    "visit.noted": {
        "en": (
            "I am checking that time for you, and confirm it.",
            _HOURS["en"],
        ),
        "pt": (
            "Vou verificar essa hora e confirmo-lhe.",
            _HOURS["pt"],
        ),
    },
    "warranty": {
        "en": ("The warranty on your {warranty.device} ({warranty.kind}) holds until"
               " {warranty.until}.", "If the same fault is back, bring it in and we look at it."),
        "pt": ("A garantia do seu {warranty.device} ({warranty.kind}) é válida até"
               " {warranty.until}.", "Se a mesma avaria voltou, traga-o e nós vemos."),
    },
    "warranty.ask": {
        "en": ("?Our repairs have {shop.warranty_months} of warranty.",
               "Which repair is it about? With its number I can look up until when its warranty"
               " holds."),
        "pt": ("?As nossas reparações têm {shop.warranty_months} de garantia.",
               "De que reparação se trata? Com o número posso ver até quando tem garantia."),
    },
    "bill": {
        "en": ("Invoice {bill.number} is open: {bill.total}.", "?It is due on {bill.due}.",
               _PAYMENT["en"]),
        "pt": ("A fatura {bill.number} está por pagar: {bill.total}.", "?Vence: {bill.due}.",
               _PAYMENT["pt"]),
    },
    "pay.agreed": {
        "en": ("The repair of your {agreed.device} is {agreed.total} in all, as in quote"
               " {agreed.number}.", _PAYMENT["en"]),
        "pt": ("A reparação do seu {agreed.device} fica em {agreed.total} no total, como no"
               " orçamento {agreed.number}.", _PAYMENT["pt"]),
    },
    "pay": {
        "en": (_PAYMENT["en"].removeprefix("?"),),
        "pt": (_PAYMENT["pt"].removeprefix("?"),),
    },
    "hours": {
        "en": ("We are open {shop.hours}.", "?Today we are open {today.open}.",
               "?Today we are {today.closed}."),
        "pt": ("O nosso horário: {shop.hours}.", "?Hoje estamos abertos das {today.open}.",
               "?Hoje estamos {today.closed}s."),
    },
    "address": {
        "en": ("You find us at {shop.address}.", "?And here: {shop.also_at}.", _HOURS["en"]),
        "pt": ("Estamos em {shop.address}.", "?E também aqui: {shop.also_at}.", _HOURS["pt"]),
    },
    "first_aid.liquid": {
        "en": ("{shop.first_aid_liquid}", "?Today we are open {today.open}."),
        "pt": ("{shop.first_aid_liquid}", "?Hoje estamos abertos das {today.open}."),
    },
    "first_aid.battery": {
        "en": ("{shop.first_aid_battery}", "?Today we are open {today.open}."),
        "pt": ("{shop.first_aid_battery}", "?Hoje estamos abertos das {today.open}."),
    },
    "recovery": {
        "en": ("In {shop.recovery} of all cases we get the data back.",
               "What can be saved of yours is known after the evaluation."),
        "pt": ("Em {shop.recovery} dos casos recuperamos os dados.",
               "O que se pode salvar no seu caso sabe-se após a avaliação."),
    },
    "express": {
        "en": (
            "Yes, for urgent repairs there is our {shop.express}.",
            "I am asking the bench how soon we can take it, and tell you.",
        ),
        "pt": (
            "Sim, para reparações urgentes temos {shop.express}.",
            "Vou perguntar à bancada quando a podemos fazer e digo-lhe.",
        ),
    },
    "express.ask": {
        "en": (
            "Yes, for urgent repairs there is our {shop.express}.",
            "Which device is it, what is wrong with it, and until when do you need it?",
        ),
        "pt": (
            "Sim, para reparações urgentes temos {shop.express}.",
            "Que equipamento é, o que se passa com ele e para quando precisa?",
        ),
    },
    "days": {
        "en": ("A repair takes {shop.days} as a rule.",
               "?For urgent ones there is our {shop.express}."),
        "pt": ("Em regra, uma reparação demora {shop.days}.",
               "?Para casos urgentes temos {shop.express}."),
    },
    "diagnosis": {
        "en": ("The diagnosis is {shop.diagnosis}.",
               "You get a quote, and we begin only when you say yes."),
        "pt": ("O diagnóstico é {shop.diagnosis}.",
               "Recebe um orçamento, e só começamos quando nos disser que sim."),
    },
    "ask.number": {
        "en": ("Could you send me your repair number, or the phone number that you left with us?",
               "Then I look it up at once."),
        "pt": ("Pode enviar-me o número da reparação, ou o telefone que nos deixou?",
               "Assim verifico já."),
    },
    "ask.name": {
        "en": (
            "I do not find that repair at once.",
            "Under which name, or with which phone number, did you leave it with us?",
        ),
        "pt": (
            "Não encontro logo essa reparação.",
            "Em que nome, ou com que telefone, a deixou connosco?",
        ),
    },
    "ask.device": {
        "en": ("Which device is it (brand and model), and what is wrong with it?",
               _ESTIMATE["en"]),
        "pt": ("Que equipamento é (marca e modelo) e o que se passa com ele?", _ESTIMATE["pt"]),
    },
    "ask.fault": {
        "en": ("What is wrong with your {device.label}?", _ESTIMATE["en"]),
        "pt": ("O que se passa com o seu {device.label}?", _ESTIMATE["pt"]),
    },
    "ask.model": {
        "en": ("Which device is it exactly (brand and model)?", _ESTIMATE["en"]),
        "pt": ("Que equipamento é exatamente (marca e modelo)?", _ESTIMATE["pt"]),
    },
}  # fmt: skip
TITLES: Final = {
    "overdue": "Overdue: sorry, without a new date",
    "no_date": "No date yet",
    "not_ready": "Not ready to be collected yet",
    "several": "Several repairs: which one",
    "several.quotes": "Several quotes: which one",
    "claim": "Repair under warranty",
    "quote.pending": "Quote waits: total and validity",
    "quote.lines": "What the quote is made up of",
    "quote.expired": "Quote expired",
    "quote.approved": "Quote approved",
    "quote.declined": "Quote declined",
    "quote.coming": "Quote after the diagnosis",
    "approve": "Quote approved by the customer",
    "approve.expired": "Approved, but the quote expired",
    "decline": "Quote turned down",
    "visit": "Appointment",
    "visit.requested": "Appointment, not confirmed",
    "visit.move": "Move the appointment",
    "visit.noted": "Appointment: check the time",
    "visit.offer": "Offer an appointment",
    "warranty": "Warranty",
    "warranty.ask": "Warranty: ask which repair",
    "bill": "Open invoice",
    "pay.agreed": "What there is to pay",
    "pay": "Ways to pay",
    "hours": "Opening hours",
    "address": "Where we are",
    "first_aid.liquid": "First aid after liquid",
    "first_aid.battery": "First aid, swollen battery",
    "recovery": "How often data is recovered",
    "express": "Express",
    "express.ask": "Express: ask for device and fault",
    "days": "How long a repair takes",
    "diagnosis": "Diagnosis",
    "ask.number": "Ask for the repair number",
    "ask.name": "Ask under which name it is",
    "ask.device": "Ask for device and fault",
    "ask.fault": "Ask for the fault",
    "ask.model": "Ask for the model",
}
ASKING: Final = frozenset(
    {
        "several", "several.quotes", "visit.move", "visit.offer", "warranty.ask", "express.ask",
        "ask.number", "ask.name", "ask.device", "ask.fault", "ask.model", "decline",
        "quote.declined",
    }
)  # fmt: skip
"""Texts that ask the customer for what is missing."""
