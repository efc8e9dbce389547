"""Who may deliver: signatures, the secret in the path, and the list of addresses."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from revivatui.bridge.errors import BadBridgeSettings

WINDOW: Final = 300.0
"""Seconds by which a signature's moment may differ from ours, both ways."""

Verdict = Literal["", "address", "token", "signature", "time"]
"""Why a delivery is refused; "" where it is not."""


class Door:
    """Decides who is let in. What is set up is demanded of everybody: who has a secret accepts
    nothing unsigned, and nothing falls back to less."""

    def __init__(
        self,
        *,
        secrets: Sequence[str] = (),
        token: str = "",
        allowed: Sequence[str] = (),
    ) -> None:
        """`secrets` are one, or two while they are being exchanged. Raises BadBridgeSettings."""
        self._secrets = tuple(one.encode() for one in secrets if one)
        self._token = token.encode()
        if len(self._secrets) > 2:
            raise BadBridgeSettings("There can be two webhook secrets, the old and the new one.")
        if token and len(token) < 32:
            raise BadBridgeSettings("The secret in the webhook's path needs 32 letters or more.")
        if not self._secrets and not token:
            raise BadBridgeSettings(
                "Nothing tells the bridge who may deliver: give it the webhook's secret, or a"
                " secret for the path (`revivatui bridge setup` makes one)."
            )
        try:
            self._allowed = tuple(ipaddress.ip_network(one) for one in allowed)
        except ValueError as error:
            raise BadBridgeSettings(f"The list of allowed addresses: {error}.") from None

    def __repr__(self) -> str:
        return f"<Door secrets={len(self._secrets)} token={bool(self._token)}>"

    def refuses(
        self, peer: str, token: str, headers: Mapping[str, str], body: bytes, now: float
    ) -> Verdict:
        if not self.lets_in_from(peer):
            return "address"
        if not self.knows_token(token):
            return "token"
        return self._refuses_signature(headers, body, now) if self._secrets else ""

    def lets_in_from(self, peer: str) -> bool:
        if not self._allowed:
            return True
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._allowed)

    def knows_token(self, token: str) -> bool:
        """Compared whole, in the same time for every wrong one."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._token)

    def _refuses_signature(self, headers: Mapping[str, str], body: bytes, now: float) -> Verdict:
        given = headers.get("x-chatwoot-signature", "")
        moment = headers.get("x-chatwoot-timestamp", "")
        right = False
        for secret in self._secrets:
            right |= hmac.compare_digest(signature(secret, moment, body), given.encode())
        if not right:
            return "signature"
        if not (moment.isascii() and moment.isdigit()) or abs(now - int(moment)) > WINDOW:
            return "time"
        return ""


def signature(secret: bytes, moment: str, body: bytes) -> bytes:
    """What Chatwoot sends: over the moment and the raw body together."""
    signed = hmac.new(secret, moment.encode("utf-8", "replace") + b"." + body, hashlib.sha256)
    return b"sha256=" + signed.hexdigest().encode()
