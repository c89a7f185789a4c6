"""What an old site signs about who had which account there. Pure.

A statement is a JWT. Its key says about which archive of which site it may speak; the header
does not choose how it is checked, the key does: only Ed25519 and P-256, never a shared secret.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry
from typing_extensions import override

from gentie.comments.model import BadClaimKey, BadStatement, ClaimKey
from gentie.kernel.ids import SiteId

LONGEST_TERM: Final = timedelta(minutes=10)
"""From `iat` to `exp`: it is made for somebody who is there and goes on at once."""
LEEWAY: Final = 60
"""Seconds a clock may be off."""
LONGEST: Final = 4000
"""Characters of a statement."""
_KEYS: Final[dict[str, tuple[type[OKPKey | ECKey], str, list[str]]]] = {
    "OKP": (OKPKey, "Ed25519", ["Ed25519", "EdDSA"]),
    "EC": (ECKey, "P-256", ["ES256"]),
}
"""By `kty`: what reads it, the only curve, and how it may sign."""
_LONGEST_JTI: Final = 200
_ACCOUNT: Final = re.compile(r"(user|mail|account):\S.{0,300}", re.DOTALL)


class _Registry(JWSRegistry):
    """Takes the older name of Ed25519 without complaint.

    Most libraries write it, and the key says which curve it is.
    """

    @override
    def get_alg(self, name: str) -> Any:
        older = name == "EdDSA" and name in (self.allowed or ())
        return self.algorithms[name] if older else super().get_alg(name)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What remains of one once everything about it is right."""

    account: str
    """`user:` and the old id, or `mail:` and the address in small letters."""
    old_site: str | None
    """Of several old sites in one archive, which. None: it does not say."""
    jti: str
    """Digest of what names it."""
    until: datetime
    """When it would be refused anyway."""


def audience_of(public_url: str, site: SiteId) -> str:
    """Whom a statement has to be made for: this service, and one site of it."""
    return f"{public_url.rstrip('/')}/sites/{site}"


def read_public_key(text: str) -> tuple[str, str]:
    """The id and the JWK of a public key in PEM or JWK. Raises BadClaimKey: it is none we take."""
    for kind, curve, _ in _KEYS.values():
        try:
            given = msgspec.json.decode(text) if text.lstrip().startswith("{") else text
            key = kind.import_key(given)
        except (JoseError, ValueError, TypeError, KeyError, msgspec.DecodeError):
            continue
        if key.is_private:
            raise BadClaimKey(reason="private")
        if key.curve_name == curve:
            said = key.as_dict(private=False)
            public = {name: said[name] for name in ("kty", "crv", "x", "y") if name in said}
            return key.thumbprint(), msgspec.json.encode(public).decode()
    raise BadClaimKey(reason="kind")


def key_id_of(token: str) -> str:
    """Which key a statement says it is signed with. Raises BadStatement."""
    if len(token) > LONGEST:
        raise BadStatement(reason="format")
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError, UnicodeError) as error:
        raise BadStatement(reason="format") from error
    if not isinstance(named, str):
        raise BadStatement(reason="key")
    return named


def read_statement(
    token: str, key: ClaimKey | None, *, public_url: str, now: datetime
) -> Statement:
    """Raises BadStatement: with what is wrong with it, for whoever builds the old site's part."""
    if key is None or key.ended_at is not None:
        raise BadStatement(reason="key")
    claims = _claims_of(token, key)
    _require(claims.get("iss") == key.source, "issuer")
    wanted = audience_of(public_url, key.site)
    _require(claims.get("aud") in (wanted, [wanted]), "audience")
    began, ends = _second(claims, "iat"), _second(claims, "exp")
    _require(began <= int(now.timestamp()) + LEEWAY, "not-yet")
    _require(int(now.timestamp()) < ends + LEEWAY, "expired")
    _require(0 < ends - began <= LONGEST_TERM.total_seconds(), "term")
    jti, account = _word(claims, "jti"), _word(claims, "sub")
    _require(0 < len(jti) <= _LONGEST_JTI, "jti")
    _require(_ACCOUNT.fullmatch(account) is not None, "subject")
    kind, _, who = account.partition(":")
    return Statement(
        account=f"{kind}:{who.strip().lower() if kind == 'mail' else who.strip()}",
        old_site=_word(claims, "old_site") if "old_site" in claims else None,
        jti=hashlib.sha256(jti.encode("utf-8", "replace")).hexdigest(),
        until=datetime.fromtimestamp(ends + LEEWAY, UTC),
    )


def _claims_of(token: str, key: ClaimKey) -> dict[str, Any]:
    jwk = msgspec.json.decode(key.jwk)
    kind, _, algorithms = _KEYS[jwk["kty"]]
    try:
        registry = _Registry(algorithms=algorithms)
        return dict(jwt.decode(token, kind.import_key(jwk), registry=registry).claims)
    except (JoseError, ValueError, TypeError, UnicodeError) as error:
        raise BadStatement(reason="signature") from error


def _require(holds: bool, reason: str) -> None:  # noqa: FBT001 a condition
    if not holds:
        raise BadStatement(reason=reason)


def _second(claims: dict[str, Any], name: str) -> int:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 2**40:
        raise BadStatement(reason=name)
    return int(found)


def _word(claims: dict[str, Any], name: str) -> str:
    found = claims.get(name)
    if not isinstance(found, str):
        raise BadStatement(reason=name)
    return found
