"""Check a public log as a stranger would. Shares no code with what makes the log.

Everything is fetched and computed again: signature, entries, leaf hashes, tiles of every level,
root, and that the log continues the one which was seen before. Reads a URL or a folder of the
same files.
"""

import base64
import binascii
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gentie.catalogue import fulfils

Fetch = Callable[[str], bytes]
Progress = Callable[[int, int], None]
"""Told how many of how many leaves are done."""

_LARGEST = 1 << 25
"""Bytes of an answer: a full bundle of the longest entries is half of that."""
_KNOWN = frozenset(
    [
        *("kind", "hour", "site", "measure", "tier", "class_id", "clause", "policy", "rule"),
        *("automation", "detection", "source", "role", "record", "subject", "reverses"),
    ]
)


class LogUntrue(Exception):
    """The log is not what it says, or not what it said before."""


class LogUnreachable(Exception):
    """Nothing can be said: the log could not be read."""


class Seen(msgspec.Struct, frozen=True):
    """A checkpoint whose signature is good."""

    origin: str
    size: int
    root: bytes
    note: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked and holds."""

    origin: str
    size: int
    root: str
    """Hex."""
    kinds: dict[str, int]
    """How many entries there are of each kind."""
    vkey: str
    """Key that the checkpoint is signed with."""
    grew_from: int | None
    """Size that was remembered, and of which this log is a continuation. None: first sight."""


@fulfils("2017-8.c")
def verify_log(
    source: str,
    *,
    vkey: str = "",
    memory: Path | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Read the whole log at `source` (URL or folder) and check it against itself.

    Args:
        source: where `checkpoint` and `tile/` are.
        vkey: the log's key as you got it elsewhere. Empty: that of the memory, else the log's own.
        memory: file that keeps the last good checkpoint and key; the log must continue it.
        progress: told after each bundle.

    Raises:
        LogUntrue: with what is wrong. The memory is left as it was.
        LogUnreachable: the source could not be read.
    """
    with _opened(source) as fetch:
        old_key, old_note = _recall(memory)
        key = vkey.strip() or old_key or _text(fetch("vkey"), "vkey").strip()
        if old_key and key != old_key:
            raise LogUntrue("the key is not the one that was remembered")
        old = open_note(old_note, key) if old_note else None
        new = open_note(_text(fetch("checkpoint"), "checkpoint"), key)
        if old and old.size > new.size:
            raise LogUntrue(f"the log has shrunk: {old.size} leaves were signed, now {new.size}")
        kinds = _check_all(fetch, new, old, progress)
    _remember(memory, key, new)
    return Verdict(
        origin=new.origin,
        size=new.size,
        root=new.root.hex(),
        kinds=dict(sorted(kinds.items())),
        vkey=key,
        grew_from=old.size if old else None,
    )


