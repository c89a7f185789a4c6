"""A device in software, which signs what it is asked to, or something else as told."""

import hashlib
import struct

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Device(msgspec.Struct, kw_only=True):
    """One passkey of one person. `origin` and `rp` are what the browser says where it is used."""

    origin: str
    rp: str
    credential: bytes = b"c" * 32
    flags: int = PRESENT | VERIFIED
    cross_origin: bool = False
    count: int = 0
    user: str = ""
    key: ec.EllipticCurvePrivateKey = msgspec.field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, challenge: str, **more: str) -> dict[str, str]:
        """Make a passkey, as the script of the page sends it."""
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call] # fido2
        made = AttestedCredentialData.create(bytes(16), self.credential, public)
        data = AuthenticatorData(self._data(self.flags | HAS_KEY) + bytes(made))
        told = AttestationObject.create("none", data, {})
        client = self._client(CollectedClientData.TYPE.CREATE, challenge)
        return {"client_data": client.b64, "attestation": websafe_encode(told), **more}

    def sign(self, challenge: str) -> dict[str, str]:
        """Sign in, as the script of the page sends it."""
        self.count += 1
        data = self._data(self.flags)
        client = self._client(CollectedClientData.TYPE.GET, challenge)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return {
            "user": self.user,
            "credential": websafe_encode(self.credential),
            "client_data": client.b64,
            "authenticator_data": websafe_encode(data),
            "signature": websafe_encode(signature),
        }

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(
            kind, challenge.encode(), self.origin, cross_origin=self.cross_origin
        )
