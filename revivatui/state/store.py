"""Holds the state, applies events, and tells subscribers once per flush what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from revivatui.state.reduce import apply

if TYPE_CHECKING:
    from revivatui.state.events import Event
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

Callback = Callable[[set["Topic"]], None]


class Subscription:
    """One listener; `close` ends it, also in the middle of a flush."""

    def __init__(self, store: Store, callback: Callback, kinds: frozenset[str] | None) -> None:
        self._store = store
        self.callback = callback
        self.kinds = kinds
        self.closed = False

    def close(self) -> None:
        self.closed = True
        self._store.forget(self)


class Store:
    """Loop thread only: `dispatch` is synchronous, and so are the callbacks of a flush.

    Args:
        state: what is true now; only the reducer changes it.
        schedule: called with `flush` when the first change since the last flush happened. When
            it runs `flush` is its own decision (at most 20 times a second on a screen; by hand
            in tests).
        on_error: called with what a subscriber raised; the others are still told. Where it is
            None the error goes up from `flush`.
    """

    def __init__(
        self,
        state: State,
        schedule: Callable[[Callable[[], None]], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        self.state = state
        self._schedule = schedule
        self._on_error = on_error
        self._dirty: set[Topic] = set()
        self._subscriptions: list[Subscription] = []

    def dispatch(self, event: Event) -> None:
        """Apply one event. Subscribers hear of it at the next flush."""
        topics = apply(self.state, event)
        if not topics:
            return
        first = not self._dirty
        self._dirty |= topics
        if first:
            self._schedule(self.flush)

    def subscribe(self, callback: Callback, kinds: Iterable[str] | None = None) -> Subscription:
        """Call back with the topics of these kinds (all where None), once per flush."""
        wanted = None if kinds is None else frozenset(kinds)
        subscription = Subscription(self, callback, wanted)
        self._subscriptions.append(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Called by `Subscription.close`."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def flush(self) -> None:
        """Tell every subscriber what changed since the last flush.

        What a callback dispatches itself is told in the next flush.
        """
        topics, self._dirty = self._dirty, set()
        if not topics:
            return
        for subscription in tuple(self._subscriptions):
            kinds = subscription.kinds
            told = topics if kinds is None else {topic for topic in topics if topic.kind in kinds}
            if subscription.closed or not told:
                continue
            try:
                subscription.callback(set(told))
            except Exception as error:
                if self._on_error is None:
                    raise
                self._on_error(error)
