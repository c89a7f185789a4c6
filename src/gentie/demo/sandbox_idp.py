"""The sandbox identity provider: verifies nobody. OpenID Connect with made-up people to pick.

The demo mounts it, and nothing else does. It keeps the protocol strictly (PKCE S256, exact
redirect address, one use of each code), so that what works with it works with a real provider.
Everything is in memory and gone when the process ends.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.clock import Clock

FRAMEWORK: Final = "sandbox"
AGE: Final = "age_band"
"""The claim with it."""
TERM: Final = timedelta(minutes=5)
"""How long a request, a code or an access token is good for."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody made up."""

    id: str
    name: str
    level: str
    """Of low, substantial, high."""
    verified_days_ago: int
    shows: str
    """What picking this one shows: full, youth, child, weak or stale."""
    age: str = "adult"
    """The band, where it is asked for."""


PEOPLE: Final = (
    Person(id="lin", name="林小满", level="high", verified_days_ago=20, shows="full"),
    Person(id="zhou", name="周一舟", level="high", verified_days_ago=3, shows="full"),
    Person(id="brook", name="Ada Brook", level="substantial", verified_days_ago=90, shows="full"),
    Person(id="qing", name="许小青", level="high", verified_days_ago=8, shows="youth", age="14-17"),
    Person(
        id="mi", name="孙小米", level="high", verified_days_ago=8, shows="child", age="under-14"
    ),
    Person(id="wu", name="吴小弱", level="low", verified_days_ago=5, shows="weak"),
    Person(id="chen", name="陈年旧", level="high", verified_days_ago=4000, shows="stale"),
)


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Who may ask, and where answers go."""

    id: str
    secret: str
    redirect_uri: str


class ProtocolError(Exception):
    """A request that breaks the protocol. `code` is OAuth's word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request at the authorization endpoint, and later what a code or token stands for."""

    state: str
    nonce: str
    challenge: str
    framework: str | None
    claims: frozenset[str]
    until: datetime
    person: Person | None = None


