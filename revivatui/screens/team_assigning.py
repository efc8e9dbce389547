"""Giving conversations away from the Team screen, each by a choice that names both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.engine.asking import NotAnswered
from revivatui.screens.at_work import begin
from revivatui.screens.choose import Choose, Option
from revivatui.state import select
from revivatui.state.models import ListView
from revivatui.text.when import ago
from revivatui.widgets import bars

if TYPE_CHECKING:
    from revivatui.screens.session import Session
    from revivatui.screens.team import TeamScreen
    from revivatui.state.models import Agent

UNASSIGNED: Final = ListView(tab="unassigned")
NOBODY: Final = "nobody"


class Assigning:
    """Asks which conversation, or which agent, and does it."""

    def __init__(self, screen: TeamScreen, session: Session) -> None:
        self._screen = screen
        self._session = session

    def give_to(self, agent_id: int) -> None:
        """Choose a conversation for an agent: the open one, or one that is nobody's."""
        begin(self._screen, "assign", self._give_to, agent_id)

    async def _give_to(self, agent_id: int) -> None:
        agent = self._agent(agent_id)
        if agent is None:
            return
        try:
            options = await self._conversations()
        except NotAnswered as error:
            self._screen.say(str(error), "error")
            return
        if not options:
            self._screen.say("No open conversation is nobody's, and none is open here.")
            return
        self._screen.ask(
            Choose(f"Give to {agent.name}", options, find="conversation", verb="assign"),
            lambda choice: self._assign(int(choice), agent_id),
        )

    async def _conversations(self) -> list[Option]:
        """Raises NotAnswered."""
        state, now, tz = self._session.state, self._session.clock(), self._session.tz
        page = await self._session.engine.ask(lambda client: client.conversations(UNASSIGNED))
        names = {one.id: one.name for one in page.contacts}
        options = []
        if state.open_id is not None and (held := state.shown(state.open_id)) is not None:
            contact = state.contacts.get(held.contact_id)
            name = contact.name if contact is not None else ""
            detail = f"open in the inbox, {self._holder(held.assignee_id)}"
            options.append(Option(str(held.id), f"#{held.id} {name}", detail))
        options += [
            Option(
                str(row.id),
                f"#{row.id} {names.get(row.contact_id, '')}",
                f"nobody's, {ago(row.last_activity_at, now, tz)}",
            )
            for row in page.conversations
            if row.id != state.open_id
        ]
        return options

    def give_away(self, conversation_id: int) -> None:
        """Choose who gets a conversation of somebody."""
        state = self._session.state
        rank = {"online": 0, "busy": 1}
        agents = sorted(
            state.agents.values(),
            key=lambda one: (rank.get(select.presence_of(state, one), 2), one.name.casefold()),
        )
        options = [self._option(one) for one in agents]
        options.append(Option(NOBODY, "nobody", "back to unassigned"))
        self._screen.ask(
            Choose(f"Assign #{conversation_id}", options, find="agent", verb="assign"),
            lambda choice: self._assign(conversation_id, None if choice == NOBODY else int(choice)),
        )

    def _option(self, agent: Agent) -> Option:
        word = select.presence_of(self._session.state, agent)
        style = bars.AVAILABILITY.get(word, "muted")
        return Option(str(agent.id), agent.name, word, bars.dot(word), style)

    def _assign(self, conversation_id: int, agent_id: int | None) -> None:
        """By the engine where it knows the conversation, with undo; else by the server alone."""
        if self._session.state.shown(conversation_id) is not None:
            self._session.engine.assign(conversation_id, agent_id)
            self._screen.say(f"#{conversation_id} goes to {self._name(agent_id)}.")
        else:
            begin(self._screen, "assign", self._assign_there, conversation_id, agent_id)

    async def _assign_there(self, conversation_id: int, agent_id: int | None) -> None:
        try:
            await self._session.engine.ask(lambda client: client.assign(conversation_id, agent_id))
        except NotAnswered as error:
            self._screen.say(str(error), "error")
            return
        self._screen.say(f"#{conversation_id} went to {self._name(agent_id)}.")
        self._screen.action_again()

    def _agent(self, agent_id: int) -> Agent | None:
        state = self._session.state
        if state.me is not None and state.me.id == agent_id:
            return state.me
        return state.agents.get(agent_id)

    def _name(self, agent_id: int | None) -> str:
        agent = None if agent_id is None else self._agent(agent_id)
        return agent.name if agent is not None else "nobody"

    def _holder(self, agent_id: int | None) -> str:
        return f"{self._name(agent_id)}'s" if agent_id is not None else "nobody's"
