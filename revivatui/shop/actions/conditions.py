"""The conditions of automation rules, judged on one conversation and message (contract 5.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.render.push import labels_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

OF_CONVERSATION = ("status", "assignee_id", "team_id", "inbox_id", "priority")
OF_ITS_ORIGIN = ("browser_language", "conversation_language", "mail_subject", "referer")
OF_CONTACT = ("email", "phone_number")
OF_ITS_HOME = {"country_code": "country_code", "city": "city", "company": "company_name"}
OF_MESSAGE = ("content", "message_type")
Condition = dict[str, Any]


def all_hold(
    shop: Shop, conditions: list[Condition], conversation: Row, message: Row | None
) -> bool:
    """Each condition names what joins it to the next; AND binds tighter than OR. None: true."""
    groups: list[bool] = [True]
    joined = "AND"
    for condition in conditions:
        holds = _holds(shop, condition, conversation, message)
        if joined == "OR":
            groups.append(holds)
        else:
            groups[-1] = groups[-1] and holds
        joined = str(condition.get("query_operator") or "AND").upper()
    return any(groups)


def _holds(shop: Shop, condition: Condition, conversation: Row, message: Row | None) -> bool:
    key = str(condition.get("attribute_key"))
    found = _values(shop, key, condition, conversation, message)
    given = condition.get("values")
    wanted = [_plain(one) for one in (given if isinstance(given, list) else [given])]
    if key == "status" and "all" in wanted:
        return True
    judge = JUDGES.get(str(condition.get("filter_operator")))
    return judge is not None and judge(found, wanted)


def _values(
    shop: Shop, key: str, condition: Condition, conversation: Row, message: Row | None
) -> list[str]:
    """What the conversation has under a key, as text; nothing where it has nothing."""
    if key == "labels":
        return [_plain(label) for label in labels_of(conversation)]
    contact = shop.db.get("contacts", conversation["contact_id"]) or {}
    places: list[tuple[Any, Any]] = [
        (OF_CONVERSATION, conversation),
        (OF_ITS_ORIGIN, conversation["additional_attributes"]),
        (OF_CONTACT, contact),
        (OF_MESSAGE, message or {}),
    ]
    for keys, place in places:
        if key in keys:
            return _known(place.get(key))
    if key in OF_ITS_HOME:
        return _known((contact.get("additional_attributes") or {}).get(OF_ITS_HOME[key]))
    owner = contact if condition.get("custom_attribute_type") == "contact_attribute" else None
    return _known(((owner or conversation).get("custom_attributes") or {}).get(key))


def _known(value: Any) -> list[str]:
    return [] if value is None or value == "" else [_plain(value)]


def _plain(value: Any) -> str:
    return str(value).casefold()


JUDGES: dict[str, Callable[[list[str], list[str]], bool]] = {
    "equal_to": lambda found, wanted: any(one in wanted for one in found),
    "not_equal_to": lambda found, wanted: not any(one in wanted for one in found),
    "contains": lambda found, wanted: any(part in one for one in found for part in wanted),
    "does_not_contain": lambda found, wanted: (
        not any(part in one for one in found for part in wanted)
    ),
    "starts_with": lambda found, wanted: any(one.startswith(tuple(wanted)) for one in found),
    "is_present": lambda found, wanted: bool(found),
    "is_not_present": lambda found, wanted: not found,
}
