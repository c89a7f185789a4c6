"""A ticket is one secret in a person's browser from which an OIDC exchange is made. Pure.

The state ties the callback to the browser that set out, the nonce ties the id token to it, the
verifier (PKCE) ties the code to us. None of them has to be stored.
"""

import base64
import hashlib
import hmac


def state_of(ticket: str) -> str:
    return _made_from(ticket, "state")


def nonce_of(ticket: str) -> str:
    return _made_from(ticket, "nonce")


def verifier_of(ticket: str) -> str:
    return _made_from(ticket, "verifier")


def challenge_of(ticket: str) -> str:
    """The S256 challenge of RFC 7636."""
    return _base64(hashlib.sha256(verifier_of(ticket).encode()).digest())


def belongs(state: str, ticket: str) -> bool:
    return hmac.compare_digest(state.encode(), state_of(ticket).encode())


def csrf_of(token: str) -> str:
    """The CSRF token of a cookie session: who can read it has the session's own page."""
    return _made_from(token, "csrf")


def _made_from(secret: str, purpose: str) -> str:
    return _base64(hmac.digest(secret.encode(), f"gentie/{purpose}".encode(), "sha256"))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
