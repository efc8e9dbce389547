"""The endpoint table of the wire check: which call finds which model."""

from __future__ import annotations

import re

import pytest

from revivatui.api.schemas import account, conversations, inboxes, messages, people, reports
from tools.conformance import wire
from tools.conformance import wire_models as other
from tools.conformance.wire_endpoints import EMPTY, endpoint_of, endpoints

A = "/api/v1/accounts/12"
P = "/public/api/v1/inboxes/Xy_9-z"


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (f"GET {A}", account.Account),
        (f"GET {A}/conversations", conversations.ConversationPage),
        (f"GET {A}/conversations?page=2", conversations.ConversationPage),
        (f"POST {A}/conversations", conversations.Conversation),
        (f"GET {A}/conversations/7", conversations.Conversation),
        (f"DELETE {A}/conversations/7", EMPTY),
        (f"GET {A}/conversations/meta", conversations.CountsAnswer),
        (f"POST {A}/conversations/7/mute", EMPTY),
        (f"GET {A}/conversations/7/messages", messages.MessagePage),
        (f"DELETE {A}/conversations/7/messages/8", messages.Message),
        (f"GET {A}/inboxes/3", inboxes.Inbox),
        (f"GET {A}/inboxes/3/assignable_agents", account.AgentList),
        (f"GET {A}/assignable_agents", account.AgentList),
        (f"DELETE {A}/contacts/5", EMPTY),
        (f"DELETE {A}/contacts/5/notes/6", EMPTY),
        (f"PATCH {A}/contacts/5", people.OneContact),
        (f"POST {P}/contacts", other.PublicContact),
        (f"POST {P}/contacts/a-b-c/conversations/4/messages", other.CustomerMessage),
        ("GET /api/v1/widget/conversations", other.CustomerConversation),
        ("DELETE /api/v1/widget/labels/urgent", EMPTY),
        ("GET /api/v2/accounts/12/reports/summary", reports.Summary),
        (f"GET {A}/csat_survey_responses", list[reports.Rating]),
        ("GET /api", account.Version),
        ("POST /api/v1/profile/availability", account.User),
    ],
)
def test_a_call_finds_its_model(call: str, shape: object) -> None:
    endpoint = endpoint_of(*call.split())
    assert endpoint is not None
    assert endpoint.shape == shape


@pytest.mark.parametrize(
    "call",
    [
        f"GET {A}/moons",
        f"PATCH {A}/conversations/7/mute",
        f"GET {A}/conversations/seven",
        f"GET {A}/conversations/7/messages/8/craters",
        "GET /api/v2/accounts/12/reports/moons",
        "GET /",
    ],
)
def test_a_call_that_is_not_in_the_table_finds_none(call: str) -> None:
    assert endpoint_of(*call.split()) is None


def example(pattern: str) -> str:
    """A path that the pattern stands for: the first of each choice."""
    path = pattern
    while "(" in path:
        path = re.sub(r"\(([^()|]*)[^()]*\)\??", r"\1", path)
    return path.split("|")[0].replace(r"\d+", "7").replace("[^/]+", "x-1")


def test_no_row_of_the_table_hides_behind_another() -> None:
    for endpoint in endpoints():
        for method in endpoint.methods:
            found = endpoint_of(method, example(endpoint.path.pattern))
            assert found is not None, endpoint
            assert found.shape == endpoint.shape, endpoint


def test_what_the_desk_needs_must_be_there_and_what_it_does_not_need_not() -> None:
    label = {"method": "POST", "path": f"{A}/labels", "status": 200, "answer": {"id": 1}}
    found = wire.check("3.9.0", [label])
    assert found == [
        "3.9.0 misread: POST /api/v1/accounts/#/labels: title: Field required",
        "3.9.0 misread: POST /api/v1/accounts/#/labels: the desk cannot read it (1 errors)",
    ]
    hook = {"method": "POST", "path": f"{A}/webhooks", "status": 200,
            "answer": {"payload": {"webhook": {"id": 1, "moon": 2}}}}  # fmt: skip
    assert wire.check("3.9.0", [hook]) == [
        "3.9.0 lost: POST /api/v1/accounts/#/webhooks: payload.webhook.moon"
    ]


def test_a_refusal_that_would_be_misunderstood_is_reported() -> None:
    row = {"method": "GET", "path": f"{A}/agents", "status": 404, "type": "application/json",
           "answer": {"error": "gone", "moon": 1}}  # fmt: skip
    assert wire.check("4.10.1", [row]) == ["4.10.1 lost: GET /api/v1/accounts/#/agents 404: moon"]
    odd = {**row, "status": 304, "answer": {"_text": ""}}
    assert wire.check("4.10.1", [odd]) == [
        "4.10.1 misread: GET /api/v1/accounts/#/agents 304 became NotChatwoot"
    ]
