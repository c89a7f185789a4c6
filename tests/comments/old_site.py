"""An old site for tests: it has a key pair, and signs what it is asked to."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from gentie.comments.archive.names.statements import audience_of, read_public_key
from gentie.comments.model import ClaimKey
from gentie.kernel.ids import ActorId, SiteId

BASE = "http://gentie.test"


class OldSite:
    def __init__(self, site: SiteId, source: str, now: datetime, *, kind: str = "OKP") -> None:
        self.site, self.source, self.now = site, source, now
        self.key = OKPKey.generate_key("Ed25519") if kind == "OKP" else ECKey.generate_key("P-256")
        self.algorithm = "Ed25519" if kind == "OKP" else "ES256"
        self.pem = self.key.as_pem(private=False).decode()
        self.kid, self.jwk = read_public_key(self.pem)

    @property
    def known(self) -> ClaimKey:
        """As it is kept here."""
        return ClaimKey(
            id=self.kid,
            site=self.site,
            source=self.source,
            jwk=self.jwk,
            where="",
            added_by=ActorId("operator"),
            added_at=self.now,
            ended_at=None,
        )

    def claims(self, account: str = "user:7", **other: Any) -> dict[str, Any]:
        """What a right statement says; None leaves a claim out."""
        right = {
            "iss": self.source,
            "sub": account,
            "aud": audience_of(BASE, self.site),
            "iat": int(self.now.timestamp()),
            "exp": int((self.now + timedelta(minutes=5)).timestamp()),
            "jti": "one",
        }
        return {name: value for name, value in (right | other).items() if value is not None}

    def says(self, account: str = "user:7", **other: Any) -> str:
        header = {"alg": self.algorithm, "kid": self.kid}
        claims = self.claims(account, **other)
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


def forged(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes | None) -> str:
    """Made by hand, as libraries will not: without a signature, or with a shared secret."""
    said = b".".join(_base64(json.dumps(one).encode()) for one in (header, claims))
    signature = b"" if secret is None else hmac.digest(secret, said, hashlib.sha256)
    return (said + b"." + _base64(signature)).decode()


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
