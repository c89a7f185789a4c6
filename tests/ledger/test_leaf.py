"""Whatever an act hands over, only codes, an hour and commitments become public."""

from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.ids import LeafId
from gentie.ledger import queries
from gentie.ledger.leaf import Leaf, Unfit, encode
from gentie.ledger.tables import leaves
from gentie.storage.db import Database
from tests.ledger.build import NOON, a_leaf


class Removed(msgspec.Struct, frozen=True):
    text: str


def count(tx: sa.Connection) -> int:
    return tx.scalar(sa.select(sa.func.count()).select_from(leaves)) or 0


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "gossip"},
        {"site": "the one by Wang Wei"},
        {"role": "moderator Li Na"},
        {"source": "王伟"},
        {"clause": "3.2\n"},
        {"class_id": "x" * 129},
        {"record": "none"},
        {"subject": "AB" * 32},
        {"automation": "perhaps"},
        {"hour": NOON + timedelta(minutes=1)},
        {"hour": NOON.replace(tzinfo=None)},
        {"reverses": "first"},
    ],
)
def test_nothing_but_codes_gets_in(changes: dict[str, object]) -> None:
    with pytest.raises(Unfit):
        encode(a_leaf(**changes))


def test_a_leaf_is_written_in_one_way_only() -> None:
    leaf = a_leaf(subject="0f" * 32, reverses="1e" * 32)

    assert encode(leaf).startswith(b'{"clause":"3.2","hour":"2026-03-01T12:00:00Z","kind":')
    assert encode(msgspec.json.decode(encode(leaf), type=Leaf)) == encode(leaf)


def test_a_commitment_is_opened_by_its_record_and_salt_alone() -> None:
    made = ledger.commitment(Removed("a"), b"salt")

    assert made == ledger.commitment(Removed("a"), b"salt")
    assert made not in {
        ledger.commitment(Removed("b"), b"salt"),
        ledger.commitment(Removed("a"), b"pepper"),
    }
    assert encode(a_leaf(record=made))


@pytest.mark.clause("2017-8.c")
async def test_a_failing_act_leaves_no_leaf(db: Database) -> None:
    def fail_late(tx: sa.Connection, now: datetime) -> None:
        ledger.append(tx, a_leaf(), now=now)
        raise LookupError

    with pytest.raises(LookupError):
        await db.act(partial(fail_late, now=NOON))
    assert await db.read(count) == 0


async def test_a_leaf_has_no_place_before_it_is_sequenced(db: Database) -> None:
    leaf_id = await db.act(partial(ledger.append, leaf=a_leaf(), now=NOON))

    assert await db.read(count) == 1
    assert await db.read(partial(queries.index_of, leaf_id=leaf_id)) is None
    assert await db.read(partial(queries.indexes_of, leaf_ids=[leaf_id, LeafId("1")])) == {}
    assert await db.read(partial(queries.indexes_of, leaf_ids=[])) == {}
