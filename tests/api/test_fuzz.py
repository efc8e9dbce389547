"""Whatever a server sends, reading it never raises anything of ours."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from revivatui.api import convert
from revivatui.api.schemas.conversations import ConversationPage
from revivatui.api.wire import READERS, frame_to_events
from revivatui.state import events
from tests.api.recordings import answers, event_frames

SAMPLES: dict[str, Any] = {}
for _frame in event_frames("4.10.1"):
    SAMPLES.setdefault(_frame["message"]["event"], _frame)
PAGE = max(
    (answer for answer in answers("4.10.1", "GET", "/conversations") if "data" in answer),
    key=lambda answer: len(answer["data"]["payload"]),
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 0, 2**63])
    | st.floats()
    | st.text()
    | st.sampled_from(["\x1b]0;x\x07", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59-23:59"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        found.append((value, key))
        if isinstance(item, dict | list):
            found += places(item)
    return found


def spoil(sample: Any, data: st.DataObject) -> Any:
    """A copy with up to three places overwritten or emptied."""
    changed = copy.deepcopy(sample)
    for _ in range(data.draw(st.integers(1, 3))):
        spots = places(changed)
        if not spots:
            break
        container, key = data.draw(st.sampled_from(spots))
        if isinstance(container, dict) and data.draw(st.booleans()):
            del container[key]
        else:
            container[key] = data.draw(JSON)
    return changed


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_spoilt_frame_becomes_events_or_is_counted_as_odd(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    changed = spoil(SAMPLES[name], data)
    told = frame_to_events(json.dumps(changed), 1, 1.0)
    assert len(told) <= 1
    assert all(isinstance(event, events.OddFrame) or event for event in told)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_spoilt_page_is_read_or_refused_and_never_half_read(data: st.DataObject) -> None:
    changed = spoil(PAGE, data)
    try:
        page = ConversationPage.model_validate_json(json.dumps(changed))
    except ValidationError:
        return
    rows = [convert.conversation(row) for row in page.data.payload]
    assert len(rows) == len(changed["data"]["payload"])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_frame_that_does_no_harm(text: str) -> None:
    assert len(frame_to_events(text, 1, 1.0)) <= 1


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(READERS)), JSON)
def test_any_data_of_a_known_event_does_no_harm(name: str, data: Any) -> None:
    text = json.dumps({"message": {"event": name, "data": data}})
    assert len(frame_to_events(text, 1, 1.0)) <= 1
