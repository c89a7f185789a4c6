"""Sealing who somebody is: a key for each person, closed to the process that made it.

The key of a person is sealed to the vault's public key and forgotten; each field is bound to
tenant, person, field and version. Destroying the sealed key makes all of them unreadable.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gentie.catalogue import fulfils
from gentie.kernel.chance import new_salt, new_secret
from gentie.vault.keys import key_id
from gentie.vault.model import Field, SealedField, SealedPerson
from gentie.vault.sealing import NONCE, SUITE

VERSION = 1


class PersonSealer:
    """Seals identities of one tenant. Holds the public key and nothing else."""

    def __init__(self, public: X25519PublicKey, *, tenant: str) -> None:
        self._public, self._tenant = public, tenant
        self._public_id = key_id(public)

    @fulfils("2017-5.1b", "2017-5.2b")
    def seal(self, person: str, fields: Mapping[Field, str]) -> SealedPerson:
        """Close what is known of a person. Nobody can open it without the vault's private key."""
        key, number = new_salt(), new_secret()
        info = purpose_of(self._tenant, person, self._public_id)
        return SealedPerson(
            person=person,
            key=number,
            public=self._public_id,
            sealed_key=SUITE.encrypt(key, self._public, info=info),
            fields=tuple(
                self._field(AESGCM(key), person, field, text) for field, text in fields.items()
            ),
        )

    def _field(self, cipher: AESGCM, person: str, field: Field, text: str) -> SealedField:
        nonce = new_salt()[:NONCE]
        bound = bound_to(self._tenant, person, field, VERSION)
        return SealedField(
            field=field, version=VERSION, blob=nonce + cipher.encrypt(nonce, text.encode(), bound)
        )


def bound_to(tenant: str, person: str, field: Field, version: int) -> bytes:
    return f"{tenant}|{person}|{field.value}|{version}".encode()


def purpose_of(tenant: str, person: str, public: str) -> bytes:
    return f"gentie/person|{tenant}|{person}|{public}".encode()
