"""The bridge: what happens in the chat becomes records in the CRM, and the other way round.

webhooks -> receiver -> inbox -> handlers (one transaction each) -> outbox -> Chatwoot
               backfill ->  ^                        CRM changes ->  ^
"""
