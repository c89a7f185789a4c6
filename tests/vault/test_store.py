from datetime import UTC, datetime, timedelta
from functools import partial

from gentie.storage.db import Database
from gentie.vault import queries, store
from gentie.vault.model import Fingerprint, SealedRecord

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE = Fingerprint(1, "aa")


async def test_a_person_is_the_same_person_again(vault: Database) -> None:
    ask = partial(store.person_for, now=NOON)

    first = await vault.act(partial(ask, fingerprint=ONE))

    assert await vault.act(partial(ask, fingerprint=ONE)) == first
    assert await vault.act(partial(ask, fingerprint=Fingerprint(1, "bb"))) != first
    assert await vault.act(partial(ask, fingerprint=Fingerprint(2, "aa"))) != first


async def test_what_an_account_rests_on_is_kept(vault: Database) -> None:
    ask = partial(store.person_for, now=NOON)
    kept = await vault.act(partial(ask, fingerprint=ONE))
    left = await vault.act(partial(ask, fingerprint=Fingerprint(1, "bb")))
    later = NOON + timedelta(hours=2)
    waiting = partial(queries.unconfirmed_persons, before=later)
    assert set(await vault.read(waiting)) == {kept, left}

    assert await vault.act(partial(store.confirm_persons, persons=[kept], now=later)) == 1
    assert await vault.act(partial(store.forget_persons, persons=[kept, left])) == 1

    assert await vault.read(waiting) == []
    assert await vault.act(partial(ask, fingerprint=ONE)) == kept
    assert await vault.act(partial(ask, fingerprint=Fingerprint(1, "bb"))) != left


async def test_records_are_kept_once_and_until_their_day(vault: Database) -> None:
    for reference, days in (("a", 1), ("a", 1), ("b", 2)):
        record = SealedRecord.posted(
            b"blob", reference=reference, subject="c", at=NOON, keep_days=days
        )
        again = SealedRecord.of_message(record.to_message())
        assert again == record
        await vault.act(partial(store.add_record, record=again))
    assert (await vault.read(queries.stock)).records == 2

    drop = partial(store.drop_expired, now=NOON + timedelta(days=1))
    assert await vault.act(drop) == {"archive_contact": 0, "network_record": 1}

    stock = await vault.read(queries.stock)
    assert (stock.records, stock.next_expiry) == (1, NOON + timedelta(days=2))
