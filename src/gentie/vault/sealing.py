"""Sealing: what goes into the vault is closed before anything is stored, logged or queued.

The data key of an hour is sealed to the vault's public key (HPKE) and used for that hour's
records (AES-256-GCM, some 5 us each). It exists in memory only, until the hour is over.
"""

from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gentie.catalogue import fulfils
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.vault.model import NetworkRecord

VERSION = 1
SEALED_KEY = 80
"""Bytes: an X25519 share, the data key and its tag."""
NONCE = 12
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class _Hour(msgspec.Struct, frozen=True):
    hour: datetime
    cipher: AESGCM
    sealed_key: bytes


class NetworkSealer:
    """Seals network records of one tenant. Holds the public key and the hour's data key."""

    def __init__(self, public: X25519PublicKey, *, tenant: str) -> None:
        self._public = public
        self._tenant = tenant
        self._hour: _Hour | None = None

    @fulfils("2017-5.1b", "2017-5.2b")
    def seal(self, address: str, port: int, at: datetime, reference: str) -> bytes:
        """Close one record. It opens with the private key, for this tenant and reference only."""
        hour = self._current(hour_of(at))
        record = msgspec.json.encode(NetworkRecord(address=address, port=port, at=at))
        nonce = new_salt()[:NONCE]
        closed = hour.cipher.encrypt(nonce, record, bound_to(self._tenant, reference))
        return bytes([VERSION]) + hour.sealed_key + nonce + closed

    def _current(self, hour: datetime) -> _Hour:
        if self._hour is None or self._hour.hour != hour:
            key = new_salt()
            sealed = SUITE.encrypt(key, self._public, info=purpose_of(self._tenant))
            self._hour = _Hour(hour, AESGCM(key), sealed)
        return self._hour


class ContactSealer:
    """Seals contacts of one import under a data key that nobody keeps."""

    def __init__(self, public: X25519PublicKey, *, tenant: str) -> None:
        key = new_salt()
        self._tenant, self._cipher = tenant, AESGCM(key)
        self._sealed_key = SUITE.encrypt(key, public, info=contact_purpose(tenant))

    def seal(self, contact: bytes, author: str) -> bytes:
        """Close one. It opens with the private key, for this tenant and author only."""
        nonce = new_salt()[:NONCE]
        closed = self._cipher.encrypt(nonce, contact, bound_to(self._tenant, author))
        return bytes([VERSION]) + self._sealed_key + nonce + closed


def bound_to(tenant: str, reference: str) -> bytes:
    """What a record is tied to, so that it cannot be passed off as another's."""
    return f"{tenant}|{reference}|{VERSION}".encode()


def contact_purpose(tenant: str) -> bytes:
    return f"gentie/contact|{tenant}|{VERSION}".encode()


def purpose_of(tenant: str) -> bytes:
    return f"gentie/network|{tenant}|{VERSION}".encode()
