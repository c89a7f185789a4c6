"""Passwords: Argon2id, slow on purpose. Hash and compare outside of any transaction."""

import unicodedata
from base64 import b64encode
from functools import cache

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gentie.accounts.model import MIN_PASSWORD, PasswordTooLong, PasswordTooShort
from gentie.kernel.chance import new_salt

LONGEST = 256
"""Characters. Hashing without a limit would be work for free."""
MEMORY_KIB = 19 * 1024
_ITERATIONS = 2


def hash_password(password: str) -> str:
    """Return what is stored, in PHC format. Some 70 ms and 19 MiB.

    Raises:
        PasswordTooShort, PasswordTooLong: counted in characters.
    """
    if len(password) < MIN_PASSWORD:
        raise PasswordTooShort(shortest=MIN_PASSWORD)
    if len(password) > LONGEST:
        raise PasswordTooLong(longest=LONGEST)
    kdf = Argon2id(
        salt=new_salt()[:16], length=32, iterations=_ITERATIONS, lanes=1, memory_cost=MEMORY_KIB
    )
    return kdf.derive_phc_encoded(_octets(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether `password` fits. None, for a name that nobody has, takes as long and is never right.

    The answer to a wrong name must not come sooner than the answer to a wrong password.
    """
    try:
        Argon2id.verify_phc_encoded(_octets(password[:LONGEST]), stored or nobodys())
    except InvalidKey:
        return False
    return stored is not None and len(password) <= LONGEST


@cache
def nobodys() -> str:
    """A hash that nothing fits.

    Made without hashing: the first name that nobody has takes no longer than the next.
    """
    salt, digest = (b64encode(part).rstrip(b"=").decode() for part in (new_salt()[:16], new_salt()))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={_ITERATIONS},p=1${salt}${digest}"


def _octets(password: str) -> bytes:
    # One person's keyboards disagree on composed letters; lone surrogates never match anything.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
