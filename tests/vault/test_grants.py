"""On PostgreSQL the serving role writes what it has sealed and cannot read it back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
import sqlalchemy as sa

from gentie.actions.identity.destroy_identity import destroy_identity
from gentie.actions.identity.drop_contact import drop_contact
from gentie.actions.identity.enter_in_book import enter_in_book
from gentie.actions.identity.keep_contacts import keep_contacts
from gentie.actions.identity.keep_identity import keep_identity
from gentie.actions.identity.keep_network_record import keep_network_record
from gentie.actions.identity.purge_network_records import purge_network_records
from gentie.actions.identity.remember_person import remember_person
from gentie.actions.identity.sweep_persons import sweep_persons
from gentie.checks.vaulted import look
from gentie.kernel.actor import SERVICE
from gentie.migrations.steps import migrate
from gentie.storage.db import Database
from gentie.vault.grants import GRANTS, ROLES, grant_serving, reads_seals
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import new_private_key
from gentie.vault.model import Field, Fingerprint, SealedContact, SealedRecord
from gentie.vault.tables import vault_metadata
from tests.actions.identity.build import a_verifier
from tests.engines import postgres_database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEALED = PersonSealer(new_private_key().public_key(), tenant="t1")


@pytest.fixture
def url(postgres_server: str) -> Iterator[str]:
    """A vault in its own schema, as its owner has made it. The URL is a superuser's."""
    with postgres_database(postgres_server) as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(ROLES)
        owner = sa.create_engine(as_role(url, "gentie_vault_owner"))
        migrate(owner, "vault")
        assert grant_serving(owner)
        owner.dispose()
        yield url


def as_role(url: str, role: str) -> str:
    return url.replace("//gentie@", f"//{role}@")


def test_every_table_says_what_may_be_done_with_it() -> None:
    assert {*GRANTS} == {*vault_metadata.tables} | {"alembic_version"}


async def test_serving_works_and_reads_no_seal(url: str) -> None:
    vault = Database(as_role(url, "gentie_vault"))
    try:
        remember = partial(remember_person, fingerprint=Fingerprint(1, "aa"), now=NOON)
        person = await vault.act(partial(remember, acting=a_verifier()))
        sealed = SEALED.seal(person, {Field.NAME: "林晚秋"})
        for _ in range(2):
            keeping = partial(keep_identity, sealed=sealed, acting=a_verifier(), now=NOON)
            await vault.act(keeping)
        record = SealedRecord.posted(b"x", reference="r", subject="c", at=NOON, keep_days=1)
        await vault.act(partial(keep_network_record, record=record, acting=SERVICE, now=NOON))
        contacts = [SealedContact(author="a", blob=b"x")]
        for _ in range(2):
            keeping_contact = partial(keep_contacts, contacts=contacts, acting=SERVICE, now=NOON)
            await vault.act(keeping_contact)
        await vault.act(partial(drop_contact, author="a", acting=SERVICE, now=NOON))
        book = partial(enter_in_book, reference="a", event="asked", record="", person=person)
        await vault.act(partial(book, bait_key=bytes(32), acting=SERVICE, now=NOON))
        await vault.act(partial(purge_network_records, acting=SERVICE, now=NOON))
        known = {person}
        sweep = partial(sweep_persons, unconfirmed=known, known=known, acting=SERVICE, now=NOON)
        await vault.act(sweep)

        assert not reads_seals(vault.engine.sql)
        for table, column in (
            ("person_field", "blob"),
            ("person_key", "sealed_key"),
            ("network_record", "blob"),
        ):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                await vault.read(partial(sa.Connection.scalar, statement=_column(table, column)))
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            await vault.act(lambda tx: tx.execute(sa.text("INSERT INTO honey VALUES ('x')")))

        seen = await vault.read(partial(look, destroyed=[person], now=NOON))
        assert {*seen.columns} - {"alembic_version"} == {*vault_metadata.tables}
        assert seen.back == {person}, "nobody has destroyed it yet"
        assert [one.event for one in seen.book] == ["gone", "asked"], "the contact, the question"

        destroying = partial(destroy_identity, person=person, acting=SERVICE, now=NOON)
        assert await vault.act(destroying) == 3
    finally:
        await vault.close()


def test_the_owner_reads_and_the_rest_of_the_house_does_not(url: str) -> None:
    owner = sa.create_engine(as_role(url, "gentie_vault_owner"))
    assert reads_seals(owner)
    owner.dispose()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "DO $$ BEGIN CREATE ROLE gentie_main LOGIN;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    main = sa.create_engine(as_role(url, "gentie_main"))
    with main.connect() as tx, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        tx.execute(sa.text("SELECT person FROM vault.person"))
    main.dispose()


def test_without_the_role_nothing_is_granted(postgres_server: str) -> None:
    engine = sa.create_engine("sqlite://")
    assert not grant_serving(engine)
    assert not reads_seals(engine)


def _column(table: str, column: str) -> sa.Select[tuple[object]]:
    return sa.select(vault_metadata.tables[table].c[column])
