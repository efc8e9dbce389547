"""Work of a screen that goes on behind its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.dom import DOMNode
    from textual.worker import Worker

P = ParamSpec("P")


def begin(
    node: DOMNode,
    group: str,
    doing: Callable[P, Coroutine[Any, Any, None]],
    *args: P.args,
    **more: P.kwargs,
) -> None:
    """Run `doing(*args)` as a worker of the node, beside others of its group.

    The coroutine is made when the worker begins: one that the end of the screen calls off before
    that was never made, and nobody has to await it.
    """
    _run(node, group, doing, args, more, exclusive=False)


def begin_alone(
    node: DOMNode,
    group: str,
    doing: Callable[P, Coroutine[Any, Any, None]],
    *args: P.args,
    **more: P.kwargs,
) -> None:
    """As `begin`, and call the others of the group off."""
    _run(node, group, doing, args, more, exclusive=True)


def _run(
    node: DOMNode,
    group: str,
    doing: Callable[..., Coroutine[Any, Any, None]],
    args: tuple[Any, ...],
    more: dict[str, Any],
    *,
    exclusive: bool,
) -> None:
    async def run() -> None:
        await doing(*args, **more)

    _worker: Worker[None] = node.run_worker(
        run, group=group, exit_on_error=False, exclusive=exclusive
    )
