"""Opening what was sealed. Needs the private key, which the serving process does not have.

Imported by no act, door or job of the serving process: an import contract says so.
"""

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gentie.vault.identity import VERSION as PERSON_VERSION
from gentie.vault.identity import bound_to as bound_to_person
from gentie.vault.identity import purpose_of as purpose_for_person
from gentie.vault.model import CannotOpen, Field, NetworkRecord, SealedPerson
from gentie.vault.sealing import (
    NONCE,
    SEALED_KEY,
    SUITE,
    VERSION,
    bound_to,
    contact_purpose,
    purpose_of,
)


def open_record(
    blob: bytes, private: X25519PrivateKey, *, tenant: str, reference: str
) -> NetworkRecord:
    """Give back what `NetworkSealer.seal` closed.

    Raises:
        CannotOpen: another key, another record, damaged, or of a version not known here.
    """
    record = _open(blob, private, purpose_of(tenant), bound_to(tenant, reference))
    return msgspec.json.decode(record, type=NetworkRecord)


def open_contact(
    blob: bytes, private: X25519PrivateKey, *, tenant: str, author: str
) -> dict[str, str]:
    """Give back what `ContactSealer.seal` closed: e-mail, website, address, as far as known.

    Raises:
        CannotOpen: as above.
    """
    contact = _open(blob, private, contact_purpose(tenant), bound_to(tenant, author))
    return msgspec.json.decode(contact, type=dict[str, str])


def _open(blob: bytes, private: X25519PrivateKey, purpose: bytes, bound: bytes) -> bytes:
    version, sealed_key = blob[:1], blob[1 : 1 + SEALED_KEY]
    rest = blob[1 + SEALED_KEY :]
    if version != bytes([VERSION]):
        raise CannotOpen
    try:
        key = SUITE.decrypt(sealed_key, private, info=purpose)
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def open_person(
    sealed: SealedPerson, private: X25519PrivateKey, *, tenant: str
) -> dict[Field, str]:
    """Give back the fields that `PersonSealer.seal` closed.

    Raises:
        CannotOpen: another key, another person, damaged, or of a version not known here.
    """
    info = purpose_for_person(tenant, sealed.person, sealed.public)
    opened = {}
    try:
        cipher = AESGCM(SUITE.decrypt(sealed.sealed_key, private, info=info))
        for one in sealed.fields:
            bound = bound_to_person(tenant, sealed.person, one.field, PERSON_VERSION)
            opened[one.field] = cipher.decrypt(one.blob[:NONCE], one.blob[NONCE:], bound).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
    return opened
