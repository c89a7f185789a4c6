"""Reading a service's signed answer. Pure."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gentie.accounts.attestation import LONGEST_NAME
from gentie.accounts.documents.model import Answer, AnswerInvalid, DocumentService
from gentie.accounts.minors.rules import band_in
from gentie.accounts.model import Attested, NotVerified
from gentie.catalogue import fulfils

_LARGEST: Final = 8192
_LONGEST: Final = timedelta(minutes=10)
_DRIFT: Final = timedelta(minutes=1)


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    iss: str
    aud: str
    reference: str
    iat: int
    outcome: str
    identifier: str = ""
    age: Any = None


@fulfils("2017-5.2b", "2022f-4.1")
def read_answer(token: str, service: DocumentService, *, audience: str, now: datetime) -> Answer:
    """What a JWS (EdDSA) of the service says.

    A name, a picture or anything else in it is refused whole: it has no business here.

    Raises:
        AnswerInvalid: it is not the service's, not for us, not fresh, or says too much.
    """
    said = _signed(token, service)
    try:
        issued = datetime.fromtimestamp(said.iat, now.tzinfo)
        age = band_in(said.age, today=now.date()) or ""
    except (OverflowError, ValueError, OSError, NotVerified) as error:
        raise AnswerInvalid from error
    if (said.iss, said.aud) != (service.id, audience) or len(said.identifier) > LONGEST_NAME:
        raise AnswerInvalid
    if not issued - _DRIFT <= now <= issued + _LONGEST:
        raise AnswerInvalid
    verified = said.outcome == "verified" and bool(said.identifier.strip())
    return Answer(reference=said.reference, verified=verified, identifier=said.identifier, age=age)


def attested_by(service: DocumentService, answer: Answer, *, now: datetime) -> Attested:
    return Attested(
        framework="document",
        level="document",
        method="id_number",
        verified_at=now,
        valid_until=now + timedelta(days=service.max_age_days),
        age=answer.age,
    )


def _signed(token: str, service: DocumentService) -> _Said:
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    key = load_pem_public_key(service.answer_key)
    if len(token) > _LARGEST or not isinstance(key, Ed25519PublicKey):
        raise AnswerInvalid
    try:
        if msgspec.json.decode(_bytes(head)).get("alg") != "EdDSA":
            raise AnswerInvalid
        key.verify(_bytes(signature), f"{head}.{body}".encode())
        return msgspec.json.decode(_bytes(body), type=_Said)
    except (AttributeError, InvalidSignature, binascii.Error, ValueError) as error:
        raise AnswerInvalid from error


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
