"""Signed links by which somebody claims a name. Pure.

The signature is made with a key that lies outside the database, so whoever can write rows there
still cannot make a link; its row lets it work once, and for a while.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final

from gentie.comments.model import BadClaimLink, ClaimLink

TERM: Final = timedelta(days=30)
"""How long a link works: mail is read late, and not for ever."""
_LONGEST: Final = 200


def token_of(link: ClaimLink, key: bytes) -> str:
    """What stands in the address: the link's id, and our word for what it is about."""
    return f"{link.id}.{_signature(link, key)}"


def link_id_of(token: str) -> str:
    """Raises BadClaimLink."""
    found, dot, _ = token.partition(".")
    if not dot or not found or len(token) > _LONGEST:
        raise BadClaimLink
    return found


def require_valid(link: ClaimLink | None, token: str, key: bytes, *, now: datetime) -> ClaimLink:
    """Raises BadClaimLink: there is none, it was used, it is too old, or we did not make it."""
    if link is None or link.used_at is not None or now >= link.expires_at:
        raise BadClaimLink
    if not hmac.compare_digest(token.encode(), token_of(link, key).encode()):
        raise BadClaimLink
    return link


def _signature(link: ClaimLink, key: bytes) -> str:
    said = f"{link.id}|{link.author}|{link.expires_at.isoformat()}"
    return hmac.digest(key, said.encode(), "sha256").hex()[:40]
