"""`gentie vault` on a real instance, and what somebody gets who has all of what serves."""

import asyncio
import base64
import os
import pwd
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.kernel.clock import utc_now
from gentie.main.commands import Told, cli
from gentie.main.instance import Instance
from gentie.main.people import new_http, people_of
from gentie.storage.db import Database
from gentie.vault import store
from gentie.vault.adapters.phrases import Phrases
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import IndexKey, load_or_make_index_key, load_public_key
from gentie.vault.locked import KeeperClosed, read_locked, unlock_keys
from gentie.vault.model import CannotOpen, Field, SealedField, SealedPerson
from gentie.vault.opening import open_person
from tests.actions.identity.test_disclosure import Office
from tests.newsroom import NOON
from tests.vault.test_keepers import PHRASES

WHO = {Field.NAME: "林晚秋", Field.PHONE: "+8613912345678"}
ATTACKER = "nobody"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Instance(data=tmp_path / "news").migrate()
    return tmp_path / "news"


def told(data: Path, *arguments: str, lines: tuple[str, ...] = ()) -> Result:
    given = [*arguments, "--data", str(data)]
    return CliRunner().invoke(cli, given, obj=Told(), input="".join(f"{one}\n" for one in lines))


def lock(data: Path, *before: str) -> Result:
    officers = [word for who in PHRASES for word in ("--officer", who)]
    twice = tuple(phrase for phrase in PHRASES.values() for _ in range(2))
    return told(data, "vault", "lock", *officers, lines=(*before, *twice))


class TestLock:
    def test_leaves_no_whole_key_behind(self, data: Path) -> None:
        files = Instance(data=data).vault_files()
        first = files.public.read_bytes()
        assert files.private.exists()

        done = lock(data)

        assert done.exit_code == 0, done.output
        assert not files.private.exists()
        assert files.public.read_bytes() != first
        opened = unlock_keys(read_locked(files.locked), Phrases(two("mei", "lin")))
        assert len(opened) == 2
        assert "2, kept by phrases" in told(data, "vault", "status").output

    def test_again_asks_for_what_opens_the_old_ones(self, data: Path) -> None:
        lock(data)
        refused = lock(data, "mei", "tao", "wrong phrase here", PHRASES["tao"])
        again = lock(data, "mei", "tao", PHRASES["mei"], PHRASES["tao"])

        assert isinstance(refused.exception, KeeperClosed)
        assert again.exit_code == 0, again.output
        assert "3, kept by phrases" in told(data, "vault", "status").output

    def test_nothing_that_names_anybody_is_sealed_before(self, data: Path) -> None:
        assert sealer_of(data) is None
        lock(data)
        assert sealer_of(data) is not None


def two(*officers: str) -> dict[str, str]:
    return {one: PHRASES[one] for one in officers}


def sealer_of(data: Path) -> PersonSealer | None:
    """What the serving process has."""
    instance = Instance(data=data)
    db, vault = instance.open_database(), instance.open_database("vault")
    try:
        people = people_of(instance.settings, db, vault, new_http(), clock=lambda: NOON)
    finally:
        for one in (db, vault):
            one.engine.close()
            one.engine.dispose()
    return people.identity_sealer


def keep(data: Path, sealed: SealedPerson) -> None:
    engine = Instance(data=data).open_vault().engine
    with engine.sql.begin() as tx:
        store.keep_person(tx, sealed, now=NOON)
    engine.close()
    engine.dispose()


@pytest.mark.clause("2017-5.1b", "2017-5.2a")
class TestSomebodyWithAllThatServes:
    def test_opens_no_identity(self, data: Path) -> None:
        lock(data)
        sealer = sealer_of(data)
        assert sealer is not None
        keep(data, sealer.seal("p1", WHO))

        with as_serving_user(data):
            assert attack(data, os.environ) == []

    def test_would_have_with_the_key_of_the_first_start(self, data: Path) -> None:
        """The attack is a real one: where the key lies whole, it opens."""
        files = Instance(data=data).vault_files()
        keep(data, PersonSealer(load_public_key(files.public), tenant="gentie").seal("p1", WHO))

        with as_serving_user(data):
            assert attack(data, os.environ) == [WHO]


