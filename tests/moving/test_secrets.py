"""What must not leave: looked for value by value, as it lies in the databases."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.roles import actor_of_account
from gentie.kernel.ids import AccountId
from gentie.migrations.schema import metadata_of
from gentie.moving.person import load_person
from gentie.moving.records.own import PersonExport
from gentie.moving.scope import MOVES, NOT_OWN, OWN, STAYS
from gentie.storage.schema import ACCOUNT_SCOPED, LOCAL, metadata
from tests.moving.build import NOW

SHORTEST = 12
"""Characters from which a value found elsewhere is no accident."""
SECRET = {
    "account_password": "stored",
    "account_verification": "person",
    "archive_claim_link": "id",
    "bar": "person",
    "idempotency_key": "key, answer",
    "message": "body",
    "rate_window": "key",
    "session": "token",
    "site": "token",
    "staff": "name",
    "staff_secret": "name_key, stored, totp",
    "unsent_comment": "secret, body",
    "verification_attempt": "ticket",
    "vote": "voter",
}
"""Columns that hold what must not leave."""
_WHOSE = {"account", "account_id", "author", "author_id", "filed_by", "holder"}
"""Columns that say whose a row is."""


@pytest.fixture
def secrets(old_place: Path) -> set[str]:
    """Every text and every run of bytes in what stays behind."""
    with closing(sqlite3.connect(old_place / "gentie.db")) as tx:
        tx.execute(
            "INSERT INTO unsent_comment VALUES ('digest-of-a-cookie', 'an unsent thought', '2026')"
        )
        tx.execute("INSERT INTO rate_window VALUES ('post:address:203.0.113.77', 1)")
        return set(_values(tx))


def _values(tx: sqlite3.Connection) -> Iterator[str]:
    for table, columns in SECRET.items():
        for row in tx.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 names of ours
            for value in row:
                if isinstance(value, bytes):
                    yield from (value.hex(), value.decode(errors="replace"))
                elif not str(value).startswith("account:"):  # a vote of a pseudonym
                    yield str(value).removeprefix("person:")


def leaking(content: bytes, secrets: set[str]) -> set[str]:
    text = content.decode()
    return {one for one in secrets if len(one) >= SHORTEST and one in text}


def account_ids(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "gentie.db")) as tx:
        return {one for (one,) in tx.execute("SELECT account_id FROM account")}


def test_the_export_holds_none_of_it(old_place: Path, content: bytes, secrets: set[str]) -> None:
    assert any(one.startswith("PERSON-") for one in secrets)
    assert any(one.startswith("$argon2") for one in secrets)
    assert "post:address:203.0.113.77" in secrets

    assert leaking(content, secrets) == set()
    assert leaking(content + b"PERSON-" + b"chenlan" * 2, {"PERSON-chenlan"})


def people_of(folder: Path) -> list[PersonExport]:
    engine = sa.create_engine(f"sqlite:///{folder}/gentie.db")
    with engine.connect() as tx:
        found = [
            load_person(tx, acting=actor_of_account(AccountId(one)), now=NOW)
            for one in sorted(account_ids(folder))
        ]
    engine.dispose()
    return found


def test_a_persons_own_export_holds_neither_that_nor_what_others_know(
    old_place: Path, secrets: set[str]
) -> None:
    people = people_of(old_place)
    together = b"".join(msgspec.json.encode(one) for one in people)

    assert leaking(together, secrets) == set()
    for word in ("verdict", "voters", "reviews", "opens", "decided_by", "decider_key"):
        assert f'"{word}":'.encode() not in together
    for one in people:
        assert {case.filed_by for case in one.cases} <= {one.author.id}
        assert {comment.author.id for comment in one.comments} <= {one.author.id}


def test_a_persons_own_export_has_everything(old_place: Path) -> None:
    people = people_of(old_place)
    with closing(sqlite3.connect(old_place / "gentie.db")) as tx:
        counts = {
            table: tx.execute(f"SELECT count(*) FROM {table} {where}").fetchone()[0]  # noqa: S608 names of ours
            for table, where in {
                "comment": "WHERE author_id NOT LIKE 'archive:%'",
                "revision": "JOIN comment ON comment.thread_id = revision.thread_id AND"
                " comment.id = comment_id WHERE author_id NOT LIKE 'archive:%'",
                "decision": "",
                "vote": "",
                "notice": "",
                "case_file": "WHERE filed_by IS NOT NULL",
                "archive_author": "WHERE account IS NOT NULL",
                "account_consent": "",
                "account_verification": "",
                "agreement_acceptance": "",
                "account_name": "",
                "session": "WHERE holder NOT LIKE 'staff:%'",
                "boundary_person": "",
                "boundary_reply": "",
                "evidence": "",
                "account_site": "",
                "visit": "",
            }.items()
        }

    def total(*path: str) -> int:
        return sum(_count(one, *path) for one in people)

    assert counts == {
        "comment": total("comments"),
        "revision": total("comments", "revisions"),
        "decision": total("comments", "decisions"),
        "vote": total("votes"),
        "notice": total("author", "notices"),
        "case_file": total("cases"),
        "archive_author": total("archive_names"),
        "account_consent": total("author", "consents"),
        "account_verification": total("author", "verifications"),
        "agreement_acceptance": total("author", "acceptances"),
        "account_name": total("author", "names"),
        "session": total("sessions"),
        "boundary_person": total("boundaries", "people"),
        "boundary_reply": total("boundaries", "limits"),
        "evidence": total("evidence"),
        "account_site": total("sites"),
        "visit": total("visits"),
    }
    assert all(counts.values())


def _count(value: object, first: str, *rest: str) -> int:
    inner = getattr(value, first)
    if not rest:
        return len(inner)
    if isinstance(inner, tuple):
        return sum(_count(one, *rest) for one in inner)
    return _count(inner, *rest)


def owned() -> set[str]:
    """Tables of the main database that say whose a row is."""
    return {
        name
        for name, table in metadata_of("main").tables.items()
        if table.info == ACCOUNT_SCOPED
        or (table.info != LOCAL and {column.name for column in table.c} & _WHOSE)
    }


def test_every_table_about_a_person_is_theirs_or_has_a_reason() -> None:
    """A new one makes this fail until somebody has decided."""
    staff_only = {"screening_rule_set"}  # its author is a member of the staff
    assert owned() - staff_only <= OWN | set(NOT_OWN)
    assert not OWN & set(NOT_OWN)
    planted = sa.Table("diary", sa.MetaData(), sa.Column("account_id", sa.Text))
    assert {column.name for column in planted.c} & _WHOSE
    assert OWN <= set(metadata.tables) == MOVES | set(STAYS)
