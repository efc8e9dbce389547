"""What can go wrong between the desk and a CRM: one tree, each with a sentence for a person.

No error holds a passcode, a password or the address of a database with its password.
"""

from __future__ import annotations


class CrmError(Exception):
    """Anything a CRM, or the way to it, refused. The message is plain and says what was kept."""


class CrmUnreachable(CrmError):
    """The database or the vendor's server gave no answer; nothing was changed."""


class WrongAddress(CrmError):
    """The address of the CRM is none that can be opened."""


class TooNew(CrmError):
    """The store was made by a newer version of the program and is left as it is."""


class NotInCrm(CrmError):
    """No such record."""


class StaleRecord(CrmError):
    """Somebody else changed the record since it was read; what they wrote stands."""


class MoveRefused(CrmError):
    """A repair, a quote or an appointment cannot go there from where it is."""


class AmbiguousCustomer(CrmError):
    """More than one customer fits, so that a person has to choose."""

    def __init__(self, message: str, customer_ids: tuple[str, ...]) -> None:
        super().__init__(message)
        self.customer_ids = customer_ids


class AlreadyLinked(CrmError):
    """The conversation is bound to another ticket already."""

    def __init__(self, message: str, ticket_id: str) -> None:
        super().__init__(message)
        self.ticket_id = ticket_id


class InvalidRecord(CrmError):
    """What was given breaks a rule of the shop: a wrong IMEI, an end before its start."""


class MoneyError(InvalidRecord):
    """An amount that is none, or of another currency than the one it was to be added to."""


class NotOffered(CrmError):
    """This CRM cannot do it, or the shop has not switched it on; nothing was changed."""


class TokenRefused(CrmError):
    """The CRM does not accept the access token any more, or never did; nothing was changed."""


class NotPermitted(CrmError):
    """The access token is good, but may not do this; nothing was changed."""


class TooManyRequests(CrmError):
    """The CRM wants a pause before it takes more; nothing was changed."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait
        """The seconds after which it is worth trying again."""


class OutcomeUnknown(CrmError):
    """A write got no answer, and a look found nothing of it yet: it may still appear."""


class UnreadableAnswer(CrmError):
    """Something answered that does not speak as this CRM does."""
