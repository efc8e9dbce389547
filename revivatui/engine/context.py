"""What the parts of the engine share: the store, the client, the clock and a way to speak.

Importing this costs nothing: the client and its libraries come in when the engine runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    NotChatwoot,
    Offline,
    RateLimited,
    ServerDown,
    Timeout,
)
from revivatui.state.events import Event
from revivatui.state.models import ListView
from revivatui.state.state import State
from revivatui.state.store import Store

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient

LOG = logging.getLogger("revivatui.engine")

T = TypeVar("T")

PASSING = (Offline, Timeout, ServerDown, RateLimited, NotChatwoot)
"""What may be over at the next try."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the agent is and where: everything needed to sign in. The token never shows."""

    name: str
    base_url: str
    token: str = field(repr=False)
    account_id: int
    user_id: int = 0
    """The agent's id on that server; 0: the token will tell."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the agent in plain words; `severity` is information, warning or error."""

    severity: str
    text: str
    what_was_kept: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the engine waits for things, in seconds."""

    presence_every: float = 10.0
    """The server forgets an agent 20 s after the last tick (rule 13)."""
    confirm_within: float = 10.0
    """A bad subscription is answered with silence (contract 7.1)."""
    ping_silence: float = 7.0
    """Pings come every 3 s; two missed ones mean that the connection is dead."""
    settled_after: float = 30.0
    """A confirmed connection that lived this long resets the back-off."""
    first_retry: float = 0.5
    longest_retry: float = 30.0
    refused_retry: float = 60.0
    probe_after: float = 20.0
    """Without any answer for this long the server is asked a cheap question (rule 10)."""
    short_gap: float = 600.0
    """Up to this long offline the server is asked what changed meanwhile; longer asks for too
    much, so the lists are paged instead (rule 9)."""
    reread_quiet: float = 0.7
    reread_at_most: float = 3.0
    counts_quiet: float = 0.5
    counts_apart: float = 2.0
    late_after: float = 4.0
    """An own message that was answered and not heard for this long makes the feed late."""
    compare_every: float = 60.0
    """Pause between comparisons of what is shown with the server: some five questions each."""
    unsealed_after: float = 5.0
    """How long a list may stay unsealed on a live feed before it is compared at once."""
    heard_within: float = 4.0
    """What an answer brought and the feed has not told after this long was missed or is late."""
    bridge_every: float = 3.0
    """Pause between two questions while the live feed is behind."""
    lookups: tuple[float, ...] = (0.5, 2.0, 5.0, 10.0, 15.0)
    """Pauses before each look for a message whose answer was lost."""
    save_quiet: float = 1.0
    draft_quiet: float = 0.3
    change_patience: float = 10.0
    """How long a change waits for a lost connection before it is taken back."""
    send_lasts: float = 300.0
    """How long a message waits for a connection before it needs another yes of the agent."""
    typing_again: float = 20.0
    """Typing shown at the other end ends by itself after 30 s (contract 7.7)."""
    bell_gathers: float = 0.15
    """How long what rings waits for more of the same moment."""
    bell_apart: float = 1.0
    """The least between two bells."""
    leave_within: float = 1.2
    """How long going offline may take when the desk closes."""
    close_within: float = 2.0
    search_quiet: float = 0.4
    """How long a query stands before the server is asked too; this machine is asked at once."""
    prefetch_every: float = 2.0
    """The least between two threads read ahead, and how long nothing else was asked before."""
    prefetch_rest: float = 60.0
    """Between two looks for threads to read ahead."""
    prefetch_after_error: float = 300.0


async def _anybody(_user_id: int) -> bool:
    return True


def sentence(error: ApiError) -> str:
    """What went wrong as a whole sentence, also where the words are the server's own."""
    said = error.plain
    return said if said.endswith((".", "!", "?")) else f"{said}."


