"""What an operator and a stranger can do about the log from a command line."""

import asyncio
import hmac
import json
import sqlite3
from collections.abc import Callable, Coroutine
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from gentie.actions.moderation.remove_comment import Removal, Removed, remove_comment
from gentie.cli.ledger import ledger
from gentie.jobs.sequencing import sequence_once
from gentie.ledger import queries
from gentie.ledger.keeping import LogBehindMark, Signer
from gentie.ledger.note import open_checkpoint, read_checkpoint
from gentie.ledger.tables import leaves
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from tests.ledger.build import NOON, a_signer, append_leaves
from tests.newsroom import ANN, BEN, NOTEBOOK, a_person, a_site, post, ref_of, staff

SPAM = Removal(class_id="spam", facts="Links to a shop", message="No advertising")
OLD, LOST, NEW = 300, 40, 7
"""Leaves in the backup, those signed after it, and those appended after it was restored."""


class Place:
    """An instance in a folder. `open_database` and `signer` are what commands are given."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.copy = folder, folder / "copy"
        with sa.create_engine(f"sqlite:///{folder}/gentie.db").begin() as tx:
            metadata.create_all(tx)

    def open_database(self) -> Database:
        return Database(f"sqlite:///{self.folder}/gentie.db")

    def signer(self) -> Signer:
        return a_signer(self.folder / "keys")

    def do(self, work: Callable[[Database], Coroutine[Any, Any, object]]) -> None:
        async def carry_out() -> None:
            db = self.open_database()
            await work(db)
            await db.close()

        asyncio.run(carry_out())

    def sequence(self) -> None:
        self.do(lambda db: sequence_once(db, self.signer(), now=NOON))

    def grow(self, count: int, rule: str) -> None:
        self.do(lambda db: append_leaves(db, count, rule=rule))

    def run(self, *words: str | Path) -> Result:
        return CliRunner().invoke(ledger, [str(word) for word in words], obj=self)

    def backup(self, source: str, target: str) -> None:
        with (
            sqlite3.connect(self.folder / source) as old,
            sqlite3.connect(self.folder / target) as new,
        ):
            old.backup(new)
        old.close()
        new.close()

    def published(self) -> str:
        with sa.create_engine(f"sqlite:///{self.folder}/gentie.db").connect() as tx:
            return queries.note_of(tx)

    def bodies(self) -> list[bytes]:
        with sa.create_engine(f"sqlite:///{self.folder}/gentie.db").connect() as tx:
            placed = sa.select(leaves.c.body).where(leaves.c.idx.is_not(None))
            return list(tx.scalars(placed.order_by(leaves.c.idx)))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A log of 300 leaves."""
    made = Place(tmp_path)
    made.grow(OLD, "old")
    made.sequence()
    return made


@pytest.fixture
def restored(place: Place) -> Place:
    """The log grew, was copied, and then an old backup was restored and went on."""
    place.backup("gentie.db", "backup.db")
    place.grow(LOST, "lost")
    place.sequence()
    assert place.run("export", place.copy).exit_code == 0
    place.backup("backup.db", "gentie.db")
    place.grow(NEW, "new")
    with pytest.raises(LogBehindMark):
        place.sequence()
    return place


def test_verify_says_what_holds(place: Place) -> None:
    place.run("export", place.copy)
    memory, key = place.folder / "memory", place.signer().key.vkey

    first = place.run("verify", place.copy, "--memory", memory)
    again = place.run("verify", place.copy, "--memory", memory, "--key", key)
    told = json.loads(place.run("verify", place.copy, "--json").stdout)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "daily.example/log: true" in first.stdout
    assert f"300 leaves (300 decision)\n  root {told['root']}" in first.stdout
    assert key in first.stdout
    assert "continues the 300 leaves" in again.stdout
    assert (told["size"], told["grew_from"]) == (300, None)


def test_verify_tells_a_false_log_from_an_unreadable_one(place: Place) -> None:
    place.run("export", place.copy)
    tile = place.copy / "tile" / "0" / "000"
    tile.write_bytes(bytes(8192))

    false, unreadable = (place.run("verify", at) for at in (place.copy, "http://127.0.0.1:1/log"))

    assert (false.exit_code, unreadable.exit_code) == (1, 2)
    assert "NOT true: tile/0/000" in false.stderr
    assert "could not be read" in unreadable.stderr
    assert place.run("verify", place.folder / "nowhere").exit_code == 2


def test_nothing_to_export_is_said(tmp_path: Path) -> None:
    answer = Place(tmp_path).run("export", tmp_path / "copy")

    assert answer.exit_code == 1
    assert "nothing was published yet" in answer.stderr


