"""What the inbox does when a command is asked for, by key, palette, button or dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.binding import Binding

from revivatui.screens import find_commands, trust
from revivatui.screens import inbox_view as view_of
from revivatui.screens.choose import Choose, Option
from revivatui.screens.completions import Completions
from revivatui.screens.conversation_commands import ConversationCommands
from revivatui.screens.copilot_commands import CopilotCommands
from revivatui.screens.draft_commands import DraftCommands
from revivatui.screens.repair_commands import RepairCommands
from revivatui.screens.rooms import open_room
from revivatui.screens.told_changes import undone_words
from revivatui.state import mentions
from revivatui.widgets import bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.screens.inbox import InboxScreen
    from revivatui.state.models import Conversation
    from revivatui.widgets.composer import Composer


WRITES: Final = frozenset({"reply.write", "reply.note", "reply.switch", "reply.canned"})
"""Writing is to the thread on screen: another target is opened first."""


class InboxCommands(ConversationCommands):
    """The agent's wishes turned into intents of the engine, with the dialogs they need."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        drafts = DraftCommands(screen)
        self.repairs = RepairCommands(screen, self)
        self.copilot = CopilotCommands(screen, self)
        self._did: dict[str, Callable[[], None]] = {
            "change.undo": self._undo,
            "change.now": self._do_now,
            "reply.write": lambda: self._write(private=False),
            "reply.note": lambda: self._write(private=True),
            "reply.switch": self._switch,
            "reply.send": lambda: screen.composer.submit(),
            "reply.newline": lambda: screen.composer.insert_text("\n"),
            "reply.send_anyway": screen.gate.send_anyway,
            "reply.edit_held": lambda: self.take_back(screen.gate.reference),
            "reply.canned": self._canned_at_cursor,
            "reply.leave": lambda: screen.go_to("thread"),
            "reply.unquote": lambda: self.quote(None),
            "reply.here": lambda: self._write(private=screen.composer.private),
            "draft.take": drafts.take,
            "draft.decline": drafts.decline,
            "draft.hand_over": drafts.hand_over,
            "list.mine": lambda: self._tab("mine"),
            "list.unassigned": lambda: self._tab("unassigned"),
            "list.all": lambda: self._tab("all"),
            "list.next_tab": lambda: self._next_tab(1),
            "list.previous_tab": lambda: self._next_tab(-1),
            "list.filter": self._find,
            "list.sort": self._sort,
            "list.status": self._which_status,
            "list.where": self._where,
            "list.longest": self._longest,
            "list.clear": self._clear,
            "desk.palette": lambda: screen.app.action_command_palette(),
            "desk.help": self._help,
            "desk.next_pane": lambda: self._pane(1),
            "desk.previous_pane": lambda: self._pane(-1),
            "desk.back": self._back,
            "desk.contact": self._contact,
            "desk.repair": self._repair,
            "desk.connection": self._connection,
            "desk.redraw": self._redraw,
            "desk.search": lambda: find_commands.search(self, screen),
            "contact.forget": lambda: find_commands.ask_forget(screen),
            "desk.sends": self._sends,
            "desk.notifications": self._notifications,
            "desk.team": lambda: self._room("team"),
            "desk.analytics": lambda: self._room("analytics"),
            "desk.health": lambda: self._room("health"),
            "desk.captain": lambda: self._room("captain"),
            "desk.admin": lambda: self._room("admin"),
            "desk.alerts": self._alerts,
            "desk.availability": self._availability,
            "desk.refresh": self._refresh,
            "desk.sign_in": self._sign_in,
            "desk.settings": self._settings,
            "desk.theme": self._theme,
            "desk.quit": self.quit,
        }
        self._with_conversation: dict[str, Callable[[Conversation], None]] = {
            "conversation.assign": self._assign,
            "conversation.take": self._take,
            "conversation.team": self._team,
            "conversation.resolve": self._resolve,
            "conversation.snooze": self._snooze,
            "conversation.status": self._status,
            "conversation.labels": self._labels,
            "conversation.priority": self._priority,
            "conversation.read": lambda c: self._engine.mark_read(c.id),
            "conversation.unread": lambda c: self._engine.mark_unread(c.id),
        }
        self.completions = Completions(screen, self._say)
        self._asked_sign_in = False

    def run(self, command: str, target: int | None = None) -> None:
        """Carry a command out; `command` may carry an argument after a colon."""
        name, _, argument = command.partition(":")
        shown = name in WRITES or name in self.repairs.of_a_customer
        if shown and target is not None and target != self._screen.open_id:
            self.open(target)
            if self._screen.open_id != target:
                return  # Opened as soon as the engine is there: nothing is written to another.
        if name == "conversation.open":
            self.open(int(argument))
        elif self.repairs.run(name, argument) or self.copilot.run(name, argument):
            pass
        elif name in self._with_conversation:
            conversation = None if target is None else self._state.shown(target)
            if conversation is None:
                self._say("Choose a conversation first.")
            else:
                self._with_conversation[name](conversation)
        elif name in self._did:
            self._did[name]()
        else:
            self._widgets_own(name)

    def _widgets_own(self, command: str) -> None:
        """What the list and the thread do themselves, asked for by its name."""
        screen = self._screen
        place, _, _what = command.partition(".")
        widget = screen.list if place == "list" else screen.thread
        screen.go_to(place)
        for binding in widget.BINDINGS:
            if isinstance(binding, Binding) and binding.id == command:
                getattr(widget, f"action_{binding.action}")()

    # --- a conversation --------------------------------------------------------------------------

    def open(self, conversation_id: int) -> None:
        screen = self._screen
        if conversation_id != screen.open_id:
            self._engine.open(conversation_id)
            if screen.session.copilot is not None:
                screen.session.copilot.opened()  # what it thought before is in the first paint
            screen.session.store.flush()  # the next key belongs to this thread
            conversation = self._state.conversations.get(conversation_id)
            if conversation is not None:
                self._engine.load_contact(conversation.contact_id)
        screen.list.move_cursor(conversation_id)
        screen.look_ahead()
        screen.go_to("thread")

    def _undo(self) -> None:
        undone = self._engine.undo()
        if undone is None:
            self._say("There is nothing to undo.")
            return
        self._screen.told.skip()
        self._screen.session.store.flush()
        self._screen.list.move_cursor(undone.change.conversation_id)
        self._say(undone_words(self._state, undone))

    def _do_now(self) -> None:
        for change in list(self._state.changes.values()):
            if change.state == "waiting":
                self._engine.send_now(change.id)

    # --- answering -------------------------------------------------------------------------------

    def _write(self, *, private: bool) -> None:
        screen = self._screen
        if screen.open_id is None:
            self._say("Open a conversation first.")
            return
        if screen.composer.private != private:
            screen.aim(screen.open_id, private)
        screen.go_to("thread")
        screen.set_focus(screen.composer)

    def write_to(self, conversation_id: int, *, private: bool) -> None:
        """Open a conversation and go on with what was being written to it."""
        self.open(conversation_id)
        if self._screen.open_id == conversation_id:
            self._screen.aim(conversation_id, private)
            self._write(private=private)

    def _switch(self) -> None:
        self._write(private=not self._screen.composer.private)

    def submit(self, event: Composer.Submitted) -> None:
        """Send, unless variables were left to fill: the server would drop or run them."""
        unfilled = [] if event.private else self._screen.composer.unfilled
        if not unfilled:
            self._send(event)
            return
        self._ask(
            Choose(
                "Not everything is filled in",
                [Option("back", "Go back and fill it in"), Option("send", "Send it as it is")],
                question=f"The customer would not see {', '.join(unfilled)} as it stands here.",
            ),
            lambda choice: (
                self._send(event) if choice == "send" else self._screen.composer.select_unfilled()
            ),
        )

    def _send(self, event: Composer.Submitted) -> None:
        text = mentions.linked(self._state, event.text) if event.private else event.text
        self._engine.send(
            event.conversation_id, text, event.private, event.in_reply_to, event.seen_id
        )
        self._engine.draft(event.conversation_id, event.private, "")
        if not event.private:
            self.copilot.sent(event.conversation_id, event.text)
        composer = self._screen.composer
        if composer.target == event.conversation_id:
            composer.sent()
            self._screen.show_head()

    def _canned_at_cursor(self) -> None:
        self._write(private=self._screen.composer.private)
        if self._screen.focused is self._screen.composer:
            self._screen.composer.ask_canned()

    def ask_paste(self, text: str) -> None:
        self._ask(
            Choose(
                "A large paste",
                [Option("no", "Do not paste it"), Option("yes", "Paste it")],
                question=f"What you pasted has {len(text):,} characters.",
            ),
            lambda choice: self._screen.composer.insert_text(text) if choice == "yes" else None,
        )

    def quote(self, message_id: int | None) -> None:
        """Let the next reply answer this message."""
        self._screen.composer.in_reply_to = message_id
        if message_id is not None:
            self._write(private=self._screen.composer.private)
        self._screen.show_head()

    def retry(self, reference: str | None, message_id: int | None) -> None:
        """Send again: ours by its reference; one that the server failed to deliver as a new one."""
        open_id = self._screen.open_id
        if reference is not None:
            self._screen.gate.again(reference)
        elif open_id is not None and (
            text := view_of.message_text(self._state, open_id, message_id)
        ):
            private = self._screen.composer.private
            typed = self._written(open_id, private=private)
            self._engine.draft(open_id, private, _joined(text, typed))
            self.write_to(open_id, private=private)
            self._say("The server could not deliver it. Its text is in the composer: send it anew.")

    def take_back(self, reference: str) -> None:
        """Put a message that was not sent into the composer again, before what stands there."""
        entry = self._state.sends.get(reference)
        if entry is None:
            return
        private = entry.private
        text = mentions.unlinked(entry.content) if private else entry.content
        typed = self._written(entry.conversation_id, private=private)
        # The draft first: at no moment is the text neither in the journal nor a draft.
        self._engine.draft(entry.conversation_id, private, _joined(text, typed))
        if self._engine.take_back(reference):
            self.write_to(entry.conversation_id, private=private)
        else:
            self._engine.draft(entry.conversation_id, private, typed)

    def put_into_reply(self, conversation_id: int, text: str) -> None:
        """Put a text into the reply to a conversation, after what stands there; nothing is sent."""
        screen = self._screen
        typed = self._written(conversation_id, private=False)
        whole = _joined(typed, text) if typed.strip() else text
        if (screen.composer.target, screen.composer.private) == (conversation_id, False):
            screen.go_to("thread")
            screen.set_focus(screen.composer)
            screen.composer.move_cursor(screen.composer.document.end)
            screen.composer.insert_text(whole[len(typed.rstrip()) :] if typed.strip() else text)
            return
        self._engine.draft(conversation_id, False, whole)
        if screen.open_id == conversation_id:
            self.write_to(conversation_id, private=False)
        else:
            self._say(f"It is in the draft of #{conversation_id}, which is not open any more.")

    def _written(self, conversation_id: int, *, private: bool) -> str:
        """What is being written to a conversation."""
        composer = self._screen.composer
        if (composer.target, composer.private) == (conversation_id, private):
            return composer.text
        draft = self._state.drafts.get((conversation_id, private))
        return draft.text if draft is not None else ""

    def ask_delete(self, message_id: int) -> None:
        open_id = self._screen.open_id
        if open_id is None:
            return
        self._ask(
            Choose(
                "Delete this message?",
                [Option("no", "Keep it"), Option("yes", "Delete it")],
                question=view_of.delete_words(self._state, open_id, message_id),
            ),
            lambda choice: (
                self._engine.delete_message(open_id, message_id) if choice == "yes" else None
            ),
        )

    def attachment(self, message_id: int, attachment_id: int | None) -> None:
        open_id = self._screen.open_id
        files = [] if open_id is None else view_of.attachments(self._state, open_id, message_id)
        if attachment_id is not None:
            files = [file for file in files if file.id == attachment_id]
        if len(files) == 1:
            self.link(files[0].data_url, files[0].name)
        elif files:
            options = [Option(str(file.id), file.name, file.file_type) for file in files]
            self._ask(
                Choose("Which file?", options),
                lambda choice: self.attachment(message_id, int(choice)),
            )

    def link(self, url: str, name: str = "") -> None:
        """Where a link leads is shown before anything follows it."""
        options = [Option("copy", "Copy the address")]
        if not self._screen.session.over_ssh and url.startswith(("http://", "https://")):
            options.append(Option("open", "Open it in the browser"))

        def chosen(choice: str) -> None:
            if choice == "copy":
                self._screen.app.copy_to_clipboard(url)
                self._say("Copied.")
            else:
                self._screen.app.open_url(url)

        self._ask(Choose(name or "A link", options, question=url), chosen)

    # --- the desk --------------------------------------------------------------------------------

    def _help(self) -> None:
        from revivatui.screens.help import HelpScreen

        session = self._screen.session
        page = HelpScreen(session.keys, with_crm=session.crm.is_on, with_copilot=session.suggests)
        self._screen.app.push_screen(page)

    def _pane(self, step: int) -> None:
        screen = self._screen
        if screen.has_class("-narrow") and screen.place == "list" and screen.open_id is not None:
            screen.go_to("thread")
        elif step > 0:
            screen.focus_next()
        else:
            screen.focus_previous()

    def _back(self) -> None:
        screen = self._screen
        filtered = bool(self._state.view.text)
        if filtered and screen.focused in (screen.find, screen.list):
            self.find_text("")
        elif screen.find.display:
            screen.find.display = False
            screen.set_focus(screen.list)
        elif screen.at in ("contact", "repair", "copilot"):
            screen.go_to("thread")
        else:
            screen.go_to("list")

    def _contact(self) -> None:
        screen = self._screen
        shares = screen.session.crm.is_on and screen.has_class("-short")
        if self._has_column() and not shares:
            screen.toggle_class("-no-contact")
            if screen.has_class("-no-contact") and screen.place in (
                "contact",
                "repair",
                "copilot",
            ):
                screen.set_focus(screen.thread)
        else:
            screen.remove_class("-no-contact")
            screen.go_to("thread" if screen.at == "contact" else "contact")

    def _has_column(self) -> bool:
        """Whether there is room for a column beside the thread."""
        return self._screen.has_class("-three") or self._screen.has_class("-wide")

    def _repair(self) -> None:
        """To the repair pane, and from there back to where it was called from."""
        screen = self._screen
        if not screen.session.crm.is_on:
            self._say("No CRM is set up: its address goes under [crm] in the settings.")
        elif screen.place == "repair":
            screen.go_to("thread")
        else:
            screen.remove_class("-no-contact")
            screen.go_to("repair")

    def _connection(self) -> None:
        lines = trust.connection_lines(self._screen.session)
        options = [Option("refresh", "Ask the server again now"), Option("close", "Close")]
        self._ask(
            Choose("The connection", options, question="\n".join(lines)),
            lambda choice: self._refresh() if choice == "refresh" else None,
        )

    def _redraw(self) -> None:
        self._screen.session.redraw()

    def _refresh(self) -> None:
        self._engine.refresh()
        self._screen.session.crm.refresh()

    def _sends(self) -> None:
        from revivatui.screens.sends import SendsScreen

        self._screen.app.push_screen(SendsScreen(self._screen.session, self))

    def _notifications(self) -> None:
        from revivatui.screens.notifications import NotificationsScreen

        self._screen.app.push_screen(NotificationsScreen(self._screen.session, self))

    def _alerts(self) -> None:
        from revivatui.screens.alerts_page import AlertsScreen

        self._screen.app.push_screen(AlertsScreen(self._screen.session, self))

    def _room(self, name: str) -> None:
        self._screen.app.push_screen(open_room(name, self._screen.session, self))

    def _availability(self) -> None:
        options = [
            Option(word, word, "", bars.dot(word), style)
            for word, style in bars.AVAILABILITY.items()
        ]
        current = bars.my_availability(self._state)
        self._ask(Choose("You are", options, current=current), self._engine.set_availability)

    def _sign_in(self) -> None:
        self._screen.session.ask_sign_in()

    def link_changed(self) -> None:
        """A dead token asks for signing in, once, over the inbox; what is typed stays."""
        if self._state.link.state != "refused":
            self._asked_sign_in = False
        elif not self._asked_sign_in:
            self._asked_sign_in = True
            self._sign_in()

    def _settings(self) -> None:
        self._screen.session.ask_settings()

    def _theme(self) -> None:
        app = self._screen.app
        app.theme = "nordic" if app.theme == "nordic-dark" else "nordic-dark"

    def quit(self) -> None:
        """Leave; ask first when something would not have been sent."""
        words = view_of.unsent_words(self._state, self._screen.session.throwaway)
        if not words:
            self._screen.app.exit()
            return
        self._ask(
            Choose(
                "Leave now?",
                [Option("stay", "Stay"), Option("leave", "Leave")],
                question=words,
            ),
            lambda choice: self._screen.app.exit() if choice == "leave" else None,
        )


def _joined(first: str, then: str) -> str:
    """Two texts, one under the other."""
    return f"{first.rstrip()}\n{then}" if then.strip() else first
