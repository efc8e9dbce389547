"""What happens to contacts (contract 4, 9)."""

from __future__ import annotations

import re
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.events import Changes
from revivatui.shop.queries import must
from revivatui.shop.tokens import new_token

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+[1-9]\d{1,14}")
FREE_MAIL = frozenset(
    {"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "live.com"}
)
ADJECTIVES = ("bold", "calm", "dry", "icy", "late", "misty", "quiet", "rough", "still", "young")
NOUNS = ("brook", "cloud", "field", "forest", "hill", "lake", "meadow", "river", "shadow", "wave")


class InvalidContact(Exception):
    """A contact that does not validate: ``problems`` are (attribute, full message) pairs."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(", ".join(message for _, message in problems))
        self.problems = problems


def random_name() -> str:
    """The name of a customer who gave none: two words and a number."""
    adjective, noun = secrets.choice(ADJECTIVES), secrets.choice(NOUNS)
    return f"{adjective}-{noun}-{secrets.randbelow(1000)}"


def _cleaned(wanted: dict[str, Any]) -> dict[str, Any]:
    cleaned = dict(wanted)
    for name in ("email", "phone_number", "identifier"):
        if name in cleaned:
            cleaned[name] = cleaned[name] or None
    if cleaned.get("email"):
        cleaned["email"] = str(cleaned["email"]).lower()
    return cleaned


def validate(shop: Shop, account_id: int, wanted: dict[str, Any], own_id: int | None) -> None:
    """Raises InvalidContact on a bad or taken e-mail, phone number or identifier."""
    problems: list[tuple[str, str]] = []
    email, phone = wanted.get("email"), wanted.get("phone_number")
    if email and _taken(shop, account_id, "email", email, own_id):
        problems.append(("email", "Email has already been taken"))
    if email and not EMAIL.fullmatch(email):
        problems.append(("email", "Email Invalid email"))
    identifier = wanted.get("identifier")
    if identifier and _taken(shop, account_id, "identifier", identifier, own_id):
        problems.append(("identifier", "Identifier has already been taken"))
    if phone and _taken(shop, account_id, "phone_number", phone, own_id):
        problems.append(("phone_number", "Phone number has already been taken"))
    if phone and not PHONE.fullmatch(str(phone)):
        problems.append(("phone_number", "Phone number should be in e164 format"))
    if problems:
        raise InvalidContact(*problems)


def _taken(shop: Shop, account_id: int, column: str, value: str, own_id: int | None) -> bool:
    owner = shop.db.find("contacts", account_id=account_id, **{column: value})
    return owner is not None and owner["id"] != own_id


def create_contact(shop: Shop, account_id: int, **wanted: Any) -> Row:
    """Make a contact and tell of it. Raises InvalidContact."""
    columns = _cleaned(wanted)
    validate(shop, account_id, columns, None)
    now = shop.now()
    row_id = shop.db.insert(
        "contacts",
        account_id=account_id,
        contact_type=_type_of(columns),
        company_id=_company(shop, account_id, columns.get("email")),
        created_at=now,
        updated_at=now,
        **columns,
    )
    contact = must(shop, "contacts", row_id)
    events.contact_event(shop, "contact.created", contact)
    return contact


def _type_of(columns: dict[str, Any]) -> str:
    known = any(columns.get(name) for name in ("email", "phone_number"))
    return "lead" if known else "visitor"


def _company(shop: Shop, account_id: int, email: str | None) -> int | None:
    """4.x (enterprise) joins contacts of a business domain into one company."""
    if not shop.v4 or not email:
        return None
    domain = email.partition("@")[2]
    if domain in FREE_MAIL:
        return None
    found = shop.db.find("companies", account_id=account_id, domain=domain)
    if found is not None:
        return int(found["id"])
    name = domain.partition(".")[0].capitalize()
    return shop.db.insert(
        "companies", account_id=account_id, name=name, domain=domain, created_at=shop.now()
    )


def update_contact(shop: Shop, contact: Row, **wanted: Any) -> Row:
    """Save columns and tell what changed; nothing changed, nothing told. Raises InvalidContact."""
    before = must(shop, "contacts", contact["id"])
    columns = _cleaned(wanted)
    changes: Changes = {
        name: (before[name], value) for name, value in columns.items() if before[name] != value
    }
    if not changes:
        return before
    validate(shop, before["account_id"], {n: v for n, (_, v) in changes.items()}, before["id"])
    if before["contact_type"] == "visitor" and _type_of({**before, **columns}) == "lead":
        columns["contact_type"] = "lead"
        changes["contact_type"] = ("visitor", "lead")
    if before["company_id"] is None and "email" in changes:
        columns["company_id"] = _company(shop, before["account_id"], columns["email"])
    return _save(shop, before, columns, changes)


def _save(shop: Shop, before: Row, columns: dict[str, Any], changes: Changes) -> Row:
    now = shop.now()
    shop.db.update("contacts", before["id"], **columns, updated_at=now)
    changes["updated_at"] = (before["updated_at"], now)
    after = must(shop, "contacts", before["id"])
    events.contact_event(shop, "contact.updated", after, changes)
    return after


def touch_contact(shop: Shop, contact_id: int) -> None:
    """A message came from them: last activity moves, told with an unchanged payload."""
    contact = shop.db.get("contacts", contact_id)
    if contact is not None:
        update_contact(shop, contact, last_activity_at=shop.now())


def set_labels(shop: Shop, contact: Row, labels: list[str]) -> list[str]:
    """Replace the labels of a contact."""
    from revivatui.shop.actions.conversations import retag

    old = labels_of(shop, contact["id"])
    new = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if set(old) != set(new):
        retag(shop, "Contact", contact["id"], new)
        _save(shop, must(shop, "contacts", contact["id"]), {}, {"label_list": (old, new)})
    return labels_of(shop, contact["id"])


def labels_of(shop: Shop, contact_id: int) -> list[str]:
    return shop.db.column(
        "SELECT tag FROM taggings WHERE taggable_type = 'Contact' AND taggable_id = ? ORDER BY id",
        (contact_id,),
    )


def create_contact_inbox(
    shop: Shop,
    contact: Row,
    inbox: Row,
    source_id: str | None = None,
    *,
    hmac_verified: bool = False,
) -> Row:
    """Connect a contact and an inbox; the source id is made up when not given."""
    now = shop.now()
    row_id = shop.db.insert(
        "contact_inboxes",
        contact_id=contact["id"],
        inbox_id=inbox["id"],
        source_id=source_id or _source_for(inbox, contact),
        hmac_verified=hmac_verified,
        pubsub_token=new_token(),
        created_at=now,
        updated_at=now,
    )
    return must(shop, "contact_inboxes", row_id)


def _source_for(inbox: Row, contact: Row) -> str:
    if inbox["channel_type"] == "Channel::Email" and contact["email"]:
        return str(contact["email"])
    return new_source_id()


def new_source_id() -> str:
    return str(uuid.uuid4())


def find_or_create(
    shop: Shop,
    inbox: Row,
    attributes: dict[str, Any],
    source_id: str | None = None,
    *,
    hmac_verified: bool = False,
) -> Row:
    """The contact inbox of a customer: by source id, else of the contact known by identifier,
    e-mail or phone number, else of a new contact. Raises InvalidContact."""
    if source_id:
        known = shop.db.find("contact_inboxes", inbox_id=inbox["id"], source_id=source_id)
        if known is not None:
            return known
    columns = _cleaned(attributes)
    contact = find_contact(shop, inbox["account_id"], columns)
    if contact is None:
        name = columns.pop("name", None) or random_name()
        contact = create_contact(shop, inbox["account_id"], name=name, **columns)
    return create_contact_inbox(shop, contact, inbox, source_id, hmac_verified=hmac_verified)


def find_contact(shop: Shop, account_id: int, columns: dict[str, Any]) -> Row | None:
    for name in ("identifier", "email", "phone_number"):
        if columns.get(name):
            found = shop.db.find("contacts", account_id=account_id, **{name: columns[name]})
            if found is not None:
                return found
    return None


def merge_contacts(shop: Shop, base: Row, mergee: Row) -> Row:
    """Everything of the mergee moves to the base, whose own values win; the mergee goes."""
    from revivatui.shop.actions.conversations import update

    if base["id"] == mergee["id"]:
        return base
    with shop.db.transaction():
        for row in shop.db.where("conversations", contact_id=mergee["id"]):
            update(shop, row, contact_id=base["id"])
        for table in ("contact_inboxes", "notes"):
            shop.db.execute(
                f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?",
                (base["id"], mergee["id"]),
            )
        shop.db.execute(
            "UPDATE messages SET sender_id = ? WHERE sender_type = 'Contact' AND sender_id = ?",
            (base["id"], mergee["id"]),
        )
        delete_row(shop, mergee)
    if shop.v4:
        events.contact_event(shop, "contact.merged", base)
    events.contact_event(shop, "contact.deleted", mergee)
    columns: dict[str, Any] = {
        name: base[name] or mergee[name] for name in ("name", "email", "phone_number", "identifier")
    }
    for name in ("custom_attributes", "additional_attributes"):
        columns[name] = _merged(mergee[name], base[name])
    return update_contact(shop, base, **columns)


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Deep merge; values of ``over`` win."""
    merged = dict(under)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if both else value
    return merged


def delete_contact(shop: Shop, contact: Row) -> None:
    """A contact goes with all conversations; only the contact's going is told."""
    for row in shop.db.where("conversations", contact_id=contact["id"]):
        delete_conversation(shop, row)
    with shop.db.transaction():
        for table in ("contact_inboxes", "notes"):
            shop.db.execute(f"DELETE FROM {table} WHERE contact_id = ?", (contact["id"],))
        delete_row(shop, contact)
    events.contact_event(shop, "contact.deleted", contact)


def delete_row(shop: Shop, contact: Row) -> None:
    shop.db.delete("contacts", contact["id"])
    shop.db.execute(
        "DELETE FROM taggings WHERE taggable_type = 'Contact' AND taggable_id = ?",
        (contact["id"],),
    )


def delete_conversation(shop: Shop, conversation: Row) -> None:
    """A conversation and all that hangs on it; no event tells of it (contract 2.4)."""
    row_id = conversation["id"]
    with shop.db.transaction():
        for table in (
            "messages",
            "mentions",
            "conversation_participants",
            "draft_messages",
            "csat_survey_responses",
            "reporting_events",
        ):
            shop.db.execute(f"DELETE FROM {table} WHERE conversation_id = ?", (row_id,))
        shop.db.execute("DELETE FROM notifications WHERE primary_actor_id = ?", (row_id,))
        shop.db.execute(
            "DELETE FROM taggings WHERE taggable_type = 'Conversation' AND taggable_id = ?",
            (row_id,),
        )
        shop.db.delete("conversations", row_id)
