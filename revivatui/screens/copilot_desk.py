"""The desk's copilot: the one owner of what is thought about while the desk runs.

What is to be answered is looked at when a conversation is opened, when its customer writes and
when their repair changes; never while somebody types. All thinking is done by a `Thinker` on
threads, one piece of work a conversation and moment: what comes for another one than is open is
dropped. Nothing here can send: a suggestion is a text that a person may put into the composer.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from revivatui.screens.copilot_advice import Advice, Answer
from revivatui.screens.copilot_ahead import Ahead
from revivatui.screens.copilot_asked import Asked, asked_of, is_held, newest
from revivatui.screens.copilot_texts import Texts
from revivatui.screens.copilot_thoughts import Thoughts

if TYPE_CHECKING:
    from concurrent.futures import Future

    from revivatui.copilot.learned import Alias
    from revivatui.screens.copilot_advice import Origin, Shown
    from revivatui.screens.copilot_asking import Asker
    from revivatui.screens.copilot_thinker import Thinker
    from revivatui.screens.session import Session
    from revivatui.state.topics import Topic

MEASURED: Final = 50
"""Of how many looks it is kept how long they took."""
TOGETHER: Final = 0.1
"""Seconds in which several messages of a customer count as one."""
GIVES_WAY_WITHIN: Final = 0.001
"""Seconds after which a thread that thinks gives way to the loop and to what writes to the
terminal: a key is heard and seen that much later, and not five times as much."""
FOR_A_STEP: Final = 0.15
"""Seconds that reading the shop's texts waits after a step in the list, and for what is painted."""
FOR_A_CHAT: Final = 1.0
"""The same for a chat that was opened, unless its first suggestions are there before."""
READS_AFTER_OPENING: Final = 0.5
"""Seconds after the first chat was opened: what its record answers is on screen before the shop's
texts are read, which takes a second or two the first time."""
READS_AFTER_MOVING: Final = 0.15
PAINTED_WITHIN: Final = 0.1
"""Seconds after which a paint is waited for no more."""
CLOSES_WITHIN: Final = 2.0
T = TypeVar("T")
Stream = Callable[[Callable[[Answer], None]], Coroutine[Any, Any, None]]
"""Work of a model: it is given what takes each new state of the answer."""
_LOOKS_ON: Final = frozenset({"open", "thread", "contact", "account"})


