"""Builders for the log. Each gives a valid value; a test names only what it is about."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.ids import LeafId
from gentie.ledger import Leaf
from gentie.ledger.keeping import HighWaterMark, Signer
from gentie.ledger.key import SigningKey
from gentie.storage.db import Database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_leaf(**changes: object) -> Leaf:
    leaf = Leaf(kind="decision", hour=NOON, site="daily", measure="remove", clause="3.2")
    return msgspec.structs.replace(leaf, **changes)


def naive(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + naive(hashes[:k]) + naive(hashes[k:])).digest()


def a_signer(folder: Path, origin: str = "daily.example/log") -> Signer:
    """The one whose key and mark are in this folder."""
    key = SigningKey.load_or_create(folder / "log.key", origin=origin)
    return Signer(key, HighWaterMark(folder / "log.mark"))


async def append_leaves(db: Database, count: int, *, rule: str = "r") -> list[LeafId]:
    def body(tx: sa.Connection) -> list[LeafId]:
        return [ledger.append(tx, a_leaf(rule=f"{rule}/{i}"), now=NOON) for i in range(count)]

    return await db.act(body)
