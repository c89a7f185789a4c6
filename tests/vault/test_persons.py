"""What is kept of persons, and how it goes: on both engines."""

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from gentie.storage.db import Database
from gentie.vault import queries, rules, store
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import new_private_key
from gentie.vault.model import Entry, Field, Fingerprint
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
