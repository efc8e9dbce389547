"""An engine for the fixed day: it does what needs no server, and notes what else it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revivatui.state import drafts, events
from tests.ui.scene import NOW, SceneApp


class QuietEngine:
    """Opens, drafts and changes at once; `asked` has every call in order."""

    def __init__(self, app: SceneApp) -> None:
        assert app.session is not None
        self._store = app.session.store
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        app.session.engine = self  # type: ignore[assignment]

    def __getattr__(self, intent: str) -> Callable[..., None]:
        def ask(*given: Any) -> None:
            self.asked.append((intent, given))

        return ask

    def of(self, intent: str) -> list[tuple[Any, ...]]:
        """What was given with every call of this kind."""
        return [given for name, given in self.asked if name == intent]

    def open(self, conversation_id: int) -> None:
        self.asked.append(("open", (conversation_id,)))
        self._store.dispatch(events.ConversationOpened(conversation_id))

    def draft(self, conversation_id: int, private: bool, text: str) -> None:
        draft = drafts.written(conversation_id, private, text, NOW)
        self._store.dispatch(events.DraftChanged(draft))

    def choose_view(self, view: Any) -> None:
        self._store.dispatch(events.ViewChosen(view))
