"""The administration: sections of records, and one way for every change of them.

What is wanted becomes a `Change`, the preview shows it, its yes gives the permission that one call
takes, and what the server holds afterwards is read and compared.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from textual.containers import Horizontal, Vertical

from revivatui.api.errors import Offline as ApiOffline
from revivatui.engine.asking import NotAnswered
from revivatui.screens.admin_outcome import outcome
from revivatui.screens.admin_preview import PreviewScreen
from revivatui.screens.admin_sections import SECTIONS
from revivatui.screens.at_work import begin
from revivatui.screens.choose import Choose, Option
from revivatui.screens.own_commands import own_bindings
from revivatui.screens.room import Room
from revivatui.state.admin_change import Preview
from revivatui.state.admin_refusals import explain
from revivatui.text.width import wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import LineList, ListLine, words
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.widgets import Input

    from revivatui.screens.admin_form import AdminForm
    from revivatui.screens.admin_section import Section
    from revivatui.screens.inbox_commands import InboxCommands
    from revivatui.screens.session import Session
    from revivatui.state.admin import Carried
    from revivatui.state.admin_change import Change, Permission

T = TypeVar("T")

BROAD: Final = 100
"""Columns from which the sections stand at the left."""
SIDE: Final = 20
MOST_UNDONE: Final = 20


class AdminScreen(Room):
    """Sections of records; every change is looked at before it is sent, and compared after."""

    NAME = "admin"
    FIND = "a name, an address, a word"
    PLACES: ClassVar[tuple[str, ...]] = ("admin", "room")
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("admin")

    def __init__(self, session: Session, inbox: InboxCommands) -> None:
        super().__init__(session, inbox)
        self.sections: dict[str, Section] = {one.ID: one(self) for one in SECTIONS}
        self.current: Section = next(iter(self.sections.values()))
        self.side = LineList(classes="admin-side")
        self.side.can_focus = False
        self._undo: deque[Change] = deque(maxlen=MOST_UNDONE)
        self._cursor_on: str | None = None
        """The record that the cursor goes to when it is shown next."""
        self._refused = False
        """The server says that this is for administrators only."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.top
            yield self.bar
            yield self.field
            with Horizontal(classes="admin-body"):
                yield self.side
                with Vertical():
                    yield self.head
                    yield self.lines
            yield self.keys

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            **super().deeds(),
            "admin.edit": self.lines.action_choose,
            "admin.add": partial(self._do, "add"),
            "admin.remove": partial(self._do, "remove"),
            "admin.members": partial(self._do, "members"),
            "admin.view": partial(self._do, "view"),
            "admin.import": partial(self._do, "import"),
            "admin.export": partial(self._do, "export"),
            "admin.undo": self._take_back,
            "admin.section": self._choose_section,
            "admin.next": partial(self._step, 1),
            "admin.previous": partial(self._step, -1),
            "admin.repairs": partial(self.to_room, "repairs"),
            "admin.services": partial(self.to_room, "services"),
        }

    # --- reading -------------------------------------------------------------------------------

    @property
    def is_for_me(self) -> bool:
        me = self._session.state.me
        return not self._refused and me is not None and me.role == "administrator"

    def news(self) -> None:
        """The CRM's news change nothing here."""

    async def read(self) -> None:
        section = self.current
        if not self.is_for_me or section.not_here():
            return
        try:
            await self._session.engine.ask(section.read)
        except NotAnswered as error:
            if error.why == "not_there" and not section.was_read:
                section.missing = True
            elif error.why != "not_allowed":
                raise
            else:
                self._refused = True
        else:
            section.was_read, section.missing = True, False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Everything is here already: looking for something asks nobody."""
        event.stop()
        event.prevent_default()  # which would read it all again
        self.show_all()

    # --- what it shows -------------------------------------------------------------------------

    @property
    def cells(self) -> int:
        side = SIDE + 2 if self._is_broad else 0
        return max(40, self.app.size.width - 4 - side)

    @property
    def _is_broad(self) -> bool:
        return self.app.size.width >= BROAD

    def show_all(self) -> None:
        self.side.display = self._is_broad and self.is_for_me
        right = self.trouble or self._count()
        self.show_top([Chip(right, "error" if self.trouble else "muted", weight=NEVER)])
        if not self.is_for_me:
            self.bar.show([])
            self.head.show([])
            self.lines.show(self._not_for_me())
            self.show_keys()
            return
        self._show_sections()
        self._show_records()
        self.show_keys()

    def _count(self) -> str:
        section = self.current
        if not self.is_for_me or section.why_not or not section.was_read:
            return ""
        many, all_ = len(section.shown()), len(section.records())
        return f"{many} of {all_}" if many != all_ else f"{all_}"

    def _show_sections(self) -> None:
        names = list(self.sections)
        at = names.index(self.current.ID)
        self.side.show(
            [
                ListLine((Piece(one.NAME, "strong" if one is self.current else ""),), one.ID)
                for one in self.sections.values()
            ],
            self.current.ID,
        )
        undo = self._undo_chips()
        if self._is_broad:
            self.bar.show([Chip(self.current.note(), "muted", weight=NEVER)], undo)
            return
        self.bar.show(
            [
                Chip(one.NAME, "active" if place == at else "button",
                     "" if place == at else f"section:{one.ID}",
                     NEVER if place == at else max(1, 60 - 4 * abs(place - at)))
                for place, one in enumerate(self.sections.values())
            ],
            undo,
        )  # fmt: skip

    def _undo_chips(self) -> list[Chip]:
        if not self._undo:
            return []
        return [Chip("undo", "accent", "admin.undo", 90, lead=self.key_of("admin.undo"))]

    def _show_records(self) -> None:
        section = self.current
        if why := section.why_not:
            self.head.show([])
            self.lines.show(self._sentence(why))
            return
        if not section.was_read:
            self.head.show([])
            asking = "asking the server" + symbols.ellipsis
            self.lines.show([words(self.trouble or asking, "muted")])
            return
        head, lines = section.table(self.cells)
        self.head.show([Chip(head, "muted", weight=NEVER)] if lines else [])
        self.lines.show(lines or self._sentence(self._empty()), self._cursor_on)
        self._cursor_on = None

    def _empty(self) -> str:
        if self.sought:
            return f"Nothing here is like that; {self.key_of('room.leave')} shows all."
        return self.current.empty()

    def _sentence(self, text: str) -> list[ListLine]:
        return [words(text[a:b], "muted") for a, b in wrap(text, min(self.cells, 90))]

    def _not_for_me(self) -> list[ListLine]:
        state = self._session.state
        admins = [one for one in state.agents.values() if one.role == "administrator"]
        lines = [words("The administration is for administrators.", "strong"), words("")]
        if self.trouble and state.me is None:
            return [*lines, words(self.trouble, "muted")]
        if admins:
            lines.append(words("Ask one of them for a change:"))
            lines += [words(f"  {one.name}  {one.email}") for one in admins]
        else:
            lines.append(words("Who they are is not known yet."))
        back = f"{self.key_of('room.leave')} goes back to the inbox."
        return [*lines, words(""), words(back, "muted")]

    def hints(self) -> list[Chip]:
        if not self.is_for_me:
            return []
        can = {f"admin.{one}" for one in self.current.can} | {"admin.section"}
        if not self.lines.choice:
            can -= {"admin.edit", "admin.remove", "admin.members", "admin.view"}
        return [one for one in self.own_chips() if one.command in can]

    # --- going between sections ----------------------------------------------------------------

    def go(self, section_id: str) -> None:
        """Show another section, from its top."""
        if not self.is_for_me:
            return
        self.current = self.sections[section_id]
        self._trouble = ""
        self.lines.show([], "")
        self.lines.focus()
        self.show_all()
        self.action_again()

    def _step(self, by: int) -> None:
        names = list(self.sections)
        self.go(names[(names.index(self.current.ID) + by) % len(names)])

    def _choose_section(self) -> None:
        if not self.is_for_me:
            return
        options = [Option(one.ID, one.NAME) for one in self.sections.values()]
        self.ask(Choose("Sections", options, current=self.current.ID, find="search"), self.go)

    def act(self, command: str) -> None:
        kind, _, section = command.partition(":")
        if kind == "section":
            self.go(section)
        else:
            self.clicked(command)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.list is self.side:
            self.go(event.choice)
        else:
            self._do("edit")

    # --- what is wanted ------------------------------------------------------------------------

    def _do(self, verb: str) -> None:
        section = self.current
        if not self.is_for_me or verb not in section.can:
            self.say(section.why_not or "There is no such thing to do here.")
            return
        alone = {"add": section.add, "import": section.bring_in, "export": section.export}
        if verb in alone:
            alone[verb]()
            return
        record = section.of(self.lines.choice)
        if record is None:
            self.say("Choose a line first.")
            return
        {
            "edit": section.edit, "remove": section.remove, "members": section.members,
            "view": section.view,
        }[verb](record)  # fmt: skip

    def open_screen(self, screen: Screen[T], then: Callable[[T | None], None]) -> None:
        self.app.push_screen(screen, then)

    def later(self, doing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def told() -> None:
            try:
                await doing()
            except NotAnswered as error:
                self.say(str(error), "warning")

        begin(self, "admin-ask", told)

    def show_section(self) -> None:
        self.show_all()

    def _take_back(self) -> None:
        if not self._undo:
            self.say("There is nothing to take back.")
            return
        self.propose(self._undo[-1])

    # --- the one way of every change -----------------------------------------------------------

    def propose(self, change: Change, form: AdminForm | None = None) -> None:
        if not change.requests or all(one.body == {} for one in change.requests):
            self.say("Nothing is different: nothing was sent.")
            return
        preview = Preview(change, f"/api/v1/accounts/{self._account_id}/")

        def answered(permission: Permission | None) -> None:
            if permission is not None:
                begin(self, "admin-change", self._carry_out, permission, form)

        self.app.push_screen(PreviewScreen(preview), answered)

    @property
    def _account_id(self) -> int:
        account = self._session.state.account
        return account.id if account is not None else 0

    async def _carry_out(self, permission: Permission, form: AdminForm | None) -> None:
        change = permission.change
        carried: Carried | None = None
        refused: NotAnswered | None = None
        try:
            carried = await self._session.engine.ask(lambda client: client.carry_out(permission))
        except NotAnswered as error:
            refused = error
        if refused is not None and not refused.may_be_done:
            self._say_refused(change, refused, form)
            return
        made = next((one for one in carried.made if one is not None), None) if carried else None
        trouble = carried.trouble if carried else unanswered(str(refused))
        await self._compare(change, made, trouble, form)

    def _say_refused(self, change: Change, refused: NotAnswered, form: AdminForm | None) -> None:
        told = explain(change.kind, str(refused), refused.why)
        if form is not None and form in self.app.screen_stack:
            form.wrong(told.field, told.words)
        else:
            self.say(told.words, "warning")

    async def _compare(
        self, change: Change, made: int | None, trouble: str, form: AdminForm | None
    ) -> None:
        """Read back what the server holds now, and say so."""
        section = self.sections[change.kind]
        found: Any = None
        try:
            found = await self._session.engine.ask(lambda client: section.now(client, change, made))
        except NotAnswered as error:
            self.say(f"{change.title}: sent, but it could not be read back. {error}", "warning")
            self._close(form)
            return
        told = outcome(change, found, trouble)
        section.follow()
        if told.is_as_wanted:
            self._remember(change, made)
            self._cursor_on = str(made) if made is not None else None
            self._close(form)
        elif form is not None and form in self.app.screen_stack:
            form.wrong("", told.words)
        self.say(told.words, "information" if told.is_as_wanted else "warning")
        if self.is_attached:
            self.show_all()

    def _remember(self, change: Change, made: int | None) -> None:
        if self._undo and change is self._undo[-1]:
            self._undo.pop()
        elif change.undo is not None:
            self._undo.append(change.undo(made))

    def _close(self, form: AdminForm | None) -> None:
        if form is not None and form.is_current:
            form.dismiss(None)


def unanswered(said: str) -> str:
    """What is said where a change was sent and no answer came: nothing sends it again."""
    return f"{said.replace(ApiOffline.hint, '').strip()} Look at it and try again."
