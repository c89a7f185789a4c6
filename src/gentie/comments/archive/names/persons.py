"""Who somebody was in an old service, as far as that is kept: digests. Pure."""

import hashlib
import hmac

from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId, SiteId


def person_digest(key: bytes, old_site: str, person: str) -> str:
    """What is kept of who somebody was in the old service. `key` lies outside the database."""
    said = f"{old_site}|{person}".encode("utf-8", "replace")
    return hmac.digest(key, said, hashlib.sha256).hex()[:24]


def author_id(site: SiteId, source: str, name: str, person: str) -> AccountId:
    """Whose comments are shown as one's: a person's, else everybody's of that name."""
    who = f"person|{person}" if person else name
    return AccountId(f"archive:{digest_of(f'{site}|{source}|{who}')[:24]}")
