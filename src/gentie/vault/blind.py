"""The blind index: knowing a person again without knowing who it is.

HMAC(key, Argon2id(identifier)): whoever takes the database has nothing without the key, and with
the key still pays some 70 ms for each guess.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gentie.catalogue import fulfils
from gentie.vault.keys import IndexKey
from gentie.vault.model import Fingerprint

MEMORY_KIB = 19 * 1024


@fulfils("2017-5.1b", "2017-5.2b")
def fingerprint(sector: str, identifier: str, key: IndexKey, *, tenant: str) -> Fingerprint:
    """Index a person by the identifier that issuers of one sector agree on. Slow on purpose.

    The issuer is not part of it: a person who comes back through another one is the same.
    """
    return fingerprints(sector, identifier, key, tenant=tenant)[0]


def fingerprints(
    sector: str, identifier: str, key: IndexKey, *, tenant: str
) -> tuple[Fingerprint, ...]:
    """The same under every key that is still asked, the newest first. Costs hardly more."""
    salt = hashlib.sha256(f"gentie/person|{tenant}|{sector}".encode()).digest()
    kdf = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=MEMORY_KIB)
    stretched = kdf.derive(identifier.strip().encode())
    return tuple(
        Fingerprint(version, hmac.digest(secret, stretched, "sha256").hex(), sector)
        for version, secret in key.all_keys()
    )
