"""Checkpoints: signed notes that state a tree's size and root (C2SP tlog-checkpoint)."""

import base64
import binascii
import re
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_NAME = re.compile(r"[A-Za-z0-9._:/@#-]{1,128}", re.ASCII)
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_SIGNATURE = re.compile(r"— ([^\s+]+) (\S+)")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
_BODY_LINES = 3
_ROOT_BYTES = 32
_KEY_ID_BYTES = 4


class BadNote(Exception):
    """Not a checkpoint, not a key, or not signed by the key that was named."""


class Checkpoint(msgspec.Struct, frozen=True):
    origin: str
    """Name of the log and of its key; a new one for each epoch (docs/operate-log.md)."""
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def vkey_of(origin: str, private: Ed25519PrivateKey) -> str:
    """What verifiers are given: name, key id and public key in one line."""
    public = ED25519 + private.public_key().public_bytes_raw()
    return f"{origin}+{_key_id(origin, public).hex()}+{_b64(public)}"


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """The signed note. The same checkpoint and key always give the same note."""
    public = ED25519 + private.public_key().public_bytes_raw()
    signed = _key_id(checkpoint.origin, public) + private.sign(checkpoint.body.encode())
    return f"{checkpoint.body}\n— {checkpoint.origin} {_b64(signed)}\n"


def is_origin(name: str) -> bool:
    """Whether a log may be called that, for example "news.example/log"; a leaf can name it too."""
    return _NAME.fullmatch(name) is not None


def read_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint without asking who signed it.

    Raises:
        BadNote: it is not one.
    """
    return _read(_parts(note)[0])


def open_checkpoint(note: str, vkey: str) -> Checkpoint:
    """Read a checkpoint that the log with this verification key has signed.

    Raises:
        BadNote: malformed, of another log, or the signature is false or missing.
    """
    name, key_id, public = _read_vkey(vkey)
    body, signatures = _parts(note)
    checkpoint = _read(body)
    if checkpoint.origin != name:
        raise BadNote(f"the checkpoint is of {checkpoint.origin!r}, the key of {name!r}")
    signed = [raw[4:] for signer, raw in signatures if (signer, raw[:4]) == (name, key_id)]
    if not signed:
        raise BadNote(f"no signature of {name!r} with this key")
    try:
        public.verify(signed[0], body.encode())
    except InvalidSignature as error:
        raise BadNote(f"the signature of {name!r} is false") from error
    return checkpoint


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Body and signatures (signer, key id and signature) of a note."""
    body, blank, lines = note.rpartition("\n\n")
    odd = any(
        (letter < " " and letter != "\n") or "\ud800" <= letter <= "\udfff" for letter in note
    )
    if odd or not blank or not lines.endswith("\n"):
        raise BadNote("not a signed note")
    found = [_SIGNATURE.fullmatch(line) for line in lines[:-1].split("\n")]
    return body + "\n", [_signature(match) for match in found]


def _signature(match: re.Match[str] | None) -> tuple[str, bytes]:
    raw = _unb64(match[2]) if match else b""
    if match is None or len(raw) <= _KEY_ID_BYTES:
        raise BadNote("not a signature line")
    return match[1], raw


def _read(body: str) -> Checkpoint:
    lines = body.split("\n")[:-1]
    if len(lines) < _BODY_LINES or not is_origin(lines[0]) or not _SIZE.fullmatch(lines[1]):
        raise BadNote("not a checkpoint")
    root = _unb64(lines[2])
    if len(root) != _ROOT_BYTES:
        raise BadNote("the root is not 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def _read_vkey(vkey: str) -> tuple[str, bytes, Ed25519PublicKey]:
    match = _VKEY.fullmatch(vkey.strip())
    public = _unb64(match[3]) if match else b""
    if match is None or public[:1] != ED25519 or len(public) != 1 + _ROOT_BYTES:
        raise BadNote("not the verification key of an Ed25519 log")
    key_id = _key_id(match[1], public)
    if key_id.hex() != match[2]:
        raise BadNote("the key id does not belong to the key")
    return match[1], key_id, Ed25519PublicKey.from_public_bytes(public[1:])


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + public).digest()[:_KEY_ID_BYTES]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _b64(raw) != text:
        raise BadNote("not base64 as it is written here")
    return raw
