"""What the agents' choices teach, written down and taken back: called on threads only.

Nothing of it is needed to suggest: where the file cannot be used, what is known is that and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from revivatui.copilot.learned import Alias, LearnedStore, Lesson
    from revivatui.copilot.suggestion import Question, Suggestion
    from revivatui.screens.copilot_asked import Asked

T = TypeVar("T")
LIBRARY: Final = ("canned:", "price:", "resolved:")
"""How the ids of the shop's own texts begin; a fact of a record is nothing to learn."""
LOCAL: Final = "local"


class Learning:
    """The file of one desk, opened when something is written or asked."""

    def __init__(self, file: Path | None) -> None:
        """`file` None: nothing outlives the desk, so nothing is learned."""
        self._file = file
        self._store: LearnedStore | None = None
        self._inserted: dict[int, tuple[int, str]] = {}
        """By conversation: the row of the last insert, and the text."""
        self.trouble = ""
        """Why the file cannot be used; "" while all is well."""

    def _opened(self) -> LearnedStore | None:
        if self._store is None and self._file is not None:
            from revivatui.copilot.learned import LearnedStore

            self._store = LearnedStore(self._file)
        return self._store

    def _with(self, ask: Callable[[LearnedStore], T], otherwise: T) -> T:
        """What the file gives; `otherwise` where there is none, or it cannot be used."""
        from revivatui.copilot.learned import LearnedError

        store = self._opened()
        if store is None:
            return otherwise
        try:
            done = ask(store)
        except LearnedError as error:
            self.trouble = str(error)
            return otherwise
        self.trouble = ""
        return done

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    # --- what counts -----------------------------------------------------------------------------

    def aliases(self, now: float) -> tuple[Alias, ...]:
        """The words that count; what is too old leaves on the way."""
        self._with(lambda store: store.tidy(now), 0)
        return self._with(lambda store: store.aliases(), ())

    def boosts(self, question: Question) -> dict[str, float]:
        """What thumbs and uses add to the sources for a question."""
        concepts = _concepts(question) if self._file is not None and self._file.exists() else ()
        return self._with(lambda store: store.boosts(concepts), {}) if concepts else {}

    # --- choices ---------------------------------------------------------------------------------

    def used(self, asked: Asked, question: Question, suggestion: Suggestion, user_id: int) -> None:
        """An agent put a suggestion into a reply."""
        lesson = lesson_of(asked, question, suggestion)

        def note(store: LearnedStore) -> int:
            if lesson.source_ids:
                store.learn(lesson)
            return store.note_insert(
                at=asked.now,
                user_id=user_id,
                conversation_id=asked.conversation_id,
                contact_id=asked.conversation.contact_id,
                suggestion_id=suggestion.id,
                source_ids=suggestion.sources,
                provider=LOCAL,
                draft=suggestion.text,
            )

        row = self._with(note, 0)
        if row:
            self._inserted[asked.conversation_id] = (row, suggestion.text)

    def sent(self, conversation_id: int, text: str) -> None:
        """A reply left: how far it is from what was put in is noted."""
        row, draft = self._inserted.pop(conversation_id, (0, ""))
        if row:
            self._with(lambda store: store.note_sent(row, draft, text), 0)

    def mark(self, asked: Asked, question: Question, suggestion: Suggestion, mark: int) -> None:
        """Thumbs: 1 up, -1 down, 0 neither."""
        lesson = lesson_of(asked, question, suggestion)
        if mark > 0:
            self._with(lambda store: store.thumb(lesson, "up"), None)
        elif mark < 0:
            self._with(lambda store: store.thumb(lesson, "down"), None)
        else:
            self._with(lambda store: store.thumb(lesson, None), None)

    # --- looking through it, and taking it back --------------------------------------------------

    def candidates(self) -> tuple[Alias, ...]:
        """Every word that led to a source, those that count first."""
        return self._with(lambda store: store.candidates(), ())

    def remove(self, source_id: str, words: str) -> None:
        self._with(lambda store: store.remove(source_id, words), False)

    def forget_contact(self, contact_id: int) -> None:
        if self._file is not None and self._file.exists():
            self._with(lambda store: store.forget_contact(contact_id), 0)


def lesson_of(asked: Asked, question: Question, suggestion: Suggestion) -> Lesson:
    """What a choice teaches: which of the shop's texts answered which message."""
    from revivatui.copilot.learned import Lesson

    conversation, contact = asked.conversation, asked.contact
    names = {one.sender.name for one in asked.messages if one.sender is not None}
    names |= {asked.agent, contact.name if contact is not None else ""}
    return Lesson(
        source_ids=tuple(one for one in suggestion.sources if one.startswith(LIBRARY)),
        message=question.text,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        language=question.language,
        at=asked.now,
        names=tuple(sorted(filter(None, names))),
        concepts=_concepts(question),
        labels=conversation.labels,
        contact_blocked=bool(contact is not None and contact.blocked),
        bot_thread=conversation.assignee_kind not in ("", "User"),
    )


def _concepts(question: Question) -> tuple[str, ...]:
    from revivatui.copilot.retrieval.thesaurus import Thesaurus

    found: Iterable[str] = (
        one.concept for one in Thesaurus.shipped().concepts(question.text, question.language)
    )
    return tuple(sorted(set(found)))
