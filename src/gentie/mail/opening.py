"""Opening an address, for the job that sends to it and nobody else (an import contract)."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.mail.model import Contact
from gentie.mail.sealing import SUITE, purpose_of


class CannotOpenAddress(RuntimeError):
    """Sealed for another key, tenant or account, or damaged."""


class Opener:
    def __init__(self, private: X25519PrivateKey, *, tenant: str) -> None:
        self._private, self._tenant = private, tenant

    def open(self, contact: Contact) -> str:
        """The address of a contact. Raises CannotOpenAddress."""
        info = purpose_of(self._tenant, contact.account)
        try:
            return SUITE.decrypt(contact.sealed, self._private, info=info).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpenAddress from error