def read_copy(source: str, vkey: str, *, first: int) -> tuple[Seen, list[bytes]]:
    """The signed checkpoint of a copy of the log, and its entries from `first` on.

    Raises:
        LogUntrue: the checkpoint is not signed by this key, or a bundle is damaged.
        LogUnreachable: the source could not be read.
    """
    with _opened(source) as fetch:
        seen = open_note(_text(fetch("checkpoint"), "checkpoint"), vkey)
        bundles = list(_bundles(fetch, seen.size, since=first // 256))
    return seen, [entry for bundle in bundles for entry in bundle][first % 256 :]


def check_proof(proof: str, entry: bytes, vkey: str) -> int:
    """Check a `c2sp.org/tlog-proof@v1` file for `entry`. Returns the entry's index.

    Raises:
        LogUntrue: malformed, signed by another, or the entry is not the one in the log.
    """
    head, _, note = proof.partition("\n\n")
    lines = [line for line in head.split("\n") if not line.startswith("extra ")]
    index = re.fullmatch(r"index ([0-9]{1,19})", lines[1], re.ASCII) if len(lines) > 1 else None
    if lines[0] != "c2sp.org/tlog-proof@v1" or index is None:
        raise LogUntrue("not a proof of the kind tlog-proof@v1")
    seen, at = open_note(note, vkey), int(index[1])
    path = [_unb64(line) for line in lines[2:]]
    if at >= seen.size or _climb(at, seen.size, _leaf(entry), path) != seen.root:
        raise LogUntrue("this entry is not at this place of the log")
    return at


def open_note(note: str, vkey: str) -> Seen:
    """Read a checkpoint and check its signature.

    Raises:
        LogUntrue: malformed, of another log, or not signed by this key.
    """
    name, key_id, public = _parse_key(vkey)
    head, _, tail = note.partition("\n\n")
    lines, body = head.split("\n"), f"{head}\n"
    if len(lines) < 3 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII):  # noqa: PLR2004 origin, size, root
        raise LogUntrue("the checkpoint is malformed")
    if lines[0] != name:
        raise LogUntrue(f"the checkpoint is of {lines[0]!r}, the key of {name!r}")
    _check_signature(tail, body, name, key_id, public)
    return Seen(name, int(lines[1]), _unb64(lines[2]), note)


def _check_signature(
    tail: str, body: str, name: str, key_id: bytes, public: Ed25519PublicKey
) -> None:
    for line in tail.split("\n"):
        words = line.split(" ")
        if words[:2] == ["—", name] and (raw := _unb64(words[-1]))[:4] == key_id:
            try:
                return public.verify(raw[4:], body.encode(errors="replace"))
            except InvalidSignature as error:
                raise LogUntrue("the signature of the checkpoint is false") from error
    raise LogUntrue(f"the checkpoint is not signed by the key of {name!r}")


def _check_all(
    fetch: Fetch, new: Seen, old: Seen | None, progress: Progress | None
) -> Counter[str]:
    """Read every bundle and tile. Returns the kinds of entries."""
    tree, kinds = _Tree(fetch, new.size), Counter[str]()
    _compare(tree, old)
    for entries in _bundles(fetch, new.size):
        for entry in entries:
            kinds[_kind(entry, tree.size)] += 1
            tree.add(_leaf(entry))
            _compare(tree, old)
        if progress:
            progress(tree.size, new.size)
    tree.close()
    if tree.root() != new.root:
        raise LogUntrue(f"the root of the {new.size} entries is not the one that was signed")
    return kinds


def _compare(tree: "_Tree", old: Seen | None) -> None:
    if old and tree.size == old.size and tree.root() != old.root:
        raise LogUntrue(f"the first {old.size} leaves are not those that were signed before")


def _bundles(fetch: Fetch, size: int, *, since: int = 0) -> Iterator[list[bytes]]:
    for n in range(since, -(-size // 256)):
        width = min(256, size - n * 256)
        path = _path("entries", n, width)
        yield _split(fetch(path), width, path)


def _split(raw: bytes, width: int, path: str) -> list[bytes]:
    entries, at = [], 0
    for _ in range(width):
        length = int.from_bytes(raw[at : at + 2], "big")
        entries.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(raw):
        raise LogUntrue(f"{path} does not hold {width} whole entries")
    return entries


def _kind(entry: bytes, index: int) -> str:
    """What an entry is about; it may hold nothing but the fields that the log is known for."""
    try:
        said = json.loads(entry)
    except ValueError as error:
        raise LogUntrue(f"entry {index} is not JSON") from error
    if not isinstance(said, dict) or not said.keys() <= _KNOWN:
        raise LogUntrue(f"entry {index} holds what a leaf does not have")
    return str(said.get("kind"))


class _Tree:
    """Hashes of leaves as they come in: a row of roots of full subtrees, and tiles to compare."""

    def __init__(self, fetch: Fetch, target: int) -> None:
        self._fetch, self._target, self.size = fetch, target, 0
        self._peaks: list[tuple[int, bytes]] = []
        """Height and root of full subtrees, tallest first."""
        self._tiles: list[list[bytes]] = []
        """The unfinished tile of each level."""
        self._done: list[int] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        self._to_tile(0, leaf)
        height, root = 0, leaf
        while self._peaks and self._peaks[-1][0] == height:
            height, root = height + 1, _node(self._peaks.pop()[1], root)
        self._peaks.append((height, root))

    def root(self) -> bytes:
        if not self._peaks:
            return hashlib.sha256().digest()
        root = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            root = _node(left, root)
        return root

    def close(self) -> None:
        """Compare the tiles that are not full."""
        for level, row in enumerate(self._tiles):
            if row:
                self._check_tile(level, row)

    def _to_tile(self, level: int, one: bytes) -> None:
        if level == len(self._tiles):
            self._tiles.append([])
            self._done.append(0)
        row = self._tiles[level]
        row.append(one)
        if len(row) == 256:  # noqa: PLR2004 a full tile
            self._check_tile(level, row)
            self._tiles[level] = []
            self._done[level] += 1
            self._to_tile(level + 1, _fold(row))

    def _check_tile(self, level: int, row: list[bytes]) -> None:
        path = _path(str(level), self._done[level], len(row))
        if self._fetch(path) != b"".join(row):
            raise LogUntrue(f"{path} does not hold the hashes of its entries")


@contextmanager
def _opened(source: str) -> Iterator[Fetch]:
    """Files of the log by their path, by HTTP or from a folder."""
    if source.startswith(("http://", "https://")):
        with httpx.Client(timeout=30) as client:
            yield partial(_get, client, _log_at(source))
    else:
        yield partial(_read, Path(source))


def _log_at(address: str) -> str:
    """Where the log is: a service named by its bare address has it under /log."""
    bare = address.rstrip("/")
    return bare if urlsplit(bare).path else f"{bare}/log"


def _get(client: httpx.Client, base: str, path: str) -> bytes:
    url = f"{base}/{path}"
    try:
        with client.stream("GET", url) as answer:
            answer.raise_for_status()
            return b"".join(_limited(answer.iter_bytes(), url))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise LogUnreachable(f"{url}: {error}") from error


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError as error:
        raise LogUnreachable(f"{folder / path}: {error.strerror}") from error


def _limited(chunks: Iterator[bytes], url: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > _LARGEST:
            raise LogUntrue(f"{url} is larger than any file of a log")
        yield chunk


def _recall(memory: Path | None) -> tuple[str, str]:
    """Key and note that were remembered; both empty at first sight."""
    if memory is None or not memory.exists():
        return "", ""
    key, _, note = memory.read_text(encoding="utf-8").partition("\n")
    return key, note


def _remember(memory: Path | None, key: str, seen: Seen) -> None:
    if memory is not None:
        new = memory.with_name(f".{memory.name}.new")
        new.write_text(f"{key}\n{seen.note}", encoding="utf-8")
        new.replace(memory)


def _path(kind: str, n: int, width: int) -> str:
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    part = f".p/{width}" if width < 256 else ""  # noqa: PLR2004 a full tile
    return f"tile/{kind}/{'/'.join(reversed(groups))}{part}"


def _climb(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """The root that an inclusion path leads to (RFC 9162, 2.1.3.2). None: a wrong length."""
    at, last, root = index, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = _node(one, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = _node(root, one)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def _fold(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [_node(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _parse_key(vkey: str) -> tuple[str, bytes, Ed25519PublicKey]:
    name, _, rest = vkey.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _unb64(encoded)
    right = hashlib.sha256(name.encode(errors="replace") + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != 1 or key_id != right.hex():  # noqa: PLR2004 type and key
        raise LogUntrue("this is not the key of an Ed25519 log")
    return name, right, Ed25519PublicKey.from_public_bytes(raw[1:])


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode(errors="replace"), validate=True)
    except binascii.Error as error:
        raise LogUntrue("something is not base64 that should be") from error


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise LogUntrue(f"{name} is not text") from error
