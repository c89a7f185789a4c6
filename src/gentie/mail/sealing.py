"""What is done with an address before it is stored: sealed, marked, and given its links.

Sealing needs the public key alone; opening is in `mail.opening`, for the job that sends.
"""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gentie.catalogue import fulfils
from gentie.kernel.ids import AccountId
from gentie.mail.model import Answer, BadTicket, Contact, LinkWrong

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_DOTS = 2


class Addresses:
    """Seals and marks addresses of one tenant."""

    def __init__(self, public: X25519PublicKey, *, mark_key: bytes, tenant: str) -> None:
        self._public, self._mark_key, self._tenant = public, mark_key, tenant

    @fulfils("2017-5.2b")
    def seal(self, address: str, account: AccountId) -> bytes:
        """Close an address. It opens with the private key, for this account only."""
        return SUITE.encrypt(address.encode(), self._public, info=purpose_of(self._tenant, account))

    def mark(self, address: str) -> str:
        """The same for the same address however it is spelled in capitals."""
        return hmac.new(self._mark_key, address.lower().encode(), hashlib.sha256).hexdigest()


class Tickets:
    """Links in letters: they say what they do and for whom, and only we can make them."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, answer: Answer, contact: Contact) -> str:
        """Good for this account as long as it has this address."""
        return f"{answer.value}.{contact.account}.{self._proof(answer, contact)}"

    def read(self, ticket: str) -> tuple[Answer, AccountId]:
        """What a ticket says; whether it is one, `require_good` tells. Raises BadTicket."""
        answer, _, rest = ticket.partition(".")
        account, _, _ = rest.partition(".")
        try:
            return Answer(answer), AccountId(account)
        except ValueError as error:
            raise BadTicket from error

    def require_good(self, ticket: str, contact: Contact | None) -> None:
        """Raises BadTicket: not made by us, or for an address that is not there any more."""
        answer, _ = self.read(ticket)
        if contact is None:
            raise BadTicket
        good = self.write(answer, contact)
        if not hmac.compare_digest(good.encode(), ticket.encode()):
            raise BadTicket

    def write_sign_in(self, contact: Contact, letter: str) -> str:
        """The way in that a letter carries. The key and the letter make it; it is kept nowhere."""
        return f"{contact.account}.{letter}.{self._way_in(contact, letter)}"

    def letter_in(self, ticket: str, contact: Contact | None) -> str:
        """Which letter of this contact a way in came with. Raises LinkWrong: with none of ours."""
        letter = ticket.split(".")[1] if ticket.count(".") == _DOTS else ""
        if contact is None or not letter.isdecimal():
            raise LinkWrong
        good = self.write_sign_in(contact, letter)
        if not hmac.compare_digest(good.encode(), ticket.encode()):
            raise LinkWrong
        return letter

    def _way_in(self, contact: Contact, letter: str) -> str:
        said = f"sign-in|{contact.account}|{letter}|{contact.mark}".encode()
        return _short(hmac.new(self._key, said, hashlib.sha256).digest())

    def _proof(self, answer: Answer, contact: Contact) -> str:
        said = f"{answer.value}|{contact.account}|{contact.mark}".encode()
        return _short(hmac.new(self._key, said, hashlib.sha256).digest())


def _short(proof: bytes) -> str:
    return base64.urlsafe_b64encode(proof[:16]).decode().rstrip("=")


def purpose_of(tenant: str, account: AccountId) -> bytes:
    return f"gentie/mail|{tenant}|{account}|1".encode()
