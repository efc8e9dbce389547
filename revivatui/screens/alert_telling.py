"""Whom alerts are told to beside the screen: the day's log, a webhook, a program of the shop."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from pathlib import Path

    from revivatui.config import Settings
    from revivatui.screens.session import Session
    from revivatui.state.alerts import Alert, Look


class AlertTelling:
    def __init__(
        self,
        session: Session,
        file_of: Callable[[int], Path] | None,
        say: Callable[[str], None],
        task: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        """`file_of` gives the log of an agent, `say` tells the agent what went wrong, `task` runs
        something beside the screen."""
        self._session = session
        self._say = say
        self._task = task
        self._file_of = file_of
        self._webhook = ""
        self._command: tuple[str, ...] = ()
        self._failed: set[str] = set()
        """Who could not be told the last time: that is said once."""
        self._told: set[tuple[str, float]] = set()
        """Alerts that others heard the beginning of, who hear the end too."""
        self._turn = asyncio.Lock()

    def follow(self, settings: Settings) -> None:
        self._webhook, self._command = settings.alerts_webhook, settings.alerts_command

    @property
    def file(self) -> Path | None:
        """The log, once it is known whose it is."""
        me = self._session.state.me
        return None if self._file_of is None or me is None else self._file_of(me.id)

    def tell(self, look: Look) -> None:
        """Note and tell what a look changed."""
        changed = (*look.begun, *look.ended)
        file = self.file
        if changed and file is not None:
            self._task(self._note(file, changed), "noting alerts")
        over = [one for one in look.ended if (one.kind, one.since) in self._told]
        for word, alerts in (("raised", look.raised), ("ended", over)):
            for one in alerts:
                self._told.add((one.kind, one.since))
                self._task(self._to_others(self._message(word, one)), "telling of alerts")
        self._told -= {(one.kind, one.since) for one in over}

    def _message(self, word: str, one: Alert) -> dict[str, Any]:
        """Without the customer's name: who may know it opens the conversation."""
        state = self._session.state
        place, _, number = one.leads_to.partition(":")
        return {
            "event": f"alert.{word}",
            "kind": one.kind,
            "name": one.name,
            "reason": one.bare,
            "since": _iso(one.since),
            "until": None if one.until is None else _iso(one.until),
            "account": state.account.name if state.account is not None else "",
            "conversation_id": int(number) if place == "conversation" else None,
        }

    async def _to_others(self, message: dict[str, Any]) -> None:
        async with self._turn:  # the end of an alert never overtakes its beginning
            if self._webhook:
                await self._try("webhook", self._post(message))
            if self._command:
                await self._try("command", self._run(message))

    async def _post(self, message: dict[str, Any]) -> None:
        from revivatui.api.webhook_post import post_json

        await post_json(self._webhook, message)

    async def _run(self, message: dict[str, Any]) -> None:
        from revivatui.engine.commanding import run_command

        await run_command(self._command, message)

    async def _try(self, whom: str, telling: Awaitable[None]) -> None:
        from revivatui.api.webhook_post import PostFailed
        from revivatui.engine.commanding import CommandFailed

        try:
            await telling
        except (PostFailed, CommandFailed) as error:
            if whom not in self._failed:
                self._failed.add(whom)
                self._say(f"The alert {whom} was not told. {error}")
        else:
            self._failed.discard(whom)

    # --- the log ------------------------------------------------------------------------------

    async def _note(self, file: Path, alerts: Iterable[Alert]) -> None:
        from revivatui.cache import alert_log

        try:
            await asyncio.to_thread(alert_log.note, file, alerts)
            await asyncio.to_thread(alert_log.cut_back, file, self._session.clock())
        except OSError as error:
            if "log" not in self._failed:
                self._failed.add("log")
                self._say(f"Alerts cannot be noted in {file.name}: {error.strerror}.")

    async def recall(self, since: float, until: float) -> list[Alert]:
        """What was noted in a range of time."""
        from revivatui.cache import alert_log

        file = self.file
        if file is None:
            return []
        try:
            return await asyncio.to_thread(alert_log.between, file, since, until)
        except OSError:
            return []


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