class Desk:
    """The shared ground of the engine's parts. Loop thread only."""

    def __init__(
        self, store: Store, profile: Profile, clock: Callable[[], float], timing: Timing
    ) -> None:
        self.store = store
        self.profile = profile
        self.now = clock
        self.timing = timing
        self.tell_agent: Callable[[Notice], None] = lambda notice: None
        self.answered: Callable[[], None] = lambda: None
        """Called after every answer of the server: it is alive."""
        self.refused_token: Callable[[AuthExpired], None] = lambda error: None
        self.may_be: Callable[[int], Awaitable[bool]] = _anybody
        """Whether what is held is of the agent with this id."""
        self.other_agent: Callable[[int], None] = lambda user_id: None
        """Called when the token is of another agent than what is held; then the engine stands
        still until it is closed."""
        self.unanswered: Callable[[ApiError], None] = lambda error: None
        """Called after every call that got no answer worth the name."""
        self.asking = 0
        """Calls that wait for their answer."""
        self.calls = 0
        """Calls made so far."""
        self.listeners: list[Callable[[Event], None]] = []
        """Called with every event, when it is part of the state."""
        self._client: ChatwootClient | None = None
        self._client_made = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._waiting: list[tuple[Coroutine[Any, Any, None], str]] = []

    @property
    def state(self) -> State:
        return self.store.state

    @property
    def view(self) -> ListView:
        return self.store.state.view

    def dispatch(self, event: Event) -> None:
        self.store.dispatch(event)
        for listen in self.listeners:
            listen(event)

    def tell(self, severity: str, text: str, kept: str = "") -> None:
        """Show a plain sentence, and keep it in the log."""
        LOG.info("told the agent: %s %s", text, kept)
        self.tell_agent(Notice(severity, text, kept))

    # --- the server ---------------------------------------------------------------------------

    def use_client(self, client: ChatwootClient | None) -> None:
        self._client = client
        if client is None:
            self._client_made.clear()
        else:
            self._client_made.set()

    @property
    def client(self) -> ChatwootClient | None:
        return self._client

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[T]]) -> T:
        """Ask the server something; how it went tells the link whether the server is there.

        Raises any `ApiError`.
        """
        await self._client_made.wait()
        assert self._client is not None
        self.asking += 1
        self.calls += 1
        try:
            answer = await call(self._client)
        except AuthExpired as error:
            self.refused_token(error)
            raise
        except ApiError as error:
            if error.status is None or error.status >= 502 or isinstance(error, NotChatwoot):
                self.unanswered(error)
            else:
                self.answered()
            raise
        finally:
            self.asking -= 1
        self.answered()
        return answer

    async def read(self, call: Callable[[ChatwootClient], Awaitable[T]]) -> T:
        """As `ask`, for what is sealed by its answer: asked again where the feed began anew
        meanwhile, since nothing tells what happened between the answer and that moment."""
        while True:
            epoch = self.state.epoch
            answer = await self.ask(call)
            if epoch == self.state.epoch:
                return answer

    # --- tasks --------------------------------------------------------------------------------

    def adopt(self, group: asyncio.TaskGroup) -> None:
        """From now on tasks run in this group; those asked for earlier start here."""
        self._group = group
        waiting, self._waiting = self._waiting, []
        for work, name in waiting:
            self.spawn(work, name)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None] | None:
        """Run something once. What it raises is logged and told, never fatal."""
        if self._group is None:
            self._waiting.append((work, name))
            return None
        contained = self._contained(work, name)
        try:
            task = self._group.create_task(contained, name=name)
        except RuntimeError:  # the desk is closing: nothing is begun any more
            contained.close()
            work.close()
            return None
        task.add_done_callback(lambda _: work.close())  # where it was cancelled before it began
        return task

    def keep_running(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Run a loop for as long as the engine lives, and start it again should it break."""
        assert self._group is not None
        self._group.create_task(self._restarted(work, name), name=name)

    async def _contained(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except ApiError as error:
            self._failed(name, error)
        except Exception:
            self._broken(name)

    def _failed(self, name: str, error: ApiError) -> None:
        LOG.warning("%s: %s", name, error.plain)
        if self.state.link.state in ("live", "late"):  # else the connection says it all
            self.tell("warning", sentence(error))

    async def persist(
        self, read: Callable[[], Awaitable[None]], wanted: Callable[[], bool], name: str
    ) -> None:
        """Read something until it works, for as long as it is wanted; failing is told once.

        Without a connection it ends: what is on screen is read by the catch-up after the next.
        Raises any `ApiError` that another try would not change.
        """
        pause, told = self.timing.first_retry, False
        while True:
            try:
                return await read()
            except PASSING as error:
                if not told:
                    self._failed(name, error)
                told = True
                wait = error.wait if isinstance(error, RateLimited) else 0.0
            await asyncio.sleep(max(pause, wait))
            pause = min(pause * 2, self.timing.longest_retry)
            if self.state.link.state not in ("live", "late", "catching_up") or not wanted():
                return None

    async def _restarted(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        while True:
            try:
                await work()
                return
            except Exception:
                self._broken(name)
                await asyncio.sleep(1.0)

    def _broken(self, name: str) -> None:
        LOG.exception("%s broke", name)
        self.tell(
            "error",
            f"Something unexpected went wrong ({name}); the details are in the log file.",
            "Nothing you typed is lost, and the desk goes on.",
        )

    def drop_waiting(self) -> None:
        """Forget what was asked for and never started."""
        for work, _name in self._waiting:
            work.close()
        self._waiting.clear()
        self._group = None
