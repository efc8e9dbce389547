"""What a model is asked for by key or mouse: a reply, work on the draft, a summary, a question.

Nothing is asked without a key press, but replies of inboxes that the settings agree to.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from revivatui.commands import BY_ID
from revivatui.commands_copilot_model import DRAFT_COMMANDS
from revivatui.screens.at_work import begin_alone
from revivatui.screens.choose import Choose, Option
from revivatui.screens.copilot_asking import Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.notifications import SeverityLevel

    from revivatui.copilot.model import Task
    from revivatui.screens.copilot_advice import Answer
    from revivatui.screens.copilot_asked import Asked
    from revivatui.screens.copilot_asking import Asker
    from revivatui.screens.copilot_desk import CopilotDesk, Stream
    from revivatui.screens.copilot_server import ServersOwn
    from revivatui.screens.forms import Filled
    from revivatui.screens.inbox import InboxScreen
    from revivatui.state.models import Message

NO_MODEL: Final = (
    "No model is set: [copilot] model_url in the settings names one, on this machine or elsewhere."
    " The suggestions of the shop's own texts work without."
)
NOTHING_OPEN: Final = "Open a conversation first."
OWN_SEES: Final = (
    "The server gives its model what it holds of the conversation, with nothing taken out."
)
NO_DRAFT: Final = "Write something first: this works on the draft."


class ModelDeeds:
    """The commands of `commands_copilot_model`, carried out."""

    def __init__(self, screen: InboxScreen, draft: Callable[[], str]) -> None:
        """`draft` gives what is written as a reply to the open conversation."""
        self._screen = screen
        self._draft = draft
        self._with_notes = False
        self._asked_for: tuple[int, int] = (0, 0)
        """Conversation and message of the last reply that was asked for without a key press."""

    @property
    def table(self) -> Mapping[str, Callable[[str], object]]:
        return {
            "model.change": lambda _: self._choose_change(),
            "model.reply": lambda _: self._reply(),
            "model.summarise": lambda _: self._summarise(),
            "model.own": lambda _: self._own(),
            "model.ask": lambda _: self._question(),
            "model.read": lambda _: self._read(),
            "model.stop": lambda _: self._stop(),
            "model.notes": lambda _: self._notes(),
            "model.preview": lambda _: self._preview(),
            **{one: partial(self._change, one.partition(".")[2]) for one in DRAFT_COMMANDS},
        }

    @property
    def _desk(self) -> CopilotDesk:
        assert self._screen.session.copilot is not None
        return self._screen.session.copilot

    @property
    def _asker(self) -> Asker:
        return self._desk.asker

    def _say(self, text: str, severity: SeverityLevel = "information") -> None:
        self._screen.notify(text, severity=severity, markup=False, timeout=6)

    def _ready(self) -> Asked | None:
        """What is open, where there is a model to ask about it; says so where not."""
        if not self._asker.is_on:
            self._say(NO_MODEL)
            return None
        asked = self._desk.asked
        if asked is None:
            self._say(NOTHING_OPEN)
        return asked

    # --- wishes --------------------------------------------------------------------------------

    def _begin(
        self, asked: Asked, wish: Wish, done: Callable[[Answer], object] | None = None
    ) -> None:
        work = partial(self._asker.answer, asked, wish)
        self._desk.ask(wish.title or wish.task.label, _then(work, done))

    def _task(self, name: str) -> Task:
        from revivatui.copilot.model import Task

        return Task(name)

    def _reply(self) -> None:
        asked = self._ready()
        if asked is not None:
            self._begin(asked, Wish(self._task("reply"), self._draft()))

    def reply_at_once(self, inbox: str, conversation_id: int, message_id: int) -> None:
        """A customer waits: where the settings agree for this inbox, a reply is asked for, once."""
        settings, asked = self._asker.settings, self._desk.asked
        if settings is None or asked is None or asked.conversation_id != conversation_id:
            return
        if not settings.may_ask_at_once(inbox) or self._asked_for == (conversation_id, message_id):
            return
        self._asked_for = (conversation_id, message_id)
        self._begin(asked, Wish(self._task("reply"), inbox=inbox))

    def _summarise(self) -> None:
        """By the model; without one what is known is put in order."""
        asked = self._desk.asked
        if asked is None:
            self._say(NOTHING_OPEN)
        elif self._asker.is_on:
            self._begin(asked, Wish(self._task("summarise"), with_notes=self._with_notes))
        else:
            self._desk.ask("Summary", partial(self._asker.summary, asked))

    def _question(self) -> None:
        asked = self._ready()
        if asked is not None:
            self._with_question(partial(self._ask, asked))

    def _ask(self, asked: Asked, text: str) -> None:
        wish = Wish(self._task("ask"), question=text, with_notes=self._with_notes, title=text)
        self._begin(asked, wish)

    def _with_question(self, then: Callable[[str], object]) -> None:
        from revivatui.screens.forms import Form, FormField

        notes = "with" if self._with_notes else "without"
        field = FormField("text", "Question", needed=True)
        form = Form("Ask about this chat or its repair", [field], verb="ask",
                    tell=lambda _: f"{notes} private notes")  # fmt: skip

        def answered(filled: Filled | None) -> None:
            if filled is not None:
                then(filled["text"])

        self._screen.app.push_screen(form, answered)

    def _read(self) -> None:
        """What the customer wrote last, in the agent's language."""
        asked = self._ready()
        if asked is None:
            return
        said = _last_of_customer(asked.messages)
        if not said:
            self._say("The customer wrote nothing yet.")
            return
        wish = Wish(self._task("translate"), said, language="en", title="What the customer wrote")
        self._begin(asked, wish)

    def _stop(self) -> None:
        if not self._desk.cancel():
            self._say("The model is doing nothing.")

    def _notes(self) -> None:
        self._with_notes = not self._with_notes
        goes = "go along with" if self._with_notes else "stay out of"
        self._say(f"Private notes {goes} questions and summaries. Replies never hold them.")

    # --- the server's own assistants -----------------------------------------------------------

    def _own(self) -> None:
        """Ask one of Chatwoot's own, where it has some."""
        asked = self._desk.asked
        if asked is None:
            self._say(NOTHING_OPEN)
        else:
            begin_alone(self._screen, "model", self._choose_own, asked)

    async def _choose_own(self, asked: Asked) -> None:
        from revivatui.engine.asking import NotAnswered
        from revivatui.screens import copilot_server

        try:
            own = await copilot_server.find(self._screen.session.engine)
        except NotAnswered as error:
            self._say(f"The server cannot be asked for its assistants: {error}", "warning")
            return
        if not own.tasks:
            self._say("This Chatwoot has no assistant of its own for this account.")
            return
        if not self._screen.is_current:
            return
        options = [Option(task.value, task.label) for task in sorted(own.tasks)]
        dialog = Choose("Ask Chatwoot's own assistant", options, verb="ask", question=OWN_SEES)
        self._screen.app.push_screen(dialog, partial(self._ask_own, asked, own))

    def _ask_own(self, asked: Asked, own: ServersOwn, choice: str | None) -> None:
        if not choice:
            return
        task = self._task(choice)
        if task.works_on_draft and not self._draft().strip():
            self._say(NO_DRAFT)
        elif choice == "ask":
            self._with_question(lambda text: self._begin_own(asked, own, Wish(task, question=text)))
        else:
            draft = self._draft() if task.works_on_draft else ""
            self._begin_own(asked, own, Wish(task, draft))

    def _begin_own(self, asked: Asked, own: ServersOwn, wish: Wish) -> None:
        from revivatui.screens import copilot_server

        deltas = copilot_server.stream(
            self._screen.session.engine, own, wish.task, asked.conversation_id,
            draft=wish.draft, question=wish.question,
        )  # fmt: skip
        done = partial(self._review, asked, wish) if wish.draft else None
        work = partial(self._asker.own_answer, asked, wish, deltas, "asked of Chatwoot")
        self._desk.ask(wish.task.label, _then(work, done))

    # --- the draft -----------------------------------------------------------------------------

    def _choose_change(self) -> None:
        if self._ready() is None:
            return
        if not self._draft().strip():
            self._say(NO_DRAFT)
            return
        options = [Option(one, BY_ID[one].label, BY_ID[one].help) for one in DRAFT_COMMANDS]

        def chosen(choice: str | None) -> None:
            if choice:
                self._change(choice.partition(".")[2], "")

        self._screen.app.push_screen(Choose("Work on the draft", options, verb="ask"), chosen)

    def _change(self, name: str, _: str) -> None:
        asked, draft = self._ready(), self._draft()
        if asked is None:
            return
        if not draft.strip():
            self._say(NO_DRAFT)
            return
        wish = Wish(self._task(name), draft)
        self._begin(asked, wish, partial(self._review, asked, wish))

    def _review(self, asked: Asked, wish: Wish, answer: Answer) -> None:
        """Let the agent take or skip each change, where they are still at it; else it waits in the
        pane, like a reply."""
        screen = self._screen
        at_it = screen.is_current and screen.open_id == asked.conversation_id
        if answer.shown is None or not at_it or self._draft() != wish.draft:
            return
        from revivatui.screens.copilot_hunks import ReviewScreen

        known = {one.words for one in answer.shown.doubts}

        def doubts(text: str) -> list[str]:
            return sorted(one for one in known if one in text)

        made = answer.shown.suggestion.text
        write_on = screen.composer.post_message
        dialog = ReviewScreen(answer.task, wish.draft, made, doubts, write_on)

        def closed(text: str | None) -> None:
            if dialog.went_on:
                self._say("You were writing: the draft is yours, the text is in the pane.")
            else:
                self._reviewed(asked.conversation_id, wish.draft, text)

        screen.app.push_screen(dialog, closed)

    def _reviewed(self, conversation_id: int, draft: str, text: str | None) -> None:
        composer = self._screen.composer
        if text is None or composer.target != conversation_id or composer.private:
            return
        if composer.text != draft:
            self._say("The draft changed meanwhile; it stays as it is. The text is in the pane.")
            return
        composer.select_all()
        composer.insert_text(text)
        self._screen.set_focus(composer)

    # --- what would leave ----------------------------------------------------------------------

    def _preview(self) -> None:
        asked = self._ready()
        if asked is not None:
            begin_alone(self._screen, "model", self._show_preview, asked)

    async def _show_preview(self, asked: Asked) -> None:
        from revivatui.copilot.model import ModelError
        from revivatui.credentials import CredentialsError
        from revivatui.screens.copilot_leaves import LeavesPage

        try:
            prepared, _ = await self._asker.prepared(
                asked, Wish(self._task("reply"), self._draft())
            )
        except (ModelError, CredentialsError) as error:
            self._say(str(error), "warning")
            return
        if self._screen.is_current:
            page = LeavesPage(prepared.leaves, prepared.preview(), len(prepared.body))
            self._screen.app.push_screen(page)


def _then(stream_of: Stream, done: Callable[[Answer], object] | None) -> Stream:
    """The same work, and what is done with its answer once that is whole."""

    async def stream(take: Callable[[Answer], None]) -> None:
        last: list[Answer] = []

        def took(answer: Answer) -> None:
            last[:] = [answer]
            take(answer)

        await stream_of(took)
        if done is not None and last and last[0].step == "there":
            done(last[0])

    return stream


def _last_of_customer(messages: tuple[Message, ...]) -> str:
    from revivatui.state.models import INCOMING

    said = next((one for one in reversed(messages) if one.message_type == INCOMING), None)
    return (said.content or "") if said is not None else ""
