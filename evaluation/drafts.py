"""Drafts as an agent or a model might write them, with the places where a figure goes.

A place is `{case.slot}`: `a` and `b` are the two repairs of the customer.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = (
    "Hello {name}! Your {a.device} ({a.number}) is promised for {a.promised}.",
    "Hi {name}, the quote {a.quote} for your {a.device} is {a.total} in all. It is valid until"
    " {a.valid}.",
    "Good news: {a.number} will be ready on {a.promised}. We are open {hours}.",
    "Your {a.device} came in on {a.received} and is promised for {a.promised}.",
    "The part for your {a.device} costs {a.part}, so the total is {a.total}.",
    "We expect you on {a.visit_day} at {a.visit_time}. Please bring the slip.",
    "{a.number} is promised for {a.promised} and {b.number} for {b.promised}.",
    "The quote for your {a.device} is {a.total}; the one for your {b.device} is {b.total}.",
    "Diagnosis is free, and as a rule a repair takes {days}. There is a warranty of {warranty}.",
    "You can call us on {phone} or write to {email}.",
    "Book a time at {link}, or just come by: we are open {hours}.",
    "You need not hurry, {name}: quote {a.quote} stands until {a.valid}.",
    "In about {percent} of the cases we recover the data; we tell you before anything costs money.",
    "Sorry about the wait! The new part for your {a.device} is here and the date of"
    " {a.promised} stands.",
    "Step 1: back up. Step 2: sign out of the account. Step 3: bring the {a.device} and its"
    " charger.",
    "Of the {a.total} on quote {a.quote}, {a.part} is the part.",
    "Your appointment for {a.number} is on {a.visit_day}, {a.visit_time}.",
    "As for {b.number}: it was checked in on {b.received}. Its quote, {b.quote}, comes to"
    " {b.total}.",
    "We can do that. It takes {days} and the final price is on quote {a.quote}: {a.total}.",
    "Please reply with yes or no: {a.quote}, {a.total}, valid until {a.valid}.",
    "Thanks for asking! The {a.device} you brought ({a.number}) will be done on {a.promised};"
    " call {phone} if you"
    " cannot come.",
    "We close at {closes} on weekdays, and you find us at Rua do Exemplo 5.",
    "1. The diagnosis is free.\n2. The quote is {a.total}.\n3. You decide until {a.valid}.",
    "The warranty on {a.number} holds for {warranty}. Anything else I can do for you today?",
)
PORTUGUESE: Final = (
    "Olá {name}! O seu {a.device} ({a.number}) está prometido para {a.promised}.",
    "Olá {name}, o orçamento {a.quote} do seu {a.device} é de {a.total} no total. É válido até"
    " {a.valid}.",
    "Boas notícias: a reparação {a.number} fica pronta em {a.promised}. Estamos abertos {hours}.",
    "O seu {a.device} deu entrada em {a.received} e está prometido para {a.promised}.",
    "A peça do seu {a.device} custa {a.part}, por isso o total é de {a.total}.",
    "Esperamos por si em {a.visit_day}, às {a.visit_time}. Traga o talão, por favor.",
    "{a.number} está prometido para {a.promised} e {b.number} para {b.promised}.",
    "O diagnóstico é gratuito e, por norma, uma reparação demora {days}. A garantia é de"
    " {warranty}.",
    "Pode ligar para {phone} ou escrever para {email}.",
    "Marque uma hora em {link}, ou passe por cá: estamos abertos {hours}.",
    "Não há pressa: o orçamento {a.quote} vale até {a.valid}.",
    "Em cerca de {percent} dos casos recuperamos os dados.",
    "Dos {a.total} do orçamento {a.quote}, {a.part} são da peça.",
    "A sua marcação para {a.number} é em {a.visit_day}, {a.visit_time}.",
    "Quanto ao {b.number}: deu entrada em {b.received}. O orçamento {b.quote} é de {b.total}.",
    "Responda com sim ou não: {a.quote}, {a.total}, válido até {a.valid}.",
    "Fechamos às {closes} nos dias úteis e estamos na Rua do Exemplo 5.",
    "A garantia da reparação {a.number} é de {warranty}. Posso ajudar em mais alguma coisa hoje?",
)

SENTENCES: Final = {
    "en": {
        "price": (
            "It will cost {wrong}.",
            "We can do it for {wrong}.",
            "That makes {wrong} for you.",
        ),
        "currency": ("That makes {wrong}.",),
        "date": (
            "It will be ready on {wrong}.",
            "You can collect it on {wrong}.",
            "I booked you in for {wrong}.",
        ),
        "time": ("We will call you at {wrong}.", "It will be done by {wrong}."),
        "duration": (
            "It only takes {wrong}.",
            "You will have it back within {wrong}.",
            "The warranty is {wrong}.",
        ),
        "percent": ("You get {wrong} off.", "The chance is {wrong}."),
        "number": ("It is under {wrong} in our system.", "Please mention {wrong}."),
        "device": ("We have your {wrong} here.", "The screen for the {wrong} has come."),
        "link": ("Pay here: {wrong}", "Please confirm at {wrong}."),
        "email": ("Write to {wrong}.",),
        "phone": ("Call us on {wrong}.",),
        "promise": ("We will give you {wrong}.", "You get {wrong}."),
    },
    "pt": {
        "price": ("Vai custar {wrong}.", "Fazemos por {wrong}.", "São {wrong}."),
        "currency": ("São {wrong}.",),
        "date": (
            "Fica pronto em {wrong}.",
            "Pode levantá-lo em {wrong}.",
            "Marquei-lhe {wrong}, a visita.",
        ),
        "time": ("Ligamos-lhe às {wrong}.", "Está pronto até às {wrong}."),
        "duration": (
            "Demora só {wrong}.",
            "Tem-no de volta em {wrong}.",
            "A garantia é de {wrong}.",
        ),
        "percent": ("Tem {wrong} de desconto.", "A probabilidade é de {wrong}."),
        "number": ("Está registado como {wrong}.", "Indique {wrong}, por favor."),
        "device": ("Temos cá o seu {wrong}.", "Chegou o ecrã do {wrong}."),
        "link": ("Pague aqui: {wrong}", "Confirme em {wrong}."),
        "email": ("Escreva para {wrong}.",),
        "phone": ("Ligue para {wrong}.",),
        "promise": ("Damos-lhe {wrong}.", "Tem direito a {wrong}."),
    },
}
"""A sentence more, with an error in it, for drafts that have no place of their own."""

PROMISES: Final = {
    "en": (
        "a full refund",
        "a discount",
        "a free screen",
        "your money back",
        "a lifetime warranty",
        "a free case",
        "a voucher",
        "a new phone at no charge",
        "the repair free of charge",
    ),
    "pt": (
        "um reembolso total",
        "um desconto",
        "um ecrã grátis",
        "o seu dinheiro em reembolso",
        "uma garantia vitalícia",
        "uma capa gratuita",
        "um vale de desconto",
        "a reparação sem qualquer custo",
    ),
}