class Sandbox:
    """One provider with one client."""

    def __init__(self, issuer: str, client: Client, *, clock: Clock) -> None:
        self.issuer, self.client, self._clock = issuer, client, clock
        self.signing_key = ECKey.generate_key("P-256", {"use": "sig", "kid": new_secret()})
        self._asked: dict[str, _Asked] = {}
        """By digest of the request, code or access token."""

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "claims_parameter_supported": True,
            "verified_claims_supported": True,
            "trust_frameworks_supported": [FRAMEWORK],
            "claims_in_verified_claims_supported": ["sector_id", AGE],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.signing_key.as_dict(private=False)]}

    def ask(self, query: Mapping[str, str]) -> str:
        """Take an authorization request. Returns its handle, for the page with the people.

        Raises:
            ProtocolError: not from our client, or without PKCE; nobody is redirected anywhere.
        """
        expected = {
            "client_id": self.client.id,
            "redirect_uri": self.client.redirect_uri,
            "response_type": "code",
            "code_challenge_method": "S256",
        }
        if any(query.get(name) != value for name, value in expected.items()):
            raise ProtocolError("invalid_request")
        if not all(query.get(name) for name in ("state", "nonce", "code_challenge")):
            raise ProtocolError("invalid_request")
        wanted = _wanted_in(query.get("claims", "{}"))
        return self._keep(
            _Asked(
                state=query["state"],
                nonce=query["nonce"],
                challenge=query["code_challenge"],
                framework=_framework_in(wanted),
                claims=_claims_in(wanted),
                until=self._clock() + TERM,
            )
        )

    def pick(self, handle: str, person_id: str) -> str:
        """Say who it is; an unknown person declines. Returns where the browser goes back to.

        Raises:
            ProtocolError: the request is unknown, too old or answered.
        """
        asked = self._take(handle)
        person = next((one for one in PEOPLE if one.id == person_id), None)
        answer = {"state": asked.state, "iss": self.issuer}
        if person is None:
            answer["error"] = "access_denied"
        else:
            kept = msgspec.structs.replace(asked, person=person, until=self._clock() + TERM)
            answer["code"] = self._keep(kept)
        return f"{self.client.redirect_uri}?{urlencode(answer)}"

    def token(self, form: Mapping[str, str], authorization: str) -> dict[str, Any]:
        """Exchange a code. It is used up also when the exchange fails.

        Raises:
            ProtocolError: a wrong client, code, redirect address or verifier.
        """
        given = f"{self.client.id}:{self.client.secret}".encode()
        basic = f"Basic {base64.b64encode(given).decode()}"
        if not hmac.compare_digest(authorization.encode(), basic.encode()):
            raise ProtocolError("invalid_client")
        asked = self._take(form.get("code", ""))
        challenge = _s256(form.get("code_verifier", ""))
        same_place = form.get("redirect_uri") == self.client.redirect_uri
        if form.get("grant_type") != "authorization_code" or not same_place:
            raise ProtocolError("invalid_grant")
        if not hmac.compare_digest(challenge, asked.challenge) or asked.person is None:
            raise ProtocolError("invalid_grant")
        kept = msgspec.structs.replace(asked, until=self._clock() + TERM)
        return {
            "access_token": self._keep(kept),
            "token_type": "Bearer",
            "expires_in": int(TERM.total_seconds()),
            "id_token": self._id_token(asked.person, asked.nonce),
        }

    def userinfo(self, authorization: str) -> dict[str, Any]:
        """What was asked for of the person, back channel only.

        Raises:
            ProtocolError: the access token is unknown or too old.
        """
        asked = self._find(authorization.removeprefix("Bearer "))
        if asked.person is None:
            raise ProtocolError("invalid_token")
        answer: dict[str, Any] = {"sub": self.subject_of(asked.person)}
        if asked.framework == FRAMEWORK:
            answer["verified_claims"] = self._verified(asked.person, asked.claims)
        return answer

    def _verified(self, person: Person, asked: frozenset[str]) -> dict[str, Any]:
        at = self._clock() - timedelta(days=person.verified_days_ago)
        return {
            "verification": {
                "trust_framework": FRAMEWORK,
                "assurance_level": person.level,
                "time": at.isoformat(timespec="seconds"),
            },
            "claims": {name: said for name, said in _claims_of(person).items() if name in asked},
        }

    def _id_token(self, person: Person, nonce: str) -> str:
        now = self._clock()
        claims = {
            "iss": self.issuer,
            "sub": self.subject_of(person),
            "aud": self.client.id,
            "iat": int(now.timestamp()),
            "exp": int((now + TERM).timestamp()),
            "nonce": nonce,
        }
        return jwt.encode({"alg": "ES256", "kid": self.signing_key.kid}, claims, self.signing_key)

    def subject_of(self, person: Person) -> str:
        """Pairwise: another client would be told another subject."""
        return digest_of(f"{self.issuer}|{self.client.id}|{person.id}")

    def _keep(self, asked: _Asked) -> str:
        self._asked = {k: v for k, v in self._asked.items() if v.until > self._clock()}
        handle = new_secret()
        self._asked[digest_of(handle)] = asked
        return handle

    def _take(self, handle: str) -> _Asked:
        found = self._find(handle)
        del self._asked[digest_of(handle)]
        return found

    def _find(self, handle: str) -> _Asked:
        found = self._asked.get(digest_of(handle))
        if found is None or found.until <= self._clock():
            raise ProtocolError("invalid_grant")
        return found


def _claims_of(person: Person) -> dict[str, str]:
    return {"sector_id": f"sandbox-{person.id}", AGE: person.age}


def _wanted_in(claims: str) -> Any:
    """What the `claims` parameter asks of `verified_claims`."""
    try:
        return msgspec.json.decode(claims)["userinfo"]["verified_claims"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return {}


def _framework_in(wanted: Any) -> str | None:
    """Which trust framework is asked for."""
    try:
        return str(wanted["verification"]["trust_framework"]["value"])
    except (KeyError, TypeError):
        return None


def _claims_in(wanted: Any) -> frozenset[str]:
    try:
        return frozenset(wanted["claims"])
    except (KeyError, TypeError):
        return frozenset()


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
