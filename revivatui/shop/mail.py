"""The intake of e-mail inboxes: an e-mail becomes a message (observed 2.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from revivatui.shop.actions import contacts, conversations, files, messages
from revivatui.shop.db import Row
from revivatui.shop.mail_text import Mail, read_mail
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

_REPLY_ADDRESS = re.compile(r"reply\+([0-9a-f]{8}-[0-9a-f-]{27})@", re.IGNORECASE)
_OWN_MESSAGE_ID = re.compile(r"conversation/([0-9a-f-]{36})/", re.IGNORECASE)


def receive_mail(shop: Shop, raw: bytes) -> Row | None:
    """Take in an RFC 5322 message; None when it is for no inbox of ours.

    A reply (by In-Reply-To, References or a reply address) joins its conversation; else a new
    one is opened, and given to an agent where the inbox does so by itself.
    """
    mail = read_mail(raw)
    inbox = _inbox_for(shop, mail)
    if inbox is None or not mail.sender:
        return None
    conversation = _conversation_of(shop, inbox, mail)
    if conversation is None:
        return _open(shop, inbox, mail)
    contact = must(shop, "contacts", conversation["contact_id"])
    message, tell = _write(shop, conversation, contact, mail)
    tell()
    return must(shop, "messages", message["id"])


def _inbox_for(shop: Shop, mail: Mail) -> Row | None:
    for address in mail.recipients:
        for column in ("email", "forward_to_email"):
            channel = shop.db.find("channel_email", **{column: address})
            if channel is not None:
                return shop.db.find(
                    "inboxes", channel_id=channel["id"], channel_type="Channel::Email"
                )
    return None


def _conversation_of(shop: Shop, inbox: Row, mail: Mail) -> Row | None:
    """The conversation that the mail answers."""
    for address in mail.recipients:
        if found := _REPLY_ADDRESS.search(address):
            return shop.db.find("conversations", uuid=found[1])
    for message_id in (mail.in_reply_to, *reversed(mail.references)):
        if not message_id:
            continue
        if found := _OWN_MESSAGE_ID.search(message_id):
            return shop.db.find("conversations", uuid=found[1])
        message = shop.db.find("messages", inbox_id=inbox["id"], source_id=message_id)
        if message is not None:
            return must(shop, "conversations", message["conversation_id"])
    return None


def _open(shop: Shop, inbox: Row, mail: Mail) -> Row:
    contact_inbox = _contact_inbox(shop, inbox, mail)
    attributes: dict[str, Any] = {"in_reply_to": mail.in_reply_to, "source": "email"}
    if shop.v4:
        attributes["auto_reply"] = mail.auto_reply
    attributes["mail_subject"] = mail.subject
    attributes["initiated_at"] = {"timestamp": iso(shop.now())}
    written: list[Row] = []

    def write(conversation: Row) -> Callable[[], None]:
        contact = must(shop, "contacts", contact_inbox["contact_id"])
        message, tell = _write(shop, conversation, contact, mail)
        written.append(message)
        return tell

    conversations.create_conversation(
        shop,
        contact_inbox,
        additional_attributes=attributes,
        first_message=write,
        conversation_first=True,
    )
    return must(shop, "messages", written[0]["id"])


def _contact_inbox(shop: Shop, inbox: Row, mail: Mail) -> Row:
    """The sender's place in the inbox; their address is the source id."""
    known = shop.db.find("contact_inboxes", inbox_id=inbox["id"], source_id=mail.sender)
    if known is not None:
        return known
    about = {
        "name": mail.sender_name,
        "email": mail.sender,
        "additional_attributes": {"source_id": f"email:{mail.message_id}"},
    }
    return contacts.find_or_create(shop, inbox, about, mail.sender)


def _write(
    shop: Shop, conversation: Row, contact: Row, mail: Mail
) -> tuple[Row, Callable[[], None]]:
    """The message, and what tells of it; 3.x does so before its files are there."""
    uploads = [files.Upload(one.name, one.content_type, one.data) for one in mail.files]
    message, tell = messages.write_message(
        shop,
        conversation,
        sender=("Contact", contact["id"]),
        message_type="incoming",
        content=mail.content[: messages.MAX_CONTENT],
        processed=mail.without_quotation[: messages.MAX_CONTENT],
        content_type="incoming_email",
        content_attributes={
            "email": mail.attributes(shop.v4),
            "cc_email": mail.cc,
            "bcc_email": mail.bcc,
        },
        source_id=mail.message_id,
    )

    def attach() -> None:
        files.attach(shop, message, uploads)
        # Files of e-mails are never told apart by their type.
        shop.db.execute(
            "UPDATE attachments SET file_type = 'file' WHERE message_id = ?", (message["id"],)
        )

    def tell_then_attach() -> None:
        tell()
        shop.worker.enqueue("attach", attach)

    if not shop.v4:
        return message, tell_then_attach
    attach()
    return message, tell
