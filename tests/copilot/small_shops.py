"""Two small shops that say the same things in other words, to rank in."""

from __future__ import annotations

from typing import Final

from revivatui.copilot.sources import Source


def _canned(name: str, category: str, title: str, text: str, language: str = "en") -> Source:
    return Source(f"canned:{name}", "canned", language, category, title, text)


def _price(name: str, title: str, text: str) -> Source:
    return Source(f"price:{name}", "price", "en", "prices", title, text)


PLAIN: Final = (
    _canned("hours", "shop", "Store hours", "We are open Monday to Friday from 9:00 to 18:30."),
    _canned("address", "shop", "Store location", "You find us at 12 Mill Street."),
    _canned("liquid", "faults", "Liquid damage", "Switch it off, do not charge it, no rice."),
    _canned("screen", "faults", "Screen damage", "A cracked display is replaced in an hour."),
    _canned("battery", "faults", "Battery wear", "We measure its capacity and replace it."),
    _canned("port", "faults", "Charging port problems", "Often the connector is just dirty."),
    _canned("slow", "faults", "Slow computer", "An SSD and a clean-up make it fast again."),
    _canned("backup", "policy", "Backup reminder", "Please back up your data first."),
    _canned("warranty", "policy", "Warranty terms", "Repairs have a 12-month warranty."),
    _canned("payment", "policy", "Payment methods", "We accept cash and all major cards."),
    _canned("quote-sent", "quotes", "Quote sent", "We have sent the quote for your repair."),
    _canned("quote-yes", "quotes", "Quote approved", "Thank you, we start the repair now."),
    _canned("quote-no", "quotes", "Quote declined", "You can collect it unrepaired."),
    _canned("working", "status", "Repair in progress", "Your repair is under way."),
    _canned("parts", "status", "Waiting for parts", "The part has been ordered."),
    _canned("ready", "status", "Ready for pickup", "Your device is repaired, come and get it."),
    _canned("thanks", "talk", "Closing message", "Thank you for choosing us. Have a great day!"),
    _canned("horario", "loja", "Horário", "Estamos abertos de segunda a sexta.", "pt"),
    _canned("liquidos", "avarias", "Danos por líquidos", "Desligue-o e não o carregue.", "pt"),
    _canned("pronto", "estado", "Pronto para levantar", "O seu equipamento está pronto.", "pt"),
    _price("iphone12-screen", "iPhone 12 screen replacement", "139 EUR, 12 months warranty"),
    _price("iphone13-screen", "iPhone 13 screen replacement", "189 EUR, 12 months warranty"),
    _price("iphone13-battery", "iPhone 13 battery replacement", "75 EUR, 12 months warranty"),
    _price("s22-screen", "Samsung Galaxy S22 screen replacement", "229 EUR"),
    _price("ps5-hdmi", "PlayStation 5 HDMI port repair", "110 EUR"),
    _price("recovery", "Data recovery, hard drive", "199 to 399 EUR"),
    Source(
        "resolved:1", "resolved", "en", "wifi", "Wi-Fi drops on ThinkPad",
        "The driver was broken after an update, we reinstalled it.",
    ),
)  # fmt: skip
CASUAL: Final = (
    _canned("in", "front desk", "When we're in", "Our doors are open weekdays till half five."),
    _canned("find", "front desk", "Getting here", "Pier 4, right behind the fish market."),
    _canned("wet", "what's wrong", "It got wet", "Turn it off. The quicker it's here the better."),
    _canned("cell", "what's wrong", "New cell", "A fresh one gives it a second life."),
    _canned("glass", "what's wrong", "New glass", "Glass and panel go in together."),
    _canned("bench", "jobs", "On the bench", "One of us has it open right now."),
    _canned("order", "jobs", "Component on order", "It's on its way from the supplier."),
    _canned("done", "jobs", "All done, come and get it", "Drop by whenever we're in."),
    _canned("offer", "money", "Offer sent", "We've mailed you what it'll cost."),
    _canned("bill", "money", "Ways to settle the bill", "Cash, card or phone."),
)
