"""The worker number of this process: leased, renewed, and replaced when the lease was lost."""

from datetime import datetime
from functools import partial

import structlog

from gentie.kernel.chance import use_worker
from gentie.kernel.clock import Clock
from gentie.storage import workers
from gentie.storage.db import Database

log = structlog.get_logger()


class WorkerNumber:
    """No id is made without one: `kernel.chance.new_id` refuses once the lease has ended."""

    def __init__(self, db: Database, *, holder: str, clock: Clock) -> None:
        """`holder` names this process among all that use the database."""
        self.holder = holder
        self._db, self._clock = db, clock
        self._worker = 0
        self._until: datetime | None = None

    @property
    def is_held(self) -> bool:
        return self._until is not None and self._clock() < self._until

    async def hold(self) -> None:
        """Renew the lease, or take another number when it was lost. Call it twice a minute."""
        now = self._clock()
        self._until = await self._renew(now) or await self._take(now)
        use_worker(self._worker, self._until)

    async def _renew(self, now: datetime) -> datetime | None:
        if self._until is None:
            return None
        renew = partial(workers.renew, worker=self._worker, holder=self.holder, now=now)
        return await self._db.act(renew)

    async def _take(self, now: datetime) -> datetime:
        take = partial(workers.take, holder=self.holder, now=now)
        self._worker, until = await self._db.act(take)
        log.info("worker.number", worker=self._worker)
        return until
