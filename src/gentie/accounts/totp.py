"""The second factor of staff: time-based codes (RFC 6238), six digits, 30 seconds, SHA-1.

Pure but for the nonce. A secret is kept encrypted under a key outside the database, so that a
console or a dump that shows the row does not show the secret.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gentie.kernel.chance import new_salt

STEP = 30
"""Seconds one code is good for."""
_DRIFT = (-1, 0, 1)
"""Steps a clock may be off."""
_NONCE = 12


def new_factor() -> bytes:
    """Return a new shared secret: 160 random bits, as RFC 4226 asks."""
    return new_salt()[:20]


def code_of(secret: bytes, counter: int) -> str:
    """The six digits for one step of time."""
    digest = hmac.digest(secret, counter.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06}"


def counter_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def matching_counter(secret: bytes, code: str, *, after: int, now: datetime) -> int | None:
    """The step whose code this is. None: wrong, too old, or not later than `after`.

    `after` is the step of the last code used, so that one seen over a shoulder works no more.
    """
    here = counter_at(now)
    found = None
    for counter in (here + drift for drift in _DRIFT):
        fits = hmac.compare_digest(code_of(secret, counter).encode(), code.encode())
        if fits and counter > after:
            found = counter
    return found


def encrypt(secret: bytes, *, key: bytes, holder: str) -> bytes:
    nonce = new_salt()[:_NONCE]
    return nonce + AESGCM(key).encrypt(nonce, secret, holder.encode())


def decrypt(stored: bytes, *, key: bytes, holder: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag: another key, or another holder's row."""
    return AESGCM(key).decrypt(stored[:_NONCE], stored[_NONCE:], holder.encode())


def as_base32(secret: bytes) -> str:
    """How authenticator apps take a secret that is typed in."""
    return base64.b32encode(secret).decode().rstrip("=")


def as_uri(secret: bytes, *, name: str) -> str:
    """How authenticator apps take a secret that is scanned."""
    return f"otpauth://totp/Gentie:{quote(name)}?secret={as_base32(secret)}&issuer=Gentie"
