"""What is kept of persons, and how it goes: on both engines."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from gentie.actions.identity.retire_index_key import retire_index_key
from gentie.kernel.actor import VAULT
from gentie.storage.db import Database
from gentie.vault import blind, queries, rules, store
from gentie.vault.blind import fingerprints
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import (
    IndexKey,
    load_or_make_index_key,
    new_private_key,
    replace_index_key,
)
from gentie.vault.model import Entry, Field, Fingerprint, KeyInUse
from gentie.vault.opening import open_person

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = new_private_key()
SEALER = PersonSealer(KEY.public_key(), tenant="t1")


async def a_known(vault: Database, digest: str = "aa") -> str:
    mark = Fingerprint(1, digest)
    return await vault.act(partial(store.person_for, fingerprint=mark, now=NOON))


async def keep(vault: Database, person: str, **fields: str) -> None:
    sealed = SEALER.seal(person, {Field(name): text for name, text in fields.items()})
    await vault.act(partial(store.keep_person, sealed=sealed, now=NOON))


async def opened(vault: Database, person: str) -> dict[Field, str]:
    found: dict[Field, str] = {}
    for sealed in await vault.read(partial(queries.sealed_person, person=person)):
        found |= open_person(sealed, KEY, tenant="t1")
    return found


async def test_what_is_sealed_later_replaces_its_field_alone(vault: Database) -> None:
    person = await a_known(vault)
    await keep(vault, person, name="林晚秋", phone="+8613900000000")
    await keep(vault, person, phone="+8613911111111")

    assert await opened(vault, person) == {Field.NAME: "林晚秋", Field.PHONE: "+8613911111111"}

    await keep(vault, person, name="林晚秋", phone="+8613911111111")
    assert len(await vault.read(partial(queries.sealed_person, person=person))) == 1


async def test_destroying_leaves_nothing_of_one_person(vault: Database) -> None:
    person, other = await a_known(vault), await a_known(vault, "bb")
    await keep(vault, person, name="林晚秋")
    await keep(vault, other, name="顾江")
    destroy = partial(store.destroy_person, person=person, now=NOON)

    assert await vault.act(destroy) == 3
    assert await vault.act(destroy) == 0

    assert await opened(vault, person) == {}
    assert await opened(vault, other) == {Field.NAME: "顾江"}
    assert await a_known(vault) != person


async def test_who_may_not_return_is_known_until_the_day(vault: Database) -> None:
    person = await a_known(vault)
    hold = partial(store.hold_person, person=person, until=NOON + timedelta(days=30))
    assert await vault.act(hold)

    await vault.act(partial(store.destroy_person, person=person, now=NOON))
    assert await a_known(vault) == person
    await vault.act(partial(store.destroy_person, person=person, now=NOON + timedelta(days=30)))
    assert await a_known(vault) != person
    assert not await vault.act(hold)


async def enter(vault: Database, reference: str) -> bool:
    entering = partial(store.enter, reference=reference, event="asked", record="", now=NOON)
    return await vault.act(entering)


async def test_the_book_takes_each_line_once_and_shows_a_change(vault: Database) -> None:
    entered = [await enter(vault, one) for one in ("a", "b", "a", "c")]
    book = await vault.read(queries.book)

    assert entered == [True, True, False, True]
    assert [one.number for one in book] == [1, 2, 3]
    assert rules.break_of(book) is None
    assert await vault.read(queries.head_of_book) == book[-1].digest

    changed = msgspec.structs.replace(book[1], event="refused")
    assert rules.break_of([book[0], changed, book[2]]) == 2
    assert rules.break_of([book[0], book[2]]) == 2
    assert rules.break_of(_written_again(book, changed)) == 3


def _written_again(book: list[Entry], changed: Entry) -> list[Entry]:
    """As by somebody who knows how digests are made and has not changed the lines after it."""
    fitting = msgspec.structs.replace(changed, digest=rules.digest_of_entry(changed))
    return [book[0], fitting, book[2]]


async def test_bait_is_known_by_its_mark_alone(vault: Database) -> None:
    mark = rules.mark_of("p1", bytes(32))
    await vault.act(partial(store.add_honey, mark=mark))
    await vault.act(partial(store.add_honey, mark=mark))

    assert await vault.read(partial(queries.is_honey, mark=mark))
    for other in (rules.mark_of("p2", bytes(32)), rules.mark_of("p1", b"another")):
        assert not await vault.read(partial(queries.is_honey, mark=other))


OLD = IndexKey(1, bytes(32))
NEW = OLD.rotated(bytes([1] * 32))


async def met(vault: Database, key: IndexKey, who: str, known_as: str = "") -> str:
    newest, *older = fingerprints("phone", who, key, tenant="t1")
    asking = partial(store.person_for, older=older, known_as=known_as, now=NOON)
    return await vault.act(partial(asking, fingerprint=newest))


@pytest.mark.clause("2017-5.2a", "2017-9.1d")
class TestRotation:
    async def test_a_person_is_known_by_the_old_key_and_moves_to_the_new(
        self, vault: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(blind, "MEMORY_KIB", 64)
        person, other = await met(vault, OLD, "one"), await met(vault, OLD, "two")
        until = NOON + timedelta(days=9)
        await vault.act(partial(store.hold_person, person=person, until=until))

        assert await met(vault, NEW, "one") == person
        assert await met(vault, NEW.without(1), "one") == person
        assert await met(vault, NEW.without(1), "three") != person
        await vault.act(partial(store.destroy_person, person=person, now=NOON))
        assert await met(vault, NEW.without(1), "one") == person  # still held
        assert await vault.read(partial(queries.known_by_alone, version=1)) == 1
        retire = partial(retire_index_key, version=1, acting=VAULT, now=NOON)
        with pytest.raises(KeyInUse):
            await vault.act(retire)
        assert await met(vault, NEW, "two") == other
        assert await vault.act(retire) == 2
        assert await met(vault, NEW, "one") == person

    def test_what_is_made_from_the_key_stays(self) -> None:
        assert OLD.derive("factor") == NEW.derive("factor") == NEW.without(1).derive("factor")
        assert NEW.derive("factor") != IndexKey(1, bytes([1] * 32)).derive("factor")
        assert "key" not in repr(NEW) + repr(NEW.older)

    def test_both_keys_are_in_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "index.key"
        first = load_or_make_index_key(file)
        replace_index_key(file, first.rotated(bytes(32)))

        found = load_or_make_index_key(file)
        assert (found.version, found.older[0].key) == (2, first.key)
        assert file.stat().st_mode & 0o777 == 0o600


async def test_a_second_sector_joins_the_person_a_second_number_does_not(vault: Database) -> None:
    person = await a_known(vault)
    joining = partial(store.person_for, known_as=person, now=NOON)

    phone = await vault.act(partial(joining, fingerprint=Fingerprint(1, "p1", "phone")))
    again = await vault.act(partial(joining, fingerprint=Fingerprint(1, "p1", "phone")))
    second = await vault.act(partial(joining, fingerprint=Fingerprint(1, "p2", "phone")))

    assert phone == again == person
    assert second != person