class CopilotDesk:
    """Thinks for one desk. Everything but the thinking runs on the desk's own loop."""

    def __init__(
        self,
        session: Session,
        thinker: Thinker,
        asker: Asker,
        on_error: Callable[[Exception], object] = lambda error: None,
    ) -> None:
        """Make it; nothing is read before `start`. `on_error` is told of what should not be."""
        from concurrent.futures import ThreadPoolExecutor

        self._session = session
        self._thinker = thinker
        self.asker = asker
        """Asks the settings' model."""
        self._on_error = on_error
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="copilot")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ends: list[Callable[[], None]] = []
        self._listeners: list[Callable[[], object]] = []
        self._thoughts = Thoughts()
        self._ahead = Ahead(self._think_ahead, partial(self._task, name="copilot ahead"))
        self._answers: dict[int, Answer] = {}
        self._origins: dict[int, Origin] = {}
        self._hidden: dict[int, set[str]] = {}
        self._asked: Asked | None = None
        """What is being thought about, or was last."""
        self._later: asyncio.TimerHandle | None = None
        self._opened_at = 0.0
        self._open_id: int | None = None
        self._asking: asyncio.Task[None] | None = None
        self._is_closed = False
        self.painted: Callable[[Callable[[], None]], object] = lambda then: then()
        """Calls back when what was changed on screen is painted."""
        self.took: deque[float] = deque(maxlen=MEASURED)
        """The seconds from opening a conversation to its first suggestions, of the last ones."""
        self.texts = Texts(session, thinker, self._task, on_error)
        self.texts.when_read = self._texts_read
        self.texts.when_deeper = self._thoughts.outdate
        self.is_looking = False
        """Something new is thought about, or soon."""

    # --- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Look at what is open from now on. The shop's texts, which take memory, are read when
        somebody moves in the list or opens the first conversation."""
        sys.setswitchinterval(GIVES_WAY_WITHIN)
        session = self._session
        subscription = session.store.subscribe(self._changed, _LOOKS_ON)
        self._ends += [subscription.close, session.crm.subscribe(self._crm_told)]
        self.opened()

    async def close(self) -> None:
        """End what runs, within a limit."""
        self._is_closed = True
        self._listeners.clear()
        for end in self._ends:
            end()
        if self._later is not None:
            self._later.cancel()
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await self.asker.close()
                await asyncio.wrap_future(self._threads.submit(self._thinker.close))
        self._threads.shutdown(wait=False, cancel_futures=True)

    def rest(self) -> None:
        """The desk is a wallboard now: the shop's texts are let go."""
        self.cancel()
        self._ahead.near(())
        self._thoughts.clear()
        self._asked = None
        self._work(self._thinker.rest)

    def wake(self) -> None:
        """Somebody sits at it again."""
        self.texts.read(0.0)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` after each change of what is suggested; gives what ends that."""
        self._listeners.append(listener)

        def end() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _task(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._on_error(error)

    # --- looking -------------------------------------------------------------------------------

    def _changed(self, topics: set[Topic]) -> None:
        kinds = {topic.kind for topic in topics}
        if "account" in kinds and self.texts.are_others:
            self.texts.read()
        open_id = self._session.state.open_id
        if "open" in kinds and open_id != self._open_id:
            self.opened()
        elif any(topic.id in (open_id, None) for topic in topics if topic.kind == "thread"):
            self._look_soon(TOGETHER if self._knows_thread else 0.0)
        elif "contact" in kinds:
            self._look_soon(TOGETHER)
        if any(topic.id in self._ahead.rows for topic in topics if topic.kind == "thread"):
            self._ahead.again()

    @property
    def _knows_thread(self) -> bool:
        """What was thought about last is this conversation, with its messages."""
        asked = self._asked
        return asked is not None and asked.conversation_id == self._open_id and asked.is_whole

    def _crm_told(self) -> None:
        if self.texts.has_other_prices:
            self.texts.read()
        if self._open_id is not None:
            self._look()

    def opened(self) -> None:
        """Another conversation is open: nothing is thought about the one before any more."""
        if self._is_closed or self._session.state.open_id == self._open_id:
            return
        self.cancel()
        self._ahead.stop()
        self._open_id = self._session.state.open_id
        self._opened_at = 0.0
        if self._open_id is None:
            return
        self._opened_at = time.perf_counter()
        self._thinker.give_way(FOR_A_CHAT)
        self.texts.want(READS_AFTER_OPENING)
        self._look()

    def near(self, rows: Sequence[int]) -> None:
        """The agent looks at these rows of the list, and may open one of them soon."""
        if self._is_closed or self._session.state.hung_up:
            return
        if not self._opened_at:
            self._thinker.give_way(FOR_A_STEP)
        self.texts.want(READS_AFTER_MOVING)
        self._ahead.near(rows)

    def _texts_read(self) -> None:
        self._thoughts.outdate()
        self._look(anew=True)
        self._ahead.again()

    def _look_soon(self, after: float) -> None:
        if self._later is not None:
            self._later.cancel()
        self.is_looking = True
        if after:
            self._later = asyncio.get_running_loop().call_later(after, self._look)
        else:
            self._look()

    def _look(self, *, anew: bool = False) -> None:
        """Think about what is open, where that is not what was thought about last."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._is_closed or self._open_id is None or self._session.state.hung_up:
            return
        asked = asked_of(self._session, self._open_id)
        before = self._asked
        if asked is None or (not anew and before is not None and asked.key == before.key):
            self.is_looking = False
            return
        if asked.is_partial and before is not None and before.conversation_id == self._open_id:
            self.is_looking = True
            return  # the rest of it is about to come
        self._asked = asked
        self.is_looking = not self._thoughts.hold_for(asked)
        self._after_paint(partial(self._think, asked))

    def _think(self, asked: Asked) -> None:
        """What is on screen was painted: now it may take a while."""
        if asked is not self._asked or asked.conversation_id != self._open_id or self._is_closed:
            return
        if self.is_looking:
            future = self._threads.submit(self._thinker.advise, asked)
            self._task(self._take(asked, future, self._thoughts.season), "copilot")
        else:
            self._measure()
            self._tell()

    def _after_paint(self, then: Callable[[], None]) -> None:
        """Do it when what is asked for at the moment was painted; it waits no longer than a
        moment, also where nothing is."""
        due = [then]

        def once() -> None:
            handle.cancel()
            if due:
                due.pop()()

        handle = asyncio.get_running_loop().call_later(PAINTED_WITHIN, once)
        self.painted(once)

    def _measure(self) -> None:
        if self._opened_at:
            self.took.append(time.perf_counter() - self._opened_at)
            self._opened_at = 0.0
            self._thinker.give_way(FOR_A_STEP)

    async def _take(self, asked: Asked, future: Future[Advice], season: int) -> None:
        advice = await asyncio.wrap_future(future)
        if asked is not self._asked or asked.conversation_id != self._open_id:
            return  # somebody moved on, or wrote, meanwhile
        self._measure()
        self._keep(advice, season)
        painted = asyncio.Event()
        self._after_paint(painted.set)
        await painted.wait()
        checked = await self._thought(self._thinker.check, asked, advice)
        if asked is self._asked and asked.conversation_id == self._open_id:
            self.is_looking = self._later is not None
            self._keep(checked, season)

    def _keep(self, advice: Advice, season: int) -> None:
        assert self._asked is not None
        self._thoughts.keep(self._asked, advice, season)
        self._tell()

    async def _thought(self, work: Callable[..., T], *values: object) -> T:
        """On the thread that thinks, behind what was begun before."""
        return await asyncio.wrap_future(self._threads.submit(work, *values))

    async def _think_ahead(self, number: int) -> None:
        """About a conversation that is not open, from all that this machine knows of it."""
        state = self._session.state
        conversation = state.conversations.get(number)
        if conversation is None or number == self._open_id or state.hung_up:
            return
        season = self._thoughts.season
        contact = state.contacts.get(conversation.contact_id)
        await self._session.crm.look_ahead(number, contact)
        held = is_held(state, number)
        kept = () if held else await self._thought(self._thinker.kept, number)
        asked = asked_of(self._session, number, kept)
        if asked is None or self._thoughts.hold_for(asked):
            return
        advice = await self._thought(self._thinker.ahead, asked)
        if advice is not None and number != self._open_id:
            self._thoughts.keep(asked, advice, season)

    # --- what is known -------------------------------------------------------------------------

    def advice(self, conversation_id: int | None) -> Advice:
        """What is suggested for a conversation, without what was dismissed there."""
        if conversation_id is None:
            return Advice(0, "off")
        kept = self._thoughts.of(conversation_id) or Advice(conversation_id)
        hidden = self._hidden.get(conversation_id)
        if not hidden:
            return kept
        from dataclasses import replace

        shown = tuple(one for one in kept.shown if one.id not in hidden)
        return replace(kept, shown=shown)

    def why_old(self, conversation_id: int, shown: Shown) -> str:
        """Why a suggestion is not for this moment any more, in words; "" where it is."""
        newest_id, teller = newest(self._session.state, conversation_id)
        moment = shown.suggestion.moment
        if newest_id > moment.last_message_id:
            return f"{teller} wrote since"
        advice = self._thoughts.of(conversation_id)
        latest = advice.moment if advice is not None else None
        if latest is not None and latest.record_version != moment.record_version:
            return "the repair changed since"
        return ""

    async def more(self, conversation_id: int, most: int) -> Advice | None:
        """More than the first suggestions; None where somebody moved on meanwhile."""
        asked = self._asked
        if asked is None or asked.conversation_id != conversation_id:
            return None
        advice = await self._thought(self._thinker.more, asked, most)
        advice = await self._thought(self._thinker.check, asked, advice)
        return advice if asked is self._asked else None

    # --- what a model says ---------------------------------------------------------------------

    @property
    def asked(self) -> Asked | None:
        """The open conversation, as it is held now."""
        return None if self._open_id is None else asked_of(self._session, self._open_id)

    def answer(self, conversation_id: int | None) -> Answer | None:
        """What a model says about a conversation, as far as it was asked and has come."""
        return None if conversation_id is None else self._answers.get(conversation_id)

    def ask(self, task: str, stream: Stream) -> None:
        """Let a model work for the open conversation; what it was doing before is ended.

        `stream` is given what takes each new state of the answer.
        """
        self.cancel()
        number = self._open_id
        if number is None:
            return

        def came(answer: Answer) -> None:
            if self._asking is asking and number == self._open_id:
                self._answers[number] = answer
                self._tell()

        self._answers[number] = Answer(task)
        asking = self._asking = self._task(stream(came), "copilot model")
        self._tell()

    def cancel(self) -> bool:
        """End what a model is doing; gives whether it was doing something."""
        asking, self._asking = self._asking, None
        if asking is None or asking.done():
            return False
        asking.cancel()
        if self._open_id is not None:
            self._answers.pop(self._open_id, None)
            self._tell()
        return True

    # --- what the agent does with them ---------------------------------------------------------

    def origin(self, conversation_id: int | None) -> Origin | None:
        """Where what stands in a conversation's composer comes from."""
        return None if conversation_id is None else self._origins.get(conversation_id)

    def put_in(self, origin: Origin) -> None:
        """A suggestion was put into the composer by the agent."""
        self._origins[origin.conversation_id] = origin
        asked = self._asked
        if asked is not None and asked.conversation_id == origin.conversation_id:
            me = self._session.state.me
            self._work(self._thinker.used, asked, origin.suggestion, me.id if me else 0)
        self._tell()

    def left(self, conversation_id: int) -> None:
        """The composer of a conversation is empty again."""
        if self._origins.pop(conversation_id, None) is not None:
            self._tell()

    def sent(self, conversation_id: int, text: str) -> None:
        """A reply left; how far it is from what was suggested is noted, and no text is."""
        origin = self._origins.pop(conversation_id, None)
        if origin is not None:
            self._work(self._thinker.learning.sent, conversation_id, text)
            self._tell()

    def dismiss(self, conversation_id: int, suggestion_id: str) -> None:
        """Do not show it for this conversation while the desk runs."""
        self._hidden.setdefault(conversation_id, set()).add(suggestion_id)
        self._tell()

    def mark(self, shown: Shown, mark: int) -> None:
        """Thumbs: 1 good, -1 bad, 0 neither."""
        if self._asked is not None:
            self._work(self._thinker.mark, self._asked, shown.suggestion, mark)

    def forget_contact(self, contact_id: int) -> None:
        """Whatever was learned from a customer is taken away."""
        state = self._session.state
        for number in {*self._thoughts, *self._origins}:
            conversation = state.conversations.get(number)
            if conversation is None or conversation.contact_id != contact_id:
                continue
            self._thoughts.forget([number])
            self._origins.pop(number, None)
        self._work(self._thinker.learning.forget_contact, contact_id)
        self._tell()

    async def learned(self) -> tuple[tuple[Alias, ...], str]:
        """Every word that the agents' choices taught, and why they cannot be read, or ""."""
        learning = self._thinker.learning
        found = await self._thought(learning.candidates)
        return found, learning.trouble

    async def unlearn(self, source_id: str, words: str) -> None:
        """Take a word from an answer for good, and read the texts without it."""
        await self._thought(self._thinker.learning.remove, source_id, words)
        if not self._is_closed:
            self.texts.read(0.0)

    def _work(self, work: Callable[..., object], *values: object) -> None:
        """Something to write down behind the keys; what was thought before it is old."""
        if not self._is_closed:
            self._thoughts.outdate()
            self._task(self._thought(work, *values), "copilot notes")
