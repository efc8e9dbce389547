"""Tokens and passwords."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A 24-character token like Chatwoot's."""
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    return "".join(secrets.choice(alphabet) for _ in range(24))


def password_digest(password: str, salt: str | None = None) -> str:
    salt = salt or secrets.token_hex(8)
    return salt + "$" + hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 2000).hex()


def password_matches(password: str, digest: str | None) -> bool:
    if not digest:
        return False
    salt = digest.partition("$")[0]
    return secrets.compare_digest(password_digest(password, salt), digest)
