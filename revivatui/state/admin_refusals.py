"""The server's refusals of changes, as a sentence at the field that is meant."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Refusal(NamedTuple):
    """`field` is the form's; "" where it is none of them."""

    field: str
    words: str


_NOT_ALLOWED: Final = (
    "Your role on this server does not allow that any more. Ask an administrator; you stay signed"
    " in."
)

_KNOWN: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("agents", "user has already been taken", "email",
     "An agent of this account has this e-mail already."),
    ("agents", "email", "email", "The server takes this for no e-mail address."),
    ("agents", "limit exceeded|licen[cs]e", "", "The account has no licence left for one more."),
    ("agents", "name", "name", "The server does not take this name."),
    ("teams", "already been taken", "name", "There is a team of this name already."),
    ("teams", "name", "name", "The server does not take this name."),
    ("labels", "already been taken", "title", "There is a label of this title already."),
    ("labels", "title", "title", "The server does not take this title."),
    ("canned", "short code has already", "short_code",
     "Another canned response has this short code."),
    ("canned", "short code", "short_code", "A canned response needs a short code."),
    ("canned", "content", "content", "A canned response needs a text."),
    ("webhooks", "url has already been taken", "url", "A webhook calls this address already."),
    ("webhooks", "url", "url", "The server takes this for no web address."),
    ("webhooks", "subscriptions", "events", "The server does not know one of these events."),
    ("macros", "not supported", "steps", "The server does not know one of these actions."),
    ("macros", "name", "name", "A macro needs a name."),
    ("policies", "already been taken", "name", "There is a policy of this name already."),
    ("inboxes", "name", "name", "The server does not take this name."),
    ("inboxes", "greeting", "greeting", "The greeting is too long."),
    ("inboxes", "out of office", "out_of_office", "The out of office text is too long."),
    ("inboxes", "user must exist", "", "One of them is no agent of this account any more."),
    ("teams", "invalid user ids", "", "One of them is no agent of this account any more."),
    ("views", "maximum|limit", "", "No more views can be saved."),
    ("views", "name", "name", "A view needs a name."),
)  # fmt: skip


def explain(kind: str, said: str, why: str) -> Refusal:
    """A refusal of a change of this kind: `said` by the server, `why` as `NotAnswered` has it."""
    for section, pattern, field, words in _KNOWN:
        if section == kind and re.search(pattern, said, re.IGNORECASE):
            if field == "name" and pattern == "name":
                words = said
            return Refusal(field, words)
    if why == "not_allowed":
        return Refusal("", _NOT_ALLOWED)
    if why == "not_there":
        return Refusal("", "It is not there any more: somebody else removed it.")
    return Refusal("", said)
