"""Keys of the vault: files outside the data folder, readable by their owner alone.

The serving process reads the public key, with which it seals, and the index key, with which it
knows a person again. The private key that a first start makes lies there until `gentie vault
lock` puts it under lock together with a new one; until then nothing that names anybody is sealed.
"""

import hashlib
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from typing_extensions import override

from gentie.kernel.chance import new_salt


class KeyFault(RuntimeError):
    """A key file is missing, unreadable or not a key. The message names it and says what helps."""


class VaultFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where the keys of an instance's vault lie."""

    public: Path
    private: Path
    """The one of the first start. Gone once the keys are locked."""
    locked: Path
    tenant: str


class OlderKey(msgspec.Struct, frozen=True):
    """A key that persons are still asked by, and none is written under any more."""

    version: int
    key: bytes

    @override
    def __repr__(self) -> str:
        return f"OlderKey(version={self.version})"


class IndexKey(msgspec.Struct, frozen=True):
    version: int
    key: bytes
    """32 bytes. Printed nowhere."""
    older: tuple[OlderKey, ...] = ()
    """Newest first. Kept until nobody is known by them alone."""
    root: bytes = b""
    """What other keys are made from, so that they stay when the index has a new one. Empty: `key`.
    """

    def derive(self, purpose: str) -> bytes:
        """A key of its own for another purpose. 32 bytes. The same after a rotation."""
        made_from = self.root or self.key
        return HKDFExpand(SHA256(), 32, f"gentie/{purpose}".encode()).derive(made_from)

    def all_keys(self) -> list[tuple[int, bytes]]:
        """Versions and keys, the newest first."""
        return [(self.version, self.key), *((one.version, one.key) for one in self.older)]

    def rotated(self, key: bytes) -> "IndexKey":
        """From now on persons are written down under `key`, and still found by the others."""
        older = (OlderKey(self.version, self.key), *self.older)
        return IndexKey(self.version + 1, key, older, self.root or self.key)

    def without(self, version: int) -> "IndexKey":
        """Nobody is asked by this older key any more."""
        left = tuple(one for one in self.older if one.version != version)
        return msgspec.structs.replace(self, older=left)

    @override
    def __repr__(self) -> str:
        return f"IndexKey(version={self.version})"


def make_seal_keys(public: Path, private: Path) -> None:
    """Write a new key pair. Leaves both alone when the public key is there already."""
    if public.exists():
        return
    key = X25519PrivateKey.generate()
    pkcs8 = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # The private one first: records sealed to a key that was never kept would be lost.
    _write_once(private, pkcs8)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    _write_once(public, key.public_key().public_bytes(serialization.Encoding.PEM, spki))


def load_public_key(path: Path) -> X25519PublicKey:
    """Raises KeyFault: there is no X25519 public key in the file."""
    try:
        key = serialization.load_pem_public_key(_read(path))
    except ValueError as error:
        raise KeyFault(f"{path} holds no public key") from error
    if not isinstance(key, X25519PublicKey):
        raise KeyFault(f"{path} holds another kind of public key than X25519")
    return key


def key_id(public: X25519PublicKey) -> str:
    """Names a key pair, so that what was sealed finds its key after there is a newer one."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def new_private_key() -> X25519PrivateKey:
    """Return one that exists in memory only."""
    return X25519PrivateKey.generate()


def replace_public_key(path: Path, public: X25519PublicKey) -> None:
    """From now on everything is sealed for another private key."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    _write_once(draft, public.public_bytes(serialization.Encoding.PEM, spki))
    draft.replace(path)


def destroy_file(path: Path) -> None:
    """Write over a key file and delete it. What a disk keeps elsewhere is not in our hands."""
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def load_private_key(path: Path) -> X25519PrivateKey:
    """For the process that opens, never for the one that serves.

    Raises:
        KeyFault: there is no X25519 private key in the file.
    """
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except ValueError as error:
        raise KeyFault(f"{path} holds no private key") from error
    if not isinstance(key, X25519PrivateKey):
        raise KeyFault(f"{path} holds another kind of private key than X25519")
    return key


def load_or_make_index_key(path: Path) -> IndexKey:
    """Raises KeyFault: the file is there and holds no index key."""
    if not path.exists():
        _write_once(path, msgspec.json.encode(IndexKey(1, new_salt())))
    try:
        return msgspec.json.decode(_read(path), type=IndexKey)
    except msgspec.DecodeError as error:
        raise KeyFault(f"{path} holds no index key") from error


def replace_index_key(path: Path, key: IndexKey) -> None:
    """Write it in place of the one before. What serves has to be started again."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    _write_once(draft, msgspec.json.encode(key))
    draft.replace(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFault(f"cannot read {path}: {error.strerror}") from error


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
