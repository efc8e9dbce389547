"""Quotes of the open conversation's customer: made from the catalogue, sent, answered."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from revivatui.crm.errors import MoneyError
from revivatui.crm.money import Money, total
from revivatui.crm.wishes import LineWish, QuoteWish
from revivatui.screens.choose import Choose, ChooseSeveral, Option
from revivatui.screens.forms import Form, FormField
from revivatui.screens.repair_base import CrmActions, Undo, customer_of, repair_label
from revivatui.screens.repair_messages import quote_message
from revivatui.screens.repair_words import money, price_words, quote_words, quoted, status_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from revivatui.crm.port import CrmPort
    from revivatui.crm.records import ServiceItem
    from revivatui.crm.records_repairs import LineKind, Quote
    from revivatui.crm.views import RepairRow
    from revivatui.screens.picture import Picture

NEW: Final = "new"
SEND, SEND_AND_TELL, APPROVE, DECLINE = "send", "send and tell", "approve", "decline"
_PARTS: Final = frozenset({"screen", "battery", "storage", "memory", "keyboard"})
"""Services whose price is mostly that of a part."""


class QuoteActions(CrmActions):
    """The wish `repair.quote` and what follows from it."""

    def quote(self, quote_id: str) -> None:
        """Choose a quote of the customer, or a new one, and what becomes of it."""
        picture = self._known()
        if picture is None:
            return
        known = {quote.id: (quote, row) for quote, row in picture.quotes}
        open_ones = {id_: it for id_, it in known.items() if it[0].status in ("draft", "pending")}
        if quote_id:
            if quote_id in open_ones:
                self._ask_fate(picture, *open_ones[quote_id])
            else:
                self._say("Nothing more can be done with this quote.")
            return
        if not open_ones:
            self._new(picture)
            return
        options = [
            Option(id_, f"{quote.number} {quote_words(quote)}",
                   f"{money(quote.total_cost)}, {repair_label(row)}")
            for id_, (quote, row) in open_ones.items()
        ]  # fmt: skip
        options.append(Option(NEW, "a new quote", "from the catalogue"))
        self._ask(
            Choose(f"Quotes for {customer_of(picture)}", options),
            lambda choice: (
                self._new(picture) if choice == NEW else self._ask_fate(picture, *open_ones[choice])
            ),
        )

    # --- a new one -----------------------------------------------------------------------------

    def _new(self, picture: Picture) -> None:
        then = partial(self._choose_services, picture)
        self._with_repair(picture, "", "Which repair is the quote for?", then)

    def _choose_services(self, picture: Picture, row: RepairRow) -> None:
        services = self._fitting(row)
        if not services:
            self._say("The catalogue has no service with a price for this device.")
            return
        by_code = {one.code: one for one in services}
        options = [Option(one.code, one.name, price_words(one)) for one in services]
        first = [row.repair.type] if row.repair.type in by_code else []
        title = f"Quote for {repair_label(row)}, {customer_of(picture)}"

        def chosen(choice: str) -> None:
            codes = [code for code in choice.split("\n") if code]
            if codes:
                self._ask_prices(picture, row, [by_code[code] for code in codes])
            else:
                self._say("A quote needs a service: space ticks one.")

        self._ask(ChooseSeveral(title, options, first, find="service"), chosen)

    def _fitting(self, row: RepairRow) -> list[ServiceItem]:
        """The services with a price, those for the device's own kind first."""
        device = row.device
        fits = [
            one
            for one in self._crm.house.services
            if one.active
            and (one.price_from or one.price_to) is not None
            and one.device_category in ("", device.category)
            and one.device_brand in ("", device.brand)
        ]
        return sorted(fits, key=lambda one: one.code != row.repair.type)

    def _ask_prices(
        self, picture: Picture, row: RepairRow, services: Sequence[ServiceItem]
    ) -> None:
        currency = services[0].currency
        if any(one.currency != currency for one in services):
            self._say("These services have different currencies; one quote cannot add them up.")
            return
        fields = [
            FormField(one.code, f"{one.name} ({price_words(one)})", _price(one), needed=True)
            for one in services
        ]

        def told(filled: Mapping[str, str]) -> str:
            try:
                amounts = [Money.parse(filled[one.code] or "0", currency) for one in services]
                return f"In all {total(amounts, currency)}{self._tax_words()}."
            except MoneyError as error:
                return str(error)

        def wrong(filled: Mapping[str, str]) -> str:
            said = told(filled)
            return "" if said.startswith("In all") else said

        self._fill_in(
            Form(f"Prices for {repair_label(row)}, {customer_of(picture)}", fields,
                 verb="make the quote", tell=told, check=wrong),
            lambda filled: self._make(picture, row, services, filled),
        )  # fmt: skip

    def _tax_words(self) -> str:
        percent = self._crm.tax_percent
        return f", {percent} % of tax included" if percent else ""

    def _make(
        self,
        picture: Picture,
        row: RepairRow,
        services: Sequence[ServiceItem],
        filled: Mapping[str, str],
    ) -> None:
        currency = services[0].currency
        wish = QuoteWish(
            row.repair.id,
            currency,
            tuple(
                _line(one, Money.parse(filled[one.code], currency), self._crm.tax_percent)
                for one in services
            ),
            self._actor,
        )

        async def make(port: CrmPort) -> str:
            quote = await port.create_quote(wish)
            self.remember(Undo(quote.number, partial(_withdrawn, quote), of=quote.id))
            self._screen.call_later(self._ask_fate, picture, quote, row)
            return f"{quote.number} over {money(quote.total_cost)} is made; it is not sent."

        self._do(make)

    # --- what becomes of it --------------------------------------------------------------------

    def _ask_fate(self, picture: Picture, quote: Quote, row: RepairRow) -> None:
        if quote.status == "draft":
            options = [
                Option(SEND_AND_TELL, "Send it, and put the total into the reply",
                       "it is not sent yet"),
                Option(SEND, "Send it", "it waits for an answer"),
                Option("no", "Leave it as a draft"),
            ]  # fmt: skip
        else:
            options = [
                Option(APPROVE, "The customer says yes"),
                Option(DECLINE, "The customer says no"),
                Option("no", "Leave it as it is"),
            ]
        lines = [f"{one.description}  {money(one.line_total)}" for one in quote.line_items]
        self._ask(
            Choose(
                f"{quote.number}, {money(quote.total_cost)}, {customer_of(picture)}",
                options,
                question="\n".join(
                    [f"{repair_label(row)}, {quoted(status_words(row.repair))}.", *lines]
                ),
            ),
            lambda choice: self._fate(picture, quote, row, choice),
        )

    def _fate(self, picture: Picture, quote: Quote, row: RepairRow, choice: str) -> None:
        if choice in (SEND, SEND_AND_TELL):
            self._send(picture, quote, row, tell=choice == SEND_AND_TELL)
        elif choice == APPROVE:
            self._decide(quote, approved=True, reason="")
        elif choice == DECLINE:
            self._fill_in(
                Form(f"{quote.number} is declined",
                     [FormField("reason", "Why, as far as they said")], verb="note it"),
                lambda filled: self._decide(quote, approved=False, reason=filled["reason"]),
            )  # fmt: skip

    def _send(self, picture: Picture, quote: Quote, row: RepairRow, *, tell: bool) -> None:
        async def send(port: CrmPort) -> str:
            sent = await port.send_quote(quote.id, version=quote.version, actor=self._actor)
            self.forget(quote.id)
            if tell:
                assert picture.context is not None
                language = picture.context.customer.language
                now, tz = self._session.clock(), self._session.tz
                text = quote_message(sent, row, language, now, tz)
                self._inbox.put_into_reply(picture.conversation_id, text)
            return f"{sent.number} waits for the customer's answer."

        self._do(send)

    def _decide(self, quote: Quote, *, approved: bool, reason: str) -> None:
        async def decide(port: CrmPort) -> str:
            decided = await port.decide_quote(
                quote.id,
                approved=approved,
                version=quote.version,
                actor=self._actor,
                reason=reason,
            )
            return f"{decided.number} is {decided.status}."

        self._do(decide)


async def _withdrawn(quote: Quote, port: CrmPort) -> str:
    await port.withdraw_quote(quote.id, version=quote.version)
    return f"Undone: {quote.number} is gone; nobody was sent it."


def _price(item: ServiceItem) -> str:
    price = item.price_from if item.price_from is not None else item.price_to
    return f"{price.amount:f}" if price is not None else ""


def _line(item: ServiceItem, price: Money, tax_percent: int) -> LineWish:
    kind: LineKind = "labour"
    if item.category == "diagnostic":
        kind = "diagnostic"
    elif item.category in _PARTS:
        kind = "part"
    return LineWish(
        kind,
        item.name,
        price,
        Decimal(1),
        service_code=item.code,
        tax_rate=Decimal(tax_percent) / 100,
        part_quality=item.part_quality,
        warranty_months=item.warranty_months,
    )
