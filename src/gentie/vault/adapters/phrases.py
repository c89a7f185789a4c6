"""The key in three shares, each under the phrase of one officer; any two of them open it."""

from collections.abc import Mapping
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gentie.kernel.chance import new_salt
from gentie.vault.locked import KeeperClosed
from gentie.vault.sealing import NONCE
from gentie.vault.shares import join, split

NEEDED: Final = 2
OFFICERS: Final = 3
SHORTEST: Final = 16
"""Characters of a phrase: four or five words."""
_MEMORY_KIB: Final = 64 * 1024


class _Share(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    officer: str
    salt: bytes
    closed: bytes


class Phrases:
    """`entered` are the phrases by officer: all three to lock, two to open."""

    name = "phrases"

    def __init__(self, entered: Mapping[str, str]) -> None:
        self._entered = entered

    def lock(self, key: bytes) -> bytes:
        """Raises KeeperClosed: not three officers with phrases of their own."""
        phrases = [*self._entered.values()]
        if len(phrases) != OFFICERS or len({*phrases}) != OFFICERS:
            raise KeeperClosed(f"{OFFICERS} officers are needed, each with a phrase of their own")
        if short := [who for who, phrase in self._entered.items() if len(phrase) < SHORTEST]:
            raise KeeperClosed(f"the phrase of {short[0]} is shorter than {SHORTEST} characters")
        shares = split(key, among=OFFICERS, needed=NEEDED)
        closed = zip(shares.items(), self._entered.items(), strict=True)
        return msgspec.json.encode([_close(n, share, *who) for (n, share), who in closed])

    def unlock(self, locked: bytes) -> bytes:
        """Raises KeeperClosed: fewer than two phrases are right."""
        shares = msgspec.json.decode(locked, type=list[_Share])
        asked = [one for one in shares if one.officer in self._entered]
        opened = {one.number: _open(one, self._entered[one.officer]) for one in asked}
        if len(opened) < NEEDED:
            known = ", ".join(one.officer for one in shares)
            raise KeeperClosed(f"phrases of {NEEDED} officers are needed, of: {known}")
        return join(opened)


def _close(number: int, share: bytes, officer: str, phrase: str) -> _Share:
    salt, nonce = new_salt(), new_salt()[:NONCE]
    closed = AESGCM(_stretched(phrase, salt)).encrypt(nonce, share, _bound(number, officer))
    return _Share(number=number, officer=officer, salt=salt, closed=nonce + closed)


def _open(share: _Share, phrase: str) -> bytes:
    cipher = AESGCM(_stretched(phrase, share.salt))
    nonce, closed = share.closed[:NONCE], share.closed[NONCE:]
    try:
        return cipher.decrypt(nonce, closed, _bound(share.number, share.officer))
    except InvalidTag as error:
        raise KeeperClosed(f"this is not the phrase of {share.officer}") from error


def _stretched(phrase: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=_MEMORY_KIB)
    return kdf.derive(" ".join(phrase.split()).encode())


def _bound(number: int, officer: str) -> bytes:
    return f"gentie/share|{number}|{officer}".encode()
