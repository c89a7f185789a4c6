"""What a device says when it makes a passkey or signs with one, held against what was asked.

Web Authentication, with no attestation: who made the device is nobody's business. Pure.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from typing import Any, Final, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256, CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)

from gentie.accounts.passkeys.model import Made, Passkey, PasskeysNotOffered, PasskeyWrong, Shown
from gentie.kernel.ids import AccountId

ALGORITHMS: Final = (-8, -7, -257)
"""EdDSA, ES256, RS256: what devices have."""
LONGEST_CREDENTIAL: Final = 1023
_BROKEN: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError)
"""What reading a stranger's bytes may raise. `struct.error` is a ValueError here."""


class Party:
    """The service, as devices know it: by its domain, for good."""

    def __init__(self, base_url: str) -> None:
        """Raises PasskeysNotOffered: browsers have no passkeys for such an address."""
        found = urlsplit(base_url)
        self.id = found.hostname or ""
        if not _has_passkeys(found.scheme, self.id):
            raise PasskeysNotOffered
        self._origin = f"{found.scheme}://{found.netloc}"
        entity = PublicKeyCredentialRpEntity(id=self.id, name=self.id)
        self._server = Fido2Server(entity, verify_origin=self._origin.__eq__)

    def made(self, client_data: str, attestation: str) -> Made:
        """A new passkey. Both as base64url.

        Raises:
            PasskeyWrong: not for us, not made now, or by a device that did not know its person.
        """
        try:
            client = CollectedClientData(_bytes(client_data))
            challenge = _challenge(client)
            response = RegistrationResponse(
                raw_id=b"",
                response=AuthenticatorAttestationResponse(
                    client_data=client,
                    attestation_object=AttestationObject(_bytes(attestation)),
                ),
            )
            data = self._server.register_complete(_state(client), response).credential_data
            count = response.response.attestation_object.auth_data.counter
        except _BROKEN as error:
            raise PasskeyWrong from error
        return _made(data, challenge, count)

    def shown(
        self, passkey: Passkey, client_data: str, authenticator_data: str, signature: str
    ) -> Shown:
        """That somebody has signed with this passkey. All as base64url.

        Raises:
            PasskeyWrong: not for us, not by this key, or without knowing its person.
        """
        try:
            client = CollectedClientData(_bytes(client_data))
            challenge = _challenge(client)
            data = AuthenticatorData(_bytes(authenticator_data))
            response = AuthenticationResponse(
                raw_id=_bytes(passkey.credential),
                response=AuthenticatorAssertionResponse(
                    client_data=client, authenticator_data=data, signature=_bytes(signature)
                ),
            )
            self._server.authenticate_complete(_state(client), [_known(passkey)], response)
        except _BROKEN as error:
            raise PasskeyWrong from error
        return Shown(passkey=passkey, challenge=challenge, sign_count=data.counter)


def nobodys(credential: str) -> Passkey:
    """A passkey that no device has, to be looked at in the place of one that is not known here.

    The answer to an unknown one must not come sooner than the answer to a wrong signature.
    """
    return Passkey(
        account=AccountId(""),
        credential=credential,
        public_key=_nobodys_key(),
        sign_count=0,
        label="",
        added_at=datetime.fromtimestamp(0, UTC),
        used_at=None,
    )


@cache
def _nobodys_key() -> bytes:
    """Its private half is forgotten at once."""
    made = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(made)  # type: ignore[no-untyped-call] # fido2
    return cbor.encode(key)


def _has_passkeys(scheme: str, host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(host) and (scheme == "https" or host == "localhost")
    return False


def _challenge(client: CollectedClientData) -> str:
    """As it was given out; whether it was, and to whom, the store knows. We are never framed."""
    if client.cross_origin:
        raise PasskeyWrong
    return client.challenge.decode("ascii")


def _state(client: CollectedClientData) -> dict[str, object]:
    return {
        "challenge": websafe_encode(client.challenge),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }


def _made(data: AttestedCredentialData | None, challenge: str, count: int) -> Made:
    if data is None or len(data.credential_id) > LONGEST_CREDENTIAL:
        raise PasskeyWrong
    if data.public_key.get(3) not in ALGORITHMS:  # the label of `alg` in a COSE key
        raise PasskeyWrong
    return Made(
        challenge=challenge,
        credential=websafe_encode(data.credential_id),
        public_key=cbor.encode(data.public_key),
        sign_count=count,
    )


def _known(passkey: Passkey) -> AttestedCredentialData:
    key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(passkey.public_key)))
    return AttestedCredentialData.create(bytes(16), _bytes(passkey.credential), key)


def _bytes(given: str) -> bytes:
    return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
