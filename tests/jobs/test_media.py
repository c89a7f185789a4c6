"""The scrubber is asked once at a time, by whoever has the lease; what nobody needs is swept."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from gentie.actions.media.drop_upload import drop_upload
from gentie.actions.media.hold_upload import hold_upload
from gentie.actions.media.settle_upload import settle_upload
from gentie.actions.media.take_upload import take_upload
from gentie.actions.oversight.delete_expired import delete_expired
from gentie.actions.oversight.end_hold import end_hold
from gentie.actions.oversight.hold_data import HoldWanted, hold_data
from gentie.jobs.media import ABANDONED, Scrub, Scrubbing, sweep_objects, sweep_spool
from gentie.kernel.actor import SERVICE, Actor, Kind
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId
from gentie.media import queries, refusals, store
from gentie.media.adapters.objects import PRIVATE, PUBLIC, NoObject, Objects, open_objects
from gentie.media.adapters.program import NotScrubbed
from gentie.media.adapters.scrubber import Scrubbed
from gentie.media.adapters.spool import Spool
from gentie.media.limits import Limits
from gentie.media.model import LEASE, TRIES, UNSENT, Attachment, State
from gentie.storage.db import Database
from tests.media.build import an_attachment, digest, scrub_well, uploaded
from tests.newsroom import NOON, NOTEBOOK, RULES, a_person, a_site

CONTENT = b"what somebody sent"
HOLDER = Actor(
    id=ActorId("staff:law"),
    kind=Kind.STAFF,
    scopes=frozenset({"deletion:hold"}),
    role="compliance",
)


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return open_objects("", tmp_path / "media")


@pytest.fixture
async def river(db: Database) -> Actor:
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    return await db.act(a_person)


async def waiting(db: Database, objects: Objects, river: Actor, folder: Path) -> str:
    """An upload that waits for the scrubber. Returns its id."""
    file = folder / "sent"
    await asyncio.to_thread(file.write_bytes, CONTENT)
    await objects.put(PRIVATE, digest(CONTENT), file)
    one = an_attachment(
        account=river.account, state=State.CHECKING, sha256=digest(CONTENT), variants=()
    )
    await db.act(lambda tx: store.add(tx, one))
    return one.id


def scrubbing(
    db: Database, objects: Objects, folder: Path, scrub: Scrub, *, later: timedelta
) -> Scrubbing:
    clock, spool = partial(lambda moment: moment, NOON + later), Spool(folder / "uploads")
    return Scrubbing(db, objects, spool, scrub, rules=lambda: RULES, limits=Limits(), clock=clock)


async def state_of(db: Database, upload: str) -> Attachment:
    found = await db.read(partial(queries.find, attachment=upload))
    assert found is not None
    return found


class TestChecking:
    async def test_what_is_good_is_ready_under_its_digest(
        self, db: Database, objects: Objects, river: Actor, tmp_path: Path
    ) -> None:
        upload = await waiting(db, objects, river, tmp_path)

        assert await scrubbing(db, objects, tmp_path, scrub_well, later=timedelta()).once()
        found = await state_of(db, upload)
        assert (found.state, found.variants[0].sha256) == (State.READY, digest(CONTENT))
        assert found.facts.marks == ("0" * 64,)
        assert objects.get_now(PUBLIC, digest(CONTENT)) == CONTENT
        assert not await scrubbing(db, objects, tmp_path, scrub_well, later=timedelta()).once()

    async def test_one_that_kills_its_checker_is_refused_in_the_end(
        self, db: Database, objects: Objects, river: Actor, tmp_path: Path
    ) -> None:
        async def falls_over(source: Path, out: Path, limits: Limits) -> Scrubbed:
            raise OSError

        upload = await waiting(db, objects, river, tmp_path)
        for number in range(TRIES):
            later = number * (LEASE + timedelta(seconds=1))
            assert await scrubbing(db, objects, tmp_path, falls_over, later=later).once()
        found = await state_of(db, upload)
        assert (found.state, found.reason, found.tries) == (
            State.REFUSED,
            refusals.UNCHECKED,
            TRIES,
        )

    async def test_a_reason_is_kept(
        self, db: Database, objects: Objects, river: Actor, tmp_path: Path
    ) -> None:
        async def says_no(source: Path, out: Path, limits: Limits) -> Scrubbed:
            raise NotScrubbed(refusals.PIXELS)

        upload = await waiting(db, objects, river, tmp_path)
        await scrubbing(db, objects, tmp_path, says_no, later=timedelta()).once()
        found = await state_of(db, upload)
        assert (found.state, found.reason) == (State.REFUSED, refusals.PIXELS)

    async def test_bytes_that_are_lost_are_not_asked_for_again(
        self, db: Database, objects: Objects, river: Actor, tmp_path: Path
    ) -> None:
        upload = await waiting(db, objects, river, tmp_path)
        await objects.drop(PRIVATE, [digest(CONTENT)])

        await scrubbing(db, objects, tmp_path, scrub_well, later=timedelta()).once()
        assert (await state_of(db, upload)).reason == refusals.UNCHECKED

    async def test_stopping_leaves_it_to_whoever_comes_next(
        self, db: Database, objects: Objects, river: Actor, tmp_path: Path
    ) -> None:
        begun = asyncio.Event()

        async def takes_long(source: Path, out: Path, limits: Limits) -> Scrubbed:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError

        upload = await waiting(db, objects, river, tmp_path)
        job = scrubbing(db, objects, tmp_path, takes_long, later=timedelta())
        running = asyncio.create_task(job.run())
        await begun.wait()
        job.stop()
        await running
        assert (await state_of(db, upload)).state is State.CHECKING

        again = scrubbing(db, objects, tmp_path, scrub_well, later=LEASE + timedelta(seconds=1))
        assert await again.once()
        assert (await state_of(db, upload)).state is State.READY


@pytest.mark.clause("2017-8.c", "2022-7.c")
async def test_a_legal_hold_keeps_files_from_clock_and_wish(
    sqlite_db: Database, objects: Objects, tmp_path: Path
) -> None:
    """Bytes as well: rows say which are needed."""
    river = await sqlite_db.act(a_person)
    upload = await sqlite_db.act(partial(uploaded, by=river))
    later = NOON + UNSENT + timedelta(hours=1)
    wanted = HoldWanted(
        account=river.account, why="A court asked", basis="An order", until=later + UNSENT
    )
    hold = await sqlite_db.act(partial(hold_data, wanted=wanted, acting=HOLDER, now=NOON))
    dropping = partial(drop_upload, upload=upload, acting=river)
    deleting = partial(delete_expired, acting=SERVICE)

    assert not await sqlite_db.act(partial(dropping, now=NOON))
    assert await sqlite_db.act(partial(deleting, now=later)) == 0
    found = await state_of(sqlite_db, upload)
    needing = partial(queries.needed, digests=[found.sha256], originals=True)
    assert await sqlite_db.read(needing) == {found.sha256}

    ending = partial(end_hold, number=hold.number, acting=HOLDER)
    await sqlite_db.act(partial(ending, now=later))
    assert await sqlite_db.act(partial(dropping, now=later))
    assert await sqlite_db.read(needing) == set()


async def test_a_lease_is_one_processes(
    db: Database, objects: Objects, river: Actor, tmp_path: Path
) -> None:
    """Who comes back too late changes nothing."""
    upload = await waiting(db, objects, river, tmp_path)
    take, later = partial(take_upload, acting=SERVICE), NOON + LEASE + timedelta(seconds=1)
    first = await db.act(partial(take, lease="a", now=NOON))

    assert first is not None
    assert await db.act(partial(take, lease="b", now=NOON)) is None
    hold = partial(hold_upload, upload=upload, acting=SERVICE)
    assert await db.act(partial(hold, lease="a", now=NOON + timedelta(seconds=30)))
    assert await db.act(partial(take, lease="b", now=later)) is None
    second = await db.act(partial(take, lease="b", now=later + LEASE))
    assert second is not None
    assert not await db.act(partial(hold, lease="a", now=later + LEASE))
    settle = partial(settle_upload, settled=first, rules=RULES, acting=SERVICE, now=later)
    assert not await db.act(partial(settle, lease="a"))


class TestSweeping:
    async def test_bytes_that_nobody_needs_go_after_a_day(
        self, sqlite_db: Database, objects: Objects, tmp_path: Path
    ) -> None:
        await sqlite_db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
        river = await sqlite_db.act(a_person)
        needed = await sqlite_db.act(partial(uploaded, by=river))
        found = await state_of(sqlite_db, needed)
        for prefix, name in (
            (PRIVATE, found.sha256),
            (PUBLIC, found.variants[0].sha256),
            (PRIVATE, digest(b"lost")),
            (PUBLIC, digest(b"lost")),
        ):
            file = tmp_path / "one"
            await asyncio.to_thread(file.write_bytes, b"bytes")
            await objects.put(prefix, name, file)

        sweep = partial(sweep_objects, sqlite_db, objects)
        assert await sweep(clock=utc_now) == 0
        assert await sweep(clock=lambda: utc_now() + UNSENT + timedelta(hours=1)) == 2
        assert objects.get_now(PUBLIC, found.variants[0].sha256) == b"bytes"
        with pytest.raises(NoObject):
            objects.get_now(PUBLIC, digest(b"lost"))

    async def test_what_was_begun_and_forgotten_goes(
        self, sqlite_db: Database, tmp_path: Path
    ) -> None:
        spool = Spool(tmp_path / "uploads")
        spool.make("lost")

        assert await sweep_spool(sqlite_db, spool, clock=utc_now) == 1
        assert spool.all() == []

    async def test_what_a_killed_check_left_goes_after_an_hour(
        self, sqlite_db: Database, tmp_path: Path
    ) -> None:
        """A stranger's file lies there, as it was sent."""
        spool = Spool(tmp_path / "uploads")
        with spool.checking() as folder:
            (folder / "source").touch()
            assert await sweep_spool(sqlite_db, spool, clock=utc_now) == 0
            assert folder.exists()
            later = utc_now() + ABANDONED + timedelta(minutes=1)
            assert await sweep_spool(sqlite_db, spool, clock=lambda: later) == 1
            assert not folder.exists()
            folder.mkdir()  # for the one who would clear it away

    @pytest.mark.clause("2017-8.c")
    async def test_what_nobody_posted_goes_after_a_day(self, db: Database, river: Actor) -> None:
        upload = await db.act(partial(uploaded, by=river))
        deleting = partial(delete_expired, acting=SERVICE)

        assert await db.act(partial(deleting, now=NOON + UNSENT)) == 0
        assert await db.act(partial(deleting, now=NOON + UNSENT + timedelta(seconds=1))) == 1
        assert await db.read(partial(queries.find, attachment=upload)) is None
