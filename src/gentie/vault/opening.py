"""Opening what was sealed. Needs the private key, which the serving process does not have.

Imported by no act, door or job of the serving process: an import contract says so.
"""

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gentie.vault.model import CannotOpen, NetworkRecord
from gentie.vault.sealing import NONCE, SEALED_KEY, SUITE, VERSION, bound_to, purpose_of


def open_record(
    blob: bytes, private: X25519PrivateKey, *, tenant: str, reference: str
) -> NetworkRecord:
    """Give back what `NetworkSealer.seal` closed.

    Raises:
        CannotOpen: another key, another record, damaged, or of a version not known here.
    """
    version, sealed_key = blob[:1], blob[1 : 1 + SEALED_KEY]
    rest = blob[1 + SEALED_KEY :]
    if version != bytes([VERSION]):
        raise CannotOpen
    try:
        key = SUITE.decrypt(sealed_key, private, info=purpose_of(tenant))
        record = AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], bound_to(tenant, reference))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
    return msgspec.json.decode(record, type=NetworkRecord)
