"""Shared by all tests: seeded shops of both versions that a test can start a copy of."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.idle import look_at_the_loop
from tests.support.shops import Stage, Template, make_template, running_shop

VERSIONS = ("3.9.0", "4.10.1")

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """Tests over real sockets wait, but not for long: one worker more than cores. More than that
    took the same time, each test slower."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def idle_is_a_loop_at_rest() -> Iterator[None]:
    """Pilot's keys and pauses wait for the event loop."""
    with pytest.MonkeyPatch.context() as patch:
        look_at_the_loop(patch)
        yield


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    """Give a version, get a seeded shop of it on disk; made once a session."""

    @cache
    def made(version: str) -> Template:
        return make_template(version, tmp_path_factory.mktemp(f"shop-{version}"))

    return made


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Both versions of the server, one after the other."""
    return str(request.param)


@pytest.fixture
async def stage(
    version: str, shop_template: Callable[[str], Template], tmp_path: Path
) -> AsyncIterator[Stage]:
    """A running seeded shop with its control port."""
    async with running_shop(shop_template(version), tmp_path / "shop") as made:
        yield made
