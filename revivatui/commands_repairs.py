"""The commands around repairs: part of the one table (`revivatui.commands`)."""

from __future__ import annotations

from typing import Final

from revivatui.command import (
    Command,
    can_undo_in_crm,
    has_crm,
    has_customer,
    has_repair,
    on,
    open_and_crm,
)

REPAIR: Final = "Repairs (small letters: in the repair pane)"

REPAIR_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "desk.repair", "ctrl+r", "Repair", "Go to what the CRM knows of the customer, and back",
        REPAIR, "app", when=open_and_crm, bar=on(thread=82), bar_label="repair",
    ),
    Command(
        "desk.repairs", "R", "All repairs", "Every repair of the shop by its status, and search",
        REPAIR, when=has_crm,
    ),
    Command(
        "desk.services", "S", "Services", "What the shop offers, with prices, to put into a reply",
        REPAIR, when=has_crm,
    ),
    Command(
        "repair.intake", "I", "Take a device in", "Write down a device that is handed over",
        REPAIR, when=has_crm, bar=on(repair=70), bar_label="take in",
    ),
    Command(
        "repair.status", "s", "Repair status", "Move a repair on, along the ways there are",
        REPAIR, "repair", when=has_repair, bar=on(repair=94), bar_label="status",
    ),
    Command(
        "repair.insert", "i", "Insert facts",
        "Put device, status, date or price into the reply",
        REPAIR, "repair", when=has_customer, bar=on(repair=92), bar_label="insert facts",
    ),
    Command(
        "repair.quote", "q", "Repair quote", "Make a quote, send it, or note the answer",
        REPAIR, "repair", when=has_repair, bar=on(repair=90), bar_label="quote",
    ),
    Command(
        "repair.note", "n", "Note on the ticket", "Write into the customer's ticket",
        REPAIR, "repair", when=has_customer, bar=on(repair=88), bar_label="note",
    ),
    Command(
        "repair.appointment", "b", "Appointment", "Book a visit, or change one",
        REPAIR, "repair", when=has_customer, bar=on(repair=86), bar_label="book",
    ),
    Command(
        "repair.ticket", "t", "Ticket", "Say which ticket this conversation belongs to",
        REPAIR, "repair", when=has_customer, bar=on(repair=84), bar_label="ticket",
    ),
    Command(
        "repair.open", "o", "History", "Everything about a repair and its device",
        REPAIR, "repair", when=has_customer, bar=on(repair=80), bar_label="history",
    ),
    Command(
        "repair.customer", "c", "Which customer", "Say who of the CRM's customers this is",
        REPAIR, "repair", when=has_crm,
    ),
    Command(
        "repair.undo", "u", "Undo in the CRM", "Take the last change in the CRM back",
        REPAIR, "repair", when=can_undo_in_crm, bar=on(repair=96), bar_label="undo",
    ),
)  # fmt: skip
