"""Tokens as a site's server signs them, and as others would."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jws
from joserfc.jwk import ECKey

from gentie.visits.model import SiteKey
from tests.newsroom import NOON

SECRET = b"a shared secret of thirty-two b!"
_EC, _ED = generate_private_key(SECP256R1()), Ed25519PrivateKey.generate()


def _pem(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def public_pem(alg: str) -> bytes:
    key = _EC.public_key() if alg == "ES256" else _ED.public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


KEYS = {
    "ec": SiteKey(kid="ec", alg="ES256", key=public_pem("ES256")),
    "ed": SiteKey(kid="ed", alg="EdDSA", key=public_pem("EdDSA")),
    "hs": SiteKey(kid="hs", alg="HS256", key=SECRET),
}


def claims(**changes: Any) -> dict[str, Any]:
    """None leaves a claim out."""
    now = int(NOON.timestamp())
    said = {
        "iss": "notebook",
        "aud": "http://gentie.test",
        "sub": "user-17",
        "iat": now,
        "exp": now + 300,
        "jti": "token-number-1",
        "name": "harbour light",
    }
    return {name: one for name, one in (said | changes).items() if one is not None}


def signed(kid: str = "ec", *, said: dict[str, Any] | None = None, **changes: Any) -> str:
    body = json.dumps(claims(**changes) if said is None else said).encode()
    alg = KEYS[kid].alg
    if alg == "HS256":
        return by_secret({"alg": alg, "kid": kid}, body, SECRET)
    if alg == "EdDSA":
        text = f"{_base64(json.dumps({'alg': alg, 'kid': kid}).encode())}.{_base64(body)}"
        return f"{text}.{_base64(_ED.sign(text.encode()))}"
    key = ECKey.import_key(_pem(_EC))
    return jws.serialize_compact({"alg": alg, "kid": kid}, body, key, algorithms=[alg])


def by_ed25519(head: dict[str, Any]) -> str:
    """Signed well, whatever the head says of how."""
    text = f"{_base64(json.dumps(head).encode())}.{_base64(json.dumps(claims()).encode())}"
    return f"{text}.{_base64(_ED.sign(text.encode()))}"


def by_secret(head: dict[str, Any], body: bytes, secret: bytes) -> str:
    """Also for tokens that no honest server makes."""
    text = f"{_base64(json.dumps(head).encode())}.{_base64(body)}"
    return f"{text}.{_base64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def unsigned(head: dict[str, Any]) -> str:
    return f"{_base64(json.dumps(head).encode())}.{_base64(json.dumps(claims()).encode())}."


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
