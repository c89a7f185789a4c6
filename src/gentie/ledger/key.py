"""The signing key of one log: a file outside the database, in the format of signed notes."""

import base64
import os
from pathlib import Path
from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gentie.ledger import note
from gentie.ledger.files import sync_folder, temporary

_PREFIX = "PRIVATE+KEY+"


class BadKey(Exception):
    """The file is not a signing key, or the origin cannot name a log."""


class PublicLog(msgspec.Struct, frozen=True):
    """What the world is told about the log."""

    origin: str
    vkey: str


class SigningKey(msgspec.Struct, frozen=True):
    """Name and key belong together: both are in the file, and neither is in the database."""

    origin: str
    private: Ed25519PrivateKey
    path: Path | None = None
    """The file it lies in. None: only in memory."""

    @property
    def vkey(self) -> str:
        """What verifiers are given, in one line."""
        return note.vkey_of(self.origin, self.private)

    @property
    def public(self) -> PublicLog:
        return PublicLog(self.origin, self.vkey)

    def sign(self, checkpoint: note.Checkpoint) -> str:
        return note.sign(checkpoint, self.private)

    @classmethod
    def load_or_create(cls, path: Path, *, origin: str) -> Self:
        """Load the key of the log; make one named `origin` where there is none (mode 0600).

        The name of an existing key stands: another name is a new epoch (`keeping.begin_epoch`).

        Raises:
            BadKey: the file is no signing key, or `origin` cannot name a log.
        """
        if not path.exists():
            _create(path, origin)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises BadKey: there is no signing key in this file."""
        try:
            text = path.read_text(encoding="utf-8")
            origin, seed = text.removeprefix(_PREFIX).rstrip("\n").split("+", 1)
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))
        except (OSError, ValueError) as error:
            raise BadKey(f"{path} is not a signing key: {error}") from error
        if not text.startswith(_PREFIX) or not note.is_origin(origin):
            raise BadKey(f"{path} is not a signing key")
        return cls(origin, private, path)


def _create(path: Path, origin: str) -> None:
    if not note.is_origin(origin):
        raise BadKey(f"{origin!r} cannot name a log: letters, digits and ._:/@#- only")
    seed = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    made = temporary(path, f"{_PREFIX}{origin}+{seed}\n")
    try:
        os.link(made, path)  # unlike a rename, never over the key of another process
    except FileExistsError:
        pass  # theirs is as good
    finally:
        made.unlink()
    sync_folder(path.parent)
