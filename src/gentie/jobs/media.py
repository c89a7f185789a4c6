"""Give uploads to the scrubber, one at a time, and sweep away bytes that nobody needs.

The scrubber may take minutes, so this is no handler of a message: an upload is leased, the lease
is renewed while the program works, and a process that dies leaves it to the next one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from gentie.actions.media.hold_upload import hold_upload
from gentie.actions.media.settle_upload import settle_upload
from gentie.actions.media.take_upload import take_upload
from gentie.jobs.recurring import Task
from gentie.kernel.actor import SERVICE
from gentie.kernel.chance import new_secret
from gentie.kernel.clock import Clock
from gentie.media import queries
from gentie.media.adapters.objects import PRIVATE, PUBLIC, NoObject, Objects
from gentie.media.adapters.program import NotScrubbed
from gentie.media.adapters.scrubber import Scrubbed, Variant
from gentie.media.adapters.spool import Spool
from gentie.media.limits import Limits
from gentie.media.model import TRIES, UNSENT, Attachment, Facts, Kind, State
from gentie.media.model import Variant as Form
from gentie.media.refusals import UNCHECKED
from gentie.screening.pipeline import CompiledRules
from gentie.storage.db import Database

POLL: Final = 0.5
"""Seconds between looks."""
RENEW: Final = 20
"""Seconds after which a lease of a minute is renewed."""
SURE: Final = 50
"""Quality from which a perceptual hash says something: on a plain surface it does not."""
ABANDONED: Final = timedelta(hours=1)
"""Age of a check that nobody works on: none may take half as long."""
log = structlog.get_logger()
Scrub = Callable[[Path, Path, Limits], Awaitable[Scrubbed]]


class Scrubbing:
    """One for a process. `scrub` runs the program; it is ended when we stop."""

    def __init__(
        self,
        db: Database,
        objects: Objects,
        spool: Spool,
        scrub: Scrub,
        *,
        rules: Callable[[], CompiledRules],
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._db, self._objects, self._spool, self._scrub = db, objects, spool, scrub
        self._rules, self._limits, self._clock = rules, limits, clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Return soon after `stop`; an upload in hand is left to whoever comes next."""
        working = asyncio.create_task(self._work())
        await self._stopping.wait()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    def stop(self) -> None:
        self._stopping.set()

    async def once(self) -> bool:
        """Check the upload that has waited longest. False: none waits."""
        if not await self._db.read(partial(queries.waits, now=self._clock())):
            return False
        lease = new_secret()
        taking = partial(take_upload, lease=lease, acting=SERVICE, now=self._clock())
        taken = await self._db.act(taking)
        if taken is not None:
            await self._check(taken, lease)
        return taken is not None

    async def _work(self) -> None:
        while True:
            try:
                found = await self.once()
            except Exception:
                log.exception("upload.not_checked")
                found = False
            if not found:
                await asyncio.sleep(POLL)

    async def _check(self, taken: Attachment, lease: str) -> None:
        renewing = asyncio.create_task(self._renew(taken, lease))
        try:
            settled = await self._scrubbed(taken)
        except NotScrubbed as error:
            settled = _refused(taken, error.code)
        except Exception as error:
            log.exception("upload.check_failed", attempt=taken.tries)
            if taken.tries < TRIES and not isinstance(error, NoObject):
                return
            settled = _refused(taken, UNCHECKED)
        finally:
            renewing.cancel()
        settling = partial(settle_upload, settled=settled, lease=lease, rules=self._rules())
        await self._db.act(partial(settling, acting=SERVICE, now=self._clock()))

    async def _renew(self, taken: Attachment, lease: str) -> None:
        while True:
            await asyncio.sleep(RENEW)
            holding = partial(hold_upload, upload=taken.id, lease=lease, acting=SERVICE)
            await self._db.act(partial(holding, now=self._clock()))

    async def _scrubbed(self, taken: Attachment) -> Attachment:
        with self._spool.checking() as folder:
            source, out = _places(folder)
            await self._objects.fetch(PRIVATE, taken.sha256, source)
            made = await self._scrub(source, out, self._limits)
            for one in (*made.variants, *made.key_frames):
                await self._objects.put(PUBLIC, one.sha256, one.file)
        return _settled(taken, made)


def _places(folder: Path) -> tuple[Path, Path]:
    """Where what was sent lies, and an empty folder for what is made of it."""
    out = folder / "out"
    out.mkdir()
    return folder / "source", out


def _refused(taken: Attachment, code: str) -> Attachment:
    return msgspec.structs.replace(taken, state=State.REFUSED, reason=code)


def _settled(taken: Attachment, made: Scrubbed) -> Attachment:
    facts = made.facts
    return msgspec.structs.replace(
        taken,
        kind=Kind(made.kind),
        text=made.text,
        variants=tuple(_form(one) for one in (*made.variants, *made.key_frames)),
        facts=Facts(
            width=facts.get("width", 0),
            height=facts.get("height", 0),
            seconds=facts.get("seconds", 0.0),
            animated=facts.get("animated", False),
            waveform=tuple(facts.get("waveform", ())),
            marks=marks_of(facts),
            reading=made.reading,
        ),
    )


def marks_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What a picture looks like, or each still of a video, where there is enough to see."""
    looks = (facts, *facts.get("key_frames", ()))
    found = (one["pdq"] for one in looks if "pdq" in one and one.get("pdq_quality", 0) >= SURE)
    return tuple(dict.fromkeys(found))


def _form(made: Variant) -> Form:
    return Form(
        name=made.name,
        content_type=made.content_type,
        sha256=made.sha256,
        size=made.bytes,
        width=made.width,
        height=made.height,
    )


async def sweep_objects(db: Database, objects: Objects, *, clock: Clock) -> int:
    """Delete bytes that have lain there for a day and that no attachment needs. Returns how many.

    A day, because an object comes before its row.
    """
    old, gone = clock() - UNSENT, 0
    for prefix in (PRIVATE, PUBLIC):
        async for part in objects.listed(prefix):
            names = [one.sha256 for one in part if one.at < old]
            asking = partial(queries.needed, digests=names, originals=prefix == PRIVATE)
            unneeded = sorted(set(names) - await db.read(asking)) if names else []
            await objects.drop(prefix, unneeded)
            gone += len(unneeded)
    return gone


async def sweep_spool(db: Database, spool: Spool, *, clock: Clock) -> int:
    """Delete unfinished uploads of which the database knows nothing any more. Returns how many.

    And the folders of checks whose process was killed: a stranger's file lies in each.
    """
    known = set(await db.read(queries.receiving))
    lost = [one for one in spool.all() if one not in known]
    for one in lost:
        spool.drop(one)
    return len(lost) + await asyncio.to_thread(spool.drop_abandoned, before=clock() - ABANDONED)


def tasks_for(db: Database, objects: Objects, spool: Spool, *, clock: Clock) -> list[Task]:
    """What comes again every hour."""

    async def sweep() -> None:
        gone = await sweep_objects(db, objects, clock=clock)
        lost = await sweep_spool(db, spool, clock=clock)
        if gone or lost:
            log.info("media.swept", count=gone + lost)

    return [Task(name="media.sweep", every=timedelta(hours=1), run=sweep)]
