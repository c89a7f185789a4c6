"""What a site's own server says of its user: a signed token that names nobody. Pure but a nonce.

The token opens nothing. It lets a page tell which of the site's users asks; what follows happens in
that person's own session here.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from gentie.catalogue import fulfils
from gentie.kernel.chance import new_salt
from gentie.kernel.ids import SiteId
from gentie.visits.model import BadSiteKey, SiteKey, SiteTokenInvalid, SiteUser

LONGEST: Final = timedelta(minutes=10)
_DRIFT: Final = timedelta(minutes=1)
_CLAIMS: Final = frozenset({"iss", "aud", "sub", "iat", "exp", "jti", "name"})
"""Whatever else a token says is refused: who somebody is does not go through a browser."""
_LARGEST: Final = 4096
_NONCE: Final = 12
_KINDS: Final[Mapping[str, Any]] = {"ES256": ECKey, "HS256": OctKey}


@fulfils("2017-5.2b")
def read_user_token(
    token: str, keys: Mapping[str, SiteKey], *, site: SiteId, audience: str, now: datetime
) -> SiteUser:
    """Whom a site's server names. `keys` are the site's, by id, with secrets unlocked.

    Raises:
        SiteTokenInvalid: `reason` is for whoever writes the site's server.
    """
    header, body = _parts(token)
    key = keys.get(str(header.get("kid", "")))
    if key is None:
        raise SiteTokenInvalid(reason="kid")
    if header.get("alg") != key.alg:  # never what the token would like, never none
        raise SiteTokenInvalid(reason="alg")
    _require_signed(token, key)
    return _user(body, site=site, audience=audience, now=now)


def _require_signed(token: str, key: SiteKey) -> None:
    signing, _, signature = token.rpartition(".")
    try:
        if key.alg == "EdDSA":
            ed25519 = load_pem_public_key(key.key)
            if not isinstance(ed25519, Ed25519PublicKey):
                raise SiteTokenInvalid(reason="key")
            ed25519.verify(_bytes(signature), signing.encode())
        else:
            kind = _KINDS[key.alg].import_key(key.key)
            jws.deserialize_compact(token, kind, algorithms=[key.alg])
    except (JoseError, InvalidSignature, ValueError) as error:
        raise SiteTokenInvalid(reason="signature") from error


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    pieces = token.split(".")
    if len(pieces) != 3 or len(token) > _LARGEST:  # noqa: PLR2004 header, claims, signature
        raise SiteTokenInvalid(reason="form")
    try:
        header, body = (msgspec.json.decode(_bytes(one)) for one in pieces[:2])
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise SiteTokenInvalid(reason="form") from error
    if not isinstance(header, dict) or not isinstance(body, dict):
        raise SiteTokenInvalid(reason="form")
    return header, body


def _user(said: dict[str, Any], *, site: SiteId, audience: str, now: datetime) -> SiteUser:
    if unknown := sorted(set(said) - _CLAIMS):
        raise SiteTokenInvalid(reason=f"claim {unknown[0]}")
    if said.get("iss") != site or said.get("aud") != audience:
        raise SiteTokenInvalid(reason="iss or aud")
    issued, ends = _time(said.get("iat")), _time(said.get("exp"))
    if not issued - _DRIFT <= now < ends or ends - issued > LONGEST:
        raise SiteTokenInvalid(reason="iat or exp")
    return SiteUser(
        sub=_text(said, "sub", 1, 200),
        jti=_text(said, "jti", 8, 200),
        name=_text(said, "name", 0, 96),
        ends_at=ends,
    )


def _time(said: object) -> datetime:
    if isinstance(said, bool) or not isinstance(said, int):
        raise SiteTokenInvalid(reason="iat or exp")
    try:
        return datetime.fromtimestamp(said, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise SiteTokenInvalid(reason="iat or exp") from error


def _text(said: dict[str, Any], name: str, shortest: int, longest: int) -> str:
    text = said.get(name, "")
    if not isinstance(text, str) or not shortest <= len(text) <= longest:
        raise SiteTokenInvalid(reason=name)
    return text


def key_in(kid: str, pem: bytes) -> SiteKey:
    """A public key as a site's developer hands it over.

    Raises:
        BadSiteKey: it is no public key on P-256 or Ed25519.
    """
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise BadSiteKey from error
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return SiteKey(kid=kid, alg="ES256", key=pem)
    if isinstance(key, Ed25519PublicKey):
        return SiteKey(kid=kid, alg="EdDSA", key=pem)
    raise BadSiteKey


def lock_secret(secret: bytes, *, key: bytes, site: SiteId, kid: str) -> bytes:
    """How a shared secret is kept: a dump of the table does not show it."""
    nonce = new_salt()[:_NONCE]
    return nonce + AESGCM(key).encrypt(nonce, secret, f"{site}|{kid}".encode())


def unlocked(kept: SiteKey, *, key: bytes, site: SiteId) -> SiteKey:
    """Raises cryptography.exceptions.InvalidTag: another key, or another site's row."""
    if kept.alg != "HS256":
        return kept
    bound = f"{site}|{kept.kid}".encode()
    secret = AESGCM(key).decrypt(kept.key[:_NONCE], kept.key[_NONCE:], bound)
    return msgspec.structs.replace(kept, key=secret)


def mark_of(site: SiteId, sub: str, *, key: bytes) -> str:
    """How a site's user is known again, without keeping the site's name for them."""
    return hmac.digest(key, f"{site}\0{sub}".encode(), "sha256").hex()
