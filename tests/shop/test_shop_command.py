"""``revivatui shop``: one line tells how to sign in; data lasts when it is told to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from revivatui.shop.world import VERSIONS

RUN = "import sys; from revivatui.shop.main import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def running(*options: str) -> Iterator[dict[str, Any]]:
    """What the command prints; it ends, with status 0, when our end of its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "--stop-with-stdin", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, process.communicate(timeout=30)[1]
        yield json.loads(line)
    finally:
        _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, "")


def ask(about: dict[str, Any], path: str, **more: Any) -> Any:
    with httpx.Client(base_url=about["url"], trust_env=False, timeout=30) as http:
        headers = {"api_access_token": about["agent"]["token"]}
        answer = http.request(more.pop("method", "GET"), path, headers=headers, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@pytest.mark.parametrize("version", VERSIONS)
def test_the_line_tells_how_to_sign_in(version: str) -> None:
    with running("--chatwoot", version) as about:
        assert ask(about, "/api")["version"] == version == about["chatwoot"]
        counts = ask(about, "/api/v1/accounts/1/conversations/meta")["meta"]
        assert counts["mine_count"] > 20
        for role in ("agent", "administrator"):
            who = about[role]
            body = {"email": who["email"], "password": who["password"]}
            signed_in = ask(about, "/auth/sign_in", method="POST", json=body)
            assert signed_in["data"]["id"] == who["id"]


def test_data_lasts_in_its_directory_and_only_there(tmp_path: Path) -> None:
    chat = "/api/v1/accounts/1/conversations/7/messages"
    with running("--data", str(tmp_path)) as about:
        ask(about, chat, method="POST", json={"content": "written down", "private": True})
    with running("--data", str(tmp_path)) as about:
        assert "written down" in json.dumps(ask(about, chat))
    with running() as about:
        assert "written down" not in json.dumps(ask(about, chat))


def test_orders_are_taken_on_the_control_port_at_the_wanted_pace() -> None:
    with running("--control-port", "0", "--pace", "real") as about:
        state = httpx.get(about["control_url"], trust_env=False).json()
        assert state["pace"] == "real"
        assert state["url"] == about["url"]
    with running() as about:
        assert "control_url" not in about


def test_colleagues_sit_at_their_desks_when_people_are_wanted() -> None:
    def online(about: dict[str, Any]) -> set[int]:
        agents = ask(about, "/api/v1/accounts/1/agents")
        return {one["id"] for one in agents if one["availability_status"] == "online"}

    with running("--people", "busy") as about:
        until = time.monotonic() + 20
        while not (here := online(about)) and time.monotonic() < until:
            time.sleep(0.05)
        assert here
        assert about["agent"]["id"] not in here
    with running() as about:
        assert not online(about)
