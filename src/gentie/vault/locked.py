"""The private keys of the vault under lock: one file, which opens with what a keeper holds.

Imported only by the process that opens. Keys are locked together under a key of their own; what a
keeper locks is that key, so changing the keeper does not touch what was sealed.
"""

import os
from pathlib import Path
from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gentie.kernel.chance import new_salt
from gentie.vault.keys import KeyFault, key_id
from gentie.vault.sealing import NONCE

_WHAT: Final = b"gentie/vault/private"


class KeeperClosed(KeyFault):
    """The keeper does not give the key: too few phrases, a wrong one, a sealed store, no token."""


class Keeper(Protocol):
    """Holds the key that the vault's private keys are locked with, or can make it usable."""

    name: str

    def lock(self, key: bytes) -> bytes:
        """Return 32 bytes of key in a form that only `unlock` undoes. Raises KeeperClosed."""
        ...

    def unlock(self, locked: bytes) -> bytes:
        """Raises KeeperClosed: not with what was entered."""
        ...


class Locked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in the file."""

    keeper: str
    publics: tuple[str, ...]
    """Ids of the key pairs whose private halves are inside, oldest first."""
    key: bytes
    """The key of `bundle`, as the keeper locked it."""
    bundle: bytes


def lock_keys(privates: list[X25519PrivateKey], keeper: Keeper) -> Locked:
    """Lock keys, oldest first. Raises KeeperClosed."""
    key, nonce = new_salt(), new_salt()[:NONCE]
    raw = msgspec.json.encode([one.private_bytes_raw() for one in privates])
    return Locked(
        keeper=keeper.name,
        publics=tuple(key_id(one.public_key()) for one in privates),
        key=keeper.lock(key),
        bundle=nonce + AESGCM(key).encrypt(nonce, raw, _WHAT),
    )


def unlock_keys(locked: Locked, keeper: Keeper) -> dict[str, X25519PrivateKey]:
    """The private keys by id. They are in memory only, for as long as the caller keeps them.

    Raises:
        KeeperClosed: another keeper, or not with what was entered.
    """
    if keeper.name != locked.keeper:
        raise KeeperClosed(f"the keys are kept by {locked.keeper!r}, not by {keeper.name!r}")
    try:
        cipher = AESGCM(keeper.unlock(locked.key))
        raw = cipher.decrypt(locked.bundle[:NONCE], locked.bundle[NONCE:], _WHAT)
    except (InvalidTag, ValueError) as error:
        raise KeeperClosed("what was entered does not open the keys") from error
    found = [
        X25519PrivateKey.from_private_bytes(one)
        for one in msgspec.json.decode(raw, type=list[bytes])
    ]
    return {key_id(one.public_key()): one for one in found}


def write_locked(path: Path, locked: Locked) -> None:
    """Put the file in place as a whole: a crash leaves the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(locked)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_locked(path: Path) -> Locked:
    """Raises KeyFault: there is no such file, or something else is in it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Locked)
    except OSError as error:
        raise KeyFault(
            f"cannot read {path}: {error.strerror}; `gentie vault lock` makes it"
        ) from error
    except msgspec.DecodeError as error:
        raise KeyFault(f"{path} holds no locked keys") from error
