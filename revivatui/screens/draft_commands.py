"""Taking, declining and handing over drafts of the open conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.screens.choose import Choose, Option
from revivatui.state.offers import Offer, offers
from revivatui.text.width import truncate

if TYPE_CHECKING:
    from revivatui.screens.inbox import InboxScreen

SHOWN = 200
"""Cells of another agent's draft that are shown before it is replaced."""


class DraftCommands:
    """What the agent wants with a text that is offered, or with their own."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen

    def _first(self) -> Offer | None:
        screen = self._screen
        found = offers(screen.session.state, screen.open_id, screen.composer.private)
        return found[0] if found else None

    def take(self) -> None:
        """The offered text into the composer, in place of what is there."""
        offer, composer = self._first(), self._screen.composer
        if offer is None or composer.target != offer.conversation_id:
            return
        self._screen.session.engine.take_offer(offer)
        self._screen.go_to("thread")
        self._screen.set_focus(composer)
        composer.select_all()
        composer.insert_text(offer.text)

    def decline(self) -> None:
        offer = self._first()
        if offer is not None:
            self._screen.session.engine.decline_offer(offer)

    def hand_over(self) -> None:
        """Our reply to the server; asks where another text is kept there."""
        session, number = self._screen.session, self._screen.open_id
        draft = session.state.drafts.get((number or 0, False))
        if number is None or draft is None:
            return
        held = session.state.server_drafts.get(number, "")
        if held.strip() in ("", draft.text.strip()):
            session.engine.hand_over(number)
            return
        words = truncate(" ".join(held.split()), SHOWN)
        dialog = Choose(
            "Replace the draft that is kept?",
            [Option("no", "Leave it there"), Option("yes", "Put yours in its place")],
            question=f"The server keeps one draft for all agents: {words}",
        )

        def chosen(choice: str | None) -> None:
            if choice == "yes":
                session.engine.hand_over(number, held)

        self._screen.app.push_screen(dialog, chosen)
