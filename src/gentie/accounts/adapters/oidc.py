"""OpenID Connect with an identity provider: code flow, PKCE S256, state and nonce.

What browsers carry is a code; what counts comes over the back channel. The id token ties the
answer to this exchange, the userinfo endpoint says what was verified.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gentie.accounts import tickets
from gentie.accounts.attestation import request_for
from gentie.accounts.model import NotVerified, ProviderUnavailable
from gentie.accounts.providers import Provider

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]
"""Signatures with a key pair only. Never "none", and no shared secret, for which a public key
could be passed off."""
_KEY_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
_LARGEST: Final = 256 * 1024
"""Bytes of an answer."""
_LEEWAY: Final = 60
"""Seconds a clock may be off."""
TIMEOUT: Final = 10.0
"""Seconds for each answer of a provider."""


class Endpoints(msgspec.Struct, frozen=True):
    """What we use of a discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser brought back."""

    state: str = ""
    code: str = ""
    iss: str = ""
    error: str = ""


class OidcClient:
    """Talks to one provider. `http` is shared and closed by whoever made it."""

    def __init__(self, provider: Provider, http: httpx.AsyncClient, *, redirect_uri: str) -> None:
        self.provider = provider
        self._http = http
        self._redirect_uri = redirect_uri
        self._endpoints: Endpoints | None = None

    async def way_out(self, ticket: str, *, vaulted: bool = False) -> str:
        """Where to send the browser. `vaulted`: who it is has to be told, too.

        Raises:
            ProviderUnavailable: its discovery document cannot be had, or is another's.
        """
        endpoints = await self._discover()
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": tickets.state_of(ticket),
            "nonce": tickets.nonce_of(ticket),
            "code_challenge": tickets.challenge_of(ticket),
            "code_challenge_method": "S256",
            "claims": msgspec.json.encode(request_for(self.provider, vaulted=vaulted)).decode(),
        }
        mark = "&" if urlsplit(endpoints.authorization_endpoint).query else "?"
        return f"{endpoints.authorization_endpoint}{mark}{urlencode(query)}"

    async def way_back(self, callback: Callback, ticket: str, *, now: datetime) -> dict[str, Any]:
        """Exchange the code and return the userinfo, proven to belong to this exchange.

        Raises:
            NotVerified: forged, expired, replayed, for another client, or a plain no.
            ProviderUnavailable: it does not answer, or not in its own protocol.
        """
        endpoints = await self._discover()
        self._require_ours(callback, ticket, endpoints)
        tokens = await self._exchange(endpoints, callback.code, ticket)
        subject = await self._subject_of(endpoints, tokens, ticket, now)
        bearer = {"authorization": f"Bearer {_text(tokens, 'access_token')}"}
        userinfo = await self._get(endpoints.userinfo_endpoint, bearer)
        if userinfo.get("sub") != subject:
            raise NotVerified(reason="subject")
        return userinfo

    def _require_ours(self, callback: Callback, ticket: str, endpoints: Endpoints) -> None:
        if not tickets.belongs(callback.state, ticket):
            raise NotVerified(reason="state")
        named = callback.iss or endpoints.authorization_response_iss_parameter_supported
        if named and callback.iss != self.provider.issuer:
            raise NotVerified(reason="issuer")  # RFC 9207: the answer of another provider
        if callback.error or not callback.code:
            raise NotVerified(reason="declined")

    async def _exchange(self, endpoints: Endpoints, code: str, ticket: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": tickets.verifier_of(ticket),
        }
        who, secret = self.provider.client_id, self.provider.client_secret
        if secret:
            basic = httpx.BasicAuth(quote_plus(who), quote_plus(secret))  # RFC 6749, 2.3.1
            return await self._ask(
                lambda: self._http.post(endpoints.token_endpoint, data=form, auth=basic)
            )
        public = {**form, "client_id": who}
        return await self._ask(lambda: self._http.post(endpoints.token_endpoint, data=public))

    async def _subject_of(
        self, endpoints: Endpoints, tokens: dict[str, Any], ticket: str, now: datetime
    ) -> str:
        """Whom the id token is about, once everything about it is right."""
        keys = await self._get(endpoints.jwks_uri)
        try:
            usable = [one for one in keys["keys"] if one.get("kty") in _KEY_KINDS]
            key_set = KeySet.import_key_set({"keys": usable})
            token = jwt.decode(_text(tokens, "id_token"), key_set, algorithms=ALGORITHMS)
            self._rules(ticket, now).validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotVerified(reason="id-token") from error
        audience = token.claims["aud"]
        alone = audience in (self.provider.client_id, [self.provider.client_id])
        if not alone and token.claims.get("azp") != self.provider.client_id:
            raise NotVerified(reason="id-token")
        return str(token.claims["sub"])

    def _rules(self, ticket: str, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            nonce={"essential": True, "value": tickets.nonce_of(ticket)},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    async def _discover(self) -> Endpoints:
        if self._endpoints is None:
            url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                found = msgspec.convert(await self._get(url), Endpoints)
            except (msgspec.ValidationError, NotVerified) as error:
                raise ProviderUnavailable(provider=self.provider.id) from error
            if found.issuer != self.provider.issuer:
                raise ProviderUnavailable(provider=self.provider.id)
            self._endpoints = found
        return self._endpoints

    async def _get(self, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        return await self._ask(lambda: self._http.get(url, headers=headers))

    async def _ask(self, send: Callable[[], Any]) -> dict[str, Any]:
        try:
            answer: httpx.Response = await send()
        except httpx.HTTPError as error:
            raise ProviderUnavailable(provider=self.provider.id) from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderUnavailable(provider=self.provider.id)
        if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
            raise NotVerified(reason="answer")
        try:
            return msgspec.json.decode(answer.content, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise NotVerified(reason="answer") from error


def _text(tokens: dict[str, Any], name: str) -> str:
    value = tokens.get(name)
    if not isinstance(value, str):
        raise NotVerified(reason="answer")
    return value
