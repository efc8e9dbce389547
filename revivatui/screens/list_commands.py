"""What the inbox does with its list: tabs, filters and order, each asked for by a command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.screens.choose import Choose, Option
from revivatui.widgets import bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.engine.engine import Engine
    from revivatui.screens.inbox import InboxScreen
    from revivatui.state.models import ListView
    from revivatui.state.state import State


LONGEST_FIRST: Final = "waiting_since_asc"


class ListCommands:
    """Which conversations are listed, and in what order."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._order_before = ""
        """The order that made way for the longest waiting first; "" for none."""

    @property
    def _engine(self) -> Engine:
        return self._screen.session.engine

    @property
    def _state(self) -> State:
        return self._screen.session.state

    def _key(self, command_id: str) -> str:
        return self._screen.session.keys.first(BY_ID[command_id])

    def _ask(self, dialog: Choose, then: Callable[[str], None]) -> None:
        def chosen(choice: str | None) -> None:
            if choice is not None:
                then(choice)

        self._screen.app.push_screen(dialog, chosen)

    def _view(self, view: ListView) -> None:
        if view != self._state.view:
            self._engine.choose_view(view)
            self._screen.to_first()
        self._screen.go_to("list")

    def _tab(self, tab: str) -> None:
        self._view(replace(self._state.view, tab=tab))

    def _next_tab(self, step: int) -> None:
        tabs = [tab for tab, _word in bars.TABS]
        place = tabs.index(self._state.view.tab) if self._state.view.tab in tabs else 0
        self._tab(tabs[(place + step) % len(tabs)])

    def _find(self) -> None:
        screen = self._screen
        screen.go_to("list")
        screen.find.display = True
        screen.find.value = self._state.view.text
        screen.set_focus(screen.find)

    def find_text(self, text: str) -> None:
        self._screen.find.display = False
        self._view(replace(self._state.view, text=text.strip()))

    def _sort(self) -> None:
        options = [Option(sort, words) for sort, words in bars.SORTS.items()]
        self._ask(
            Choose("Order of the list", options, current=self._state.view.sort),
            self._order,
        )

    def _order(self, sort: str) -> None:
        self._order_before = ""
        self._view(replace(self._state.view, sort=sort))

    def _which_status(self) -> None:
        options = [Option(status, status) for status in bars.STATUSES]
        self._ask(
            Choose("Which conversations to list", options, current=self._state.view.status),
            lambda choice: self._view(replace(self._state.view, status=choice)),
        )

    def _where(self) -> None:
        state, view = self._state, self._state.view
        options = [Option("all", "all inboxes")]
        options += [Option(f"inbox:{i.id}", i.name, "inbox") for i in state.inboxes.values()]
        options += [Option(f"team:{t.id}", t.name, "team") for t in state.teams.values()]
        options += [Option(f"label:{title}", title, "label") for title in state.labels]

        def chosen(choice: str) -> None:
            kind, _, value = choice.partition(":")
            empty = replace(view, inbox_id=None, team_id=None, labels=())
            if kind == "inbox":
                empty = replace(empty, inbox_id=int(value))
            elif kind == "team":
                empty = replace(empty, team_id=int(value))
            elif kind == "label":
                empty = replace(empty, labels=(value,))
            self._view(empty)

        self._ask(Choose("List conversations of", options, find="inbox, team or label"), chosen)

    def _longest(self) -> None:
        before = self._state.view.sort
        self._view(replace(self._state.view, sort=LONGEST_FIRST))
        self._screen.to_first()
        self._screen.show_list()
        if before != LONGEST_FIRST:
            self._order_before = before
            words, key = bars.SORTS.get(before, before), self._key("list.clear")
            self._screen.notify(f"Longest waiting first. {key} brings back {words}.", markup=False)

    def _clear(self) -> None:
        view = self._state.view
        self._screen.find.display = False
        sort, self._order_before = self._order_before or view.sort, ""
        self._view(type(view)(tab=view.tab, sort=sort))
