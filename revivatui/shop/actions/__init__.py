"""What can happen in the shop: the one path that REST, widget, mail and people come through.

Plain synchronous functions, the shop first, rows as dicts. Callers say who acts with
``shop.acting(user)`` (nobody for customers and jobs)::

    contacts.find_or_create(shop, inbox, {"name": ...}, source_id=...)     -> contact inbox
    contacts.update_contact(shop, contact, name=..., email=...)            -> contact
    conversations.create_conversation(shop, contact_inbox, ...)            -> conversation
    conversations.update(shop, conversation, status=..., assignee_id=...)  -> conversation
    conversations.toggle_status(shop, conversation, "resolved")            -> conversation
    conversations.set_labels(shop, conversation, ["quote"])                -> conversation
    conversations.contact_read(shop, conversation)
    conversations.typing(shop, conversation, who, on=True)
    messages.create_message(shop, conversation, sender=..., content=...)   -> message
    messages.update_message(shop, message, ...)                            -> message
"""
