"""What is done with a conversation: who has it, its status, labels and priority, with dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.screens import inbox_view as view_of
from revivatui.screens.choose import Choose, ChooseSeveral, Option
from revivatui.screens.list_commands import ListCommands
from revivatui.screens.snooze_times import UNTIL_REPLY, option_from_text, snooze_options
from revivatui.state import changes
from revivatui.widgets import bars
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from revivatui.state.models import Conversation

NOBODY: Final = "nobody"
NONE: Final = "none"


class ConversationCommands(ListCommands):
    """The wishes that name one conversation."""

    def _say(self, text: str, severity: str = "information") -> None:
        self._screen.notify(text, severity=severity, markup=False)  # type: ignore[arg-type]

    def _named(self, conversation: Conversation) -> str:
        return f"#{conversation.id} {view_of.name_of(self._state, conversation.id)}"

    def _assign(self, conversation: Conversation) -> None:
        state = self._state
        me = state.me
        options = []
        if me is not None:
            options.append(self._agent_option(me.id, f"{me.name} (you)"))
        rank = {"online": 0, "busy": 1}
        others = [agent for agent in state.agents.values() if me is None or agent.id != me.id]
        others.sort(key=lambda a: (rank.get(bars.agent_presence(state, a), 2), a.name.casefold()))
        options += [self._agent_option(agent.id, agent.name) for agent in others]
        options.append(Option(NOBODY, "nobody", "back to unassigned"))
        current = NOBODY if conversation.assignee_id is None else str(conversation.assignee_id)
        self._ask(
            Choose(
                f"Assign {self._named(conversation)}",
                options,
                current=current,
                # Whoever takes it from nobody wants to give it to somebody.
                start=options[0].id if current == NOBODY else current,
                find="agent",
                verb="assign",
            ),
            lambda choice: self._engine.assign(
                conversation.id, None if choice == NOBODY else int(choice)
            ),
        )

    def _agent_option(self, agent_id: int, name: str) -> Option:
        state = self._state
        agent = state.agents.get(agent_id) or state.me
        assert agent is not None
        word = bars.agent_presence(state, agent)
        style = bars.AVAILABILITY.get(word, "muted")
        return Option(str(agent_id), name, word, bars.dot(word), style)

    def _take(self, conversation: Conversation) -> None:
        if self._state.me is not None:
            self._engine.assign(conversation.id, self._state.me.id)

    def _team(self, conversation: Conversation) -> None:
        options = [Option(NONE, "no team")]
        options += [Option(str(t.id), t.name, t.description) for t in self._state.teams.values()]
        self._ask(
            Choose(
                f"Team for {self._named(conversation)}",
                options,
                current=str(conversation.team_id or NONE),
                find="team",
            ),
            lambda choice: self._engine.assign_team(
                conversation.id, None if choice == NONE else int(choice)
            ),
        )

    def _is_held(self, conversation: Conversation) -> bool:
        """Whether a change of its status is held already; says so."""
        held = changes.held(self._state, conversation.id)
        if held is None:
            return False
        keys = self._screen.session.keys
        undo, now = (keys.first(BY_ID[one]) for one in ("change.undo", "change.now"))
        doing = changes.doing(held).capitalize()
        self._say(f"{doing} {self._named(conversation)}: {undo} undoes it, {now} does it now.")
        return True

    def _resolve(self, conversation: Conversation) -> None:
        if self._is_held(conversation):
            return
        status = "open" if conversation.status == "resolved" else "resolved"
        self._engine.set_status(conversation.id, status)

    def _snooze(self, conversation: Conversation) -> None:
        if self._is_held(conversation):
            return
        now, tz = self._screen.session.clock(), self._screen.session.tz
        self._ask(
            Choose(
                f"Snooze {self._named(conversation)}",
                snooze_options(now, tz),
                find="type a time: 2h, tomorrow 14:30, fri, 27 Nov 10:00",
                from_text=option_from_text(now, tz),
                verb="snooze",
            ),
            lambda choice: self._engine.set_status(
                conversation.id, "snoozed", None if choice == UNTIL_REPLY else float(choice)
            ),
        )

    def _status(self, conversation: Conversation) -> None:
        if self._is_held(conversation):
            return
        options = [
            Option("open", "open", "in the list of those to answer"),
            Option("pending", "pending", "waits for something else"),
            Option("snoozed", f"snoozed{symbols.ellipsis}", "until a time or the next message"),
            Option("resolved", "resolved", "done"),
        ]

        def chosen(choice: str) -> None:
            if choice == "snoozed":
                self._snooze(conversation)
            elif choice != conversation.status:
                self._engine.set_status(conversation.id, choice)

        title = f"Status of {self._named(conversation)}"
        self._ask(Choose(title, options, current=conversation.status), chosen)

    def _labels(self, conversation: Conversation) -> None:
        known = {title: label.description for title, label in self._state.labels.items()}
        for title in conversation.labels:
            known.setdefault(title, "")
        # Those it has come first; the rest by name.
        titles = sorted(known, key=lambda t: (t not in conversation.labels, t))
        options = [Option(title, title, known[title]) for title in titles]

        def chosen(choice: str) -> None:
            labels = [title for title in choice.split("\n") if title]
            if set(labels) != set(conversation.labels):
                self._engine.set_labels(conversation.id, labels)

        title = f"Labels of {self._named(conversation)}"
        self._ask(ChooseSeveral(title, options, conversation.labels, find="label"), chosen)

    def _priority(self, conversation: Conversation) -> None:
        options = [Option(word, word) for word in bars.PRIORITIES] + [Option(NONE, "none")]
        self._ask(
            Choose(
                f"Priority of {self._named(conversation)}",
                options,
                current=conversation.priority or NONE,
            ),
            lambda choice: self._engine.set_priority(
                conversation.id, None if choice == NONE else choice
            ),
        )