@pytest.mark.clause("2017-8.c", "2022-7.c")
def test_the_house_opens_who_decided(tmp_path: Path) -> None:
    place, taken = Place(tmp_path), list[Removed]()

    def remove(tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        ann, _ = staff(tx, ANN, BEN)
        ref = ref_of(post(tx, a_person(tx)))
        taken.append(remove_comment(tx, ref, SPAM, acting=ann, now=NOON))

    place.do(lambda db: db.act(remove))
    answer = place.run("decider", taken[0].decision)

    assert answer.exit_code == 0, answer.output
    said = dict(line.split(maxsplit=1) for line in answer.stdout.splitlines())
    assert said["actor"] == "staff:1 (moderator)"
    opened = hmac.new(bytes.fromhex(said["key"]), b'Decider\0{"actor":"staff:1"}', sha256)
    assert opened.hexdigest() == said["decider"]
    nothing, misused = place.run("decider", "7"), place.run("decider", "staff:1")
    assert (nothing.exit_code, misused.exit_code) == (1, 2)


@pytest.mark.clause("2017-8.c")
def test_a_copy_brings_back_what_the_backup_lacks(restored: Place) -> None:
    answer = restored.run("recover", "--copy", restored.copy)
    restored.sequence()

    assert answer.exit_code == 0, answer.output
    assert "40 leaves are back; the log goes on at 340" in answer.stdout
    memory = restored.folder / "memory"
    memory.write_text(f"{restored.signer().key.vkey}\n{(restored.copy / 'checkpoint').read_text()}")
    restored.run("export", restored.folder / "after")
    after = restored.run("verify", restored.folder / "after", "--memory", memory)
    assert "continues the 340 leaves" in after.stdout
    assert [b'"rule":"new' in body for body in restored.bodies()] == [False] * 340 + [True] * NEW


def test_a_copy_that_is_too_short_or_of_another_log_is_refused(restored: Place) -> None:
    whole = restored.copy / "checkpoint"
    key = restored.signer().key
    signed = read_checkpoint(whole.read_text())
    entries = restored.copy / "tile" / "entries" / "001.p" / "84"
    entries.write_bytes(entries.read_bytes().replace(b"lost/7", b"lost/8"))

    differs = restored.run("recover", "--copy", restored.copy)
    whole.write_text(key.sign(type(signed)(signed.origin, OLD, signed.root)))
    (restored.copy / "tile" / "entries" / "001.p" / "44").write_bytes(b"\0\0" * 44)
    short = restored.run("recover", "--copy", restored.copy)
    whole.write_text(a_signer(restored.folder / "other").key.sign(signed))
    other = restored.run("recover", "--copy", restored.copy)

    assert [one.exit_code for one in (differs, short, other)] == [1, 1, 1]
    assert "would not be those that were signed" in differs.stderr
    assert "has 300 leaves, but 340 were signed" in short.stderr
    assert "NOT true" in other.stderr
    assert len(restored.bodies()) == OLD


@pytest.mark.clause("2017-8.c")
def test_without_a_copy_the_log_goes_on_under_a_new_name(restored: Place) -> None:
    mark = restored.signer().mark.read()
    assert mark is not None
    answer = restored.run("recover", "--new-origin", "daily.example/log-2")
    restored.sequence()

    assert answer.exit_code == 0, answer.output
    vkey = restored.signer().key.vkey
    assert vkey in answer.stdout
    said = open_checkpoint(restored.published(), vkey)
    assert (said.origin, said.size) == ("daily.example/log-2", OLD + NEW + 1)
    note = json.loads(restored.bodies()[-1])
    assert (note["kind"], note["source"]) == ("checkpoint_note", "daily.example/log")
    assert note["record"] == sha256(read_checkpoint(mark).body.encode()).hexdigest()
    assert (restored.folder / "keys" / "log.mark.retired-1").read_text() == mark
    assert (restored.folder / "keys" / "log.key.retired-1").exists()


@pytest.mark.parametrize("origin", ["daily.example/log", "two words", "a+b", ""])
def test_a_name_that_is_not_new_is_refused(restored: Place, origin: str) -> None:
    answer = restored.run("recover", "--new-origin", origin)

    assert answer.exit_code in (1, 2)
    assert restored.signer().key.origin == "daily.example/log"
    assert not (restored.folder / "keys" / "log.mark.retired-1").exists()


@pytest.mark.parametrize("harm", [Path.unlink, lambda mark: mark.write_text("rubbish")])
def test_a_lost_mark_is_made_again_from_a_copy(
    place: Place, harm: Callable[[Path], object]
) -> None:
    place.run("export", place.copy)
    harm(place.folder / "keys" / "log.mark")
    place.grow(3, "new")
    with pytest.raises(LogBehindMark):
        place.sequence()

    assert place.run("recover", "--copy", place.copy).exit_code == 0
    place.sequence()

    assert read_checkpoint(place.published()).size == OLD + 3
