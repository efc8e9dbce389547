"""What a customer reads of a state, in a word or two, in both languages."""

from __future__ import annotations

from typing import Final, cast

from revivatui.crm import workflow

STATUS_PT: Final = {
    "booked": "marcada",
    "received": "deu entrada",
    "diagnosing": "em diagnóstico",
    "awaiting_approval": "a aguardar a sua aprovação",
    "approved": "aprovada",
    "awaiting_parts": "a aguardar peça",
    "in_repair": "em reparação",
    "testing": "em testes finais",
    "ready": "pronto a levantar",
    "ready_unrepaired": "pronto a levantar, sem reparação",
    "completed": "levantado",
    "unrepairable": "sem reparação possível",
    "cancelled": "cancelada",
}
STATUS_EN: Final = {
    "booked": "booked in",
    "received": "checked in",
    "diagnosing": "being diagnosed",
    "awaiting_approval": "waiting for your approval",
    "approved": "approved",
    "awaiting_parts": "waiting for a part",
    "in_repair": "being repaired",
    "testing": "in its final tests",
    "ready": "ready to be collected",
    "ready_unrepaired": "ready to be collected, not repaired",
    "completed": "collected",
    "unrepairable": "not repairable",
    "cancelled": "cancelled",
}
QUOTE_WORDS: Final = {
    "en": {
        "pending": "waiting for your answer",
        "approved": "approved",
        "declined": "declined",
        "expired": "expired",
        "invoiced": "invoiced",
    },
    "pt": {
        "pending": "a aguardar a sua resposta",
        "approved": "aprovado",
        "declined": "recusado",
        "expired": "expirado",
        "invoiced": "faturado",
    },
}
VISIT_WORDS: Final = {
    "en": {
        "drop_off": "to bring the device",
        "pick_up": "to collect the device",
        "while_you_wait": "repair while you wait",
        "onsite": "visit at your place",
        "remote": "remote session",
        "phone": "phone call",
    },
    "pt": {
        "drop_off": "entrega do equipamento",
        "pick_up": "levantamento do equipamento",
        "while_you_wait": "reparação na hora",
        "onsite": "visita ao domicílio",
        "remote": "sessão remota",
        "phone": "chamada telefónica",
    },
}
WARRANTY_WORDS: Final = {
    "en": {
        "parts": "parts",
        "labour": "labour",
        "battery": "battery",
        "data_recovery": "data recovery",
    },
    "pt": {
        "parts": "peças",
        "labour": "mão de obra",
        "battery": "bateria",
        "data_recovery": "recuperação de dados",
    },
}
LINE_WORDS: Final = {
    "en": {
        "labour": "labour",
        "part": "part",
        "fee": "fee",
        "discount": "discount",
        "diagnostic": "diagnosis",
    },
    "pt": {
        "labour": "mão de obra",
        "part": "peça",
        "fee": "taxa",
        "discount": "desconto",
        "diagnostic": "diagnóstico",
    },
}


def status_words(status: str, language: str, verbatim: str = "") -> str:
    """A state in the customer's language; of an unknown one, the other CRM's own word."""
    known = STATUS_PT if language == "pt" else STATUS_EN
    return known.get(status, verbatim)


def status_spellings(status: str, verbatim: str = "") -> tuple[str, ...]:
    """The same state in other words: the other language's, the pane's and the shop's."""
    one = cast("workflow.RepairStatus", status)
    return (
        STATUS_EN.get(status, ""),
        STATUS_PT.get(status, ""),
        workflow.customer_words(one, verbatim),
        workflow.words(one, verbatim),
    )