@contextmanager
def as_serving_user(data: Path) -> Iterator[None]:
    """Everything belongs to the serving user, locked keys included; so does what tries now."""
    if os.geteuid() != 0:
        yield
        return
    user = pwd.getpwnam(ATTACKER)
    folders = (data, data.with_name("news-keys"))
    for path in (one for folder in folders for one in (folder, *folder.rglob("*"))):
        os.chown(path, user.pw_uid, user.pw_gid)
    for parent in data.parents:
        if parent.stat().st_uid == 0 and parent.stat().st_mode & 0o777 == 0o700:
            parent.chmod(0o711)
    os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def attack(data: Path, environment: Mapping[str, str]) -> list[dict[Field, str]]:
    """Try everything that could be a private key on every sealed person."""
    keys = [key for secret in secrets_in(data, environment) for key in private_keys_in(secret)]
    opened = []
    for sealed in stolen(data / "vault.db"):
        for key in keys:
            try:
                opened.append(open_person(sealed, key, tenant="gentie"))
            except (CannotOpen, InvalidTag, ValueError):
                continue
    return opened


def stolen(file: Path) -> list[SealedPerson]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as tx:
        rows = tx.execute("SELECT person, key, public, sealed_key FROM person_key").fetchall()
        fields = tx.execute("SELECT field, version, blob FROM person_field").fetchall()
    return [
        SealedPerson(person=p, key=k, public=public, sealed_key=sealed, fields=_fields(fields))
        for p, k, public, sealed in rows
    ]


def _fields(rows: list[tuple[str, int, bytes]]) -> tuple[SealedField, ...]:
    return tuple(SealedField(field=Field(f), version=v, blob=b) for f, v, b in rows)


def secrets_in(data: Path, environment: Mapping[str, str]) -> Iterator[bytes]:
    """All files, and all of the environment."""
    folders = (data, data.with_name("news-keys"))
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "index.key" for file in files)
    yield from (file.read_bytes() for file in files)
    yield from (value.encode() for value in environment.values())


def private_keys_in(secret: bytes) -> Iterator[X25519PrivateKey]:
    """Keys in PEM, and every 32 bytes that stand there in the clear, in hex or in base64."""
    for pem in re.findall(
        rb"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", secret, re.DOTALL
    ):
        key = serialization.load_pem_private_key(pem, password=None)
        if isinstance(key, X25519PrivateKey):
            yield key
    words = [base64.b64decode(one + b"==") for one in re.findall(rb"[A-Za-z0-9+/]{43}", secret)]
    words += [bytes.fromhex(one.decode()) for one in re.findall(rb"\b[0-9a-f]{64}\b", secret)]
    small = [secret] if len(secret) < 4096 else []
    for word in (*words, *small):
        for at in range(len(word) - 31):
            yield X25519PrivateKey.from_private_bytes(word[at : at + 32])


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
def test_an_approved_request_is_shown_once(data: Path) -> None:
    lock(data)
    ticket = asyncio.run(_approved_ticket(data))
    entered = (PHRASES["tao"], PHRASES["lin"], ticket)
    ask = ("vault", "open", "--officer", "tao", "--officer", "lin")

    shown = told(data, *ask, lines=entered)
    again = told(data, *ask, lines=entered)
    wrong = told(data, *ask, lines=(PHRASES["tao"], PHRASES["mei"], ticket))

    assert shown.exit_code == 0, shown.output
    assert "name: 林晚秋" in shown.output
    assert "phone" not in shown.output.split("Ticket")[1], "only what was asked for"
    marked = [one for one in shown.output.splitlines() if one.startswith("[D-")]
    assert len(marked) == 2
    assert again.exit_code == 1
    assert "disclosure-ticket-invalid" in again.output
    assert isinstance(wrong.exception, KeeperClosed)


async def _approved_ticket(data: Path) -> str:
    """As the doors do it: somebody asked, two approved, a ticket was taken."""
    instance = Instance(data=data)
    db = instance.open_database()
    try:
        return await _ticket(db, data)
    finally:
        await db.close()


async def _ticket(db: Database, data: Path) -> str:
    office = Office(db)
    office.now = utc_now()  # the command looks at the real clock
    await office.open()
    sealer = sealer_of(data)
    assert sealer is not None
    asked = await office.approved()
    keep(data, sealer.seal(asked.person, WHO))
    return (await office.ticket(asked)).ticket


def test_the_index_gets_a_new_key_and_gives_up_the_old(data: Path) -> None:
    before = Instance(data=data).index_key_file().read_bytes()
    rotated = told(data, "vault", "rotate-index")
    unknown = told(data, "vault", "retire-index", "2")
    retired = told(data, "vault", "retire-index", "1")

    assert [one.exit_code for one in (rotated, unknown, retired)] == [0, 1, 0], retired.output
    key = load_or_make_index_key(Instance(data=data).index_key_file())
    assert (key.version, key.older) == (2, ())
    assert key.derive("factor") == msgspec.json.decode(before, type=IndexKey).derive("factor")
