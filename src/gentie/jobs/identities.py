"""Work on identities that nobody waits for: the vault's book, destructions, the monthly count."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa
import structlog

from gentie.actions.identity.confirm_erasure import confirm_erasure
from gentie.actions.identity.destroy_identity import destroy_identity
from gentie.actions.identity.enter_in_book import enter_in_book
from gentie.actions.identity.hold_person import hold_person
from gentie.actions.identity.report_disclosures import report_disclosures
from gentie.jobs.recurring import Task
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.privacy.queries import held_accounts
from gentie.standing import queries as standing
from gentie.standing.model import HOLD_TOPIC
from gentie.standing.rules import held_until
from gentie.storage.db import Database
from gentie.storage.outbox import Message
from gentie.vault import queries
from gentie.vault.destroyed import Destroyed
from gentie.vault.model import AUDIT_TOPIC, ERASE_TOPIC

log = structlog.get_logger()
_HOURLY: Final = timedelta(hours=1)
_LATELY: Final = timedelta(days=60)
"""A service that stood still for so long finds what ended meanwhile."""


class Identities:
    """What the jobs of the vault work on. `bait_key` tells bait from people."""

    def __init__(
        self,
        db: Database,
        vault: Database,
        destroyed: Destroyed,
        *,
        bait_key: bytes,
        clock: Clock,
    ) -> None:
        self._db, self._vault, self._destroyed = db, vault, destroyed
        self._bait_key, self._clock = bait_key, clock

    def handlers(self) -> Mapping[str, Handler]:
        """By topic."""
        return {AUDIT_TOPIC: self._book, ERASE_TOPIC: self._erase, HOLD_TOPIC: self._hold}

    def tasks(self) -> list[Task]:
        return [
            Task(name="identities.erase", every=_HOURLY, run=self.finish_erasures),
            Task(name="identities.report", every=_HOURLY, run=self.report),
            Task(name="identities.let-go", every=_HOURLY, run=self.let_go),
        ]

    async def destroy(self, person: str) -> None:
        """Intent is written down already: list, destroy, confirm. Any of it may come twice."""
        now = self._clock()
        self._destroyed.add(person)
        await self.hold(person)
        await self._vault.act(partial(destroy_identity, person=person, acting=SERVICE, now=now))
        await self._db.act(partial(confirm_erasure, person=person, acting=SERVICE, now=now))

    async def destroy_again(self) -> int:
        """After a restore the vault may hold what had been destroyed. Returns how many rows went.

        Done before anything is served.
        """
        gone = 0
        for person in self._destroyed.all():
            await self.hold(person)
            again = partial(destroy_identity, person=person, acting=SERVICE, now=self._clock())
            gone += await self._vault.act(again)
        return gone

    async def hold(self, person: str) -> None:
        """Let the vault know a person again as long as a bar stands, and no longer.

        Asked before every destruction: who may not return is held first, whichever message came
        first.
        """
        now = self._clock()
        bars = await self._db.read(partial(standing.bars_of, person=person))
        until = held_until(bars, now=now)
        holding = partial(hold_person, person=person, until=until, acting=SERVICE, now=now)
        await self._vault.act(holding)

    async def let_go(self) -> None:
        """Those whose bar has ended; who had themselves erased meanwhile is forgotten now."""
        now = self._clock()
        asking = partial(standing.persons_let_go, since=now - _LATELY, now=now)
        for person in await self._db.read(asking):
            await self.hold(person)
            if person in self._destroyed.all():
                again = partial(destroy_identity, person=person, acting=SERVICE, now=now)
                await self._vault.act(again)

    async def finish_erasures(self) -> None:
        """Those whose message was lost, as when the main database was restored."""
        held = await self._db.read(partial(held_accounts, now=self._clock()))
        for person in await self._db.read(partial(queries.waiting_erasures, held=held)):
            await self.destroy(person)

    async def report(self) -> bool:
        book = await self._vault.read(queries.head_of_book)
        reporting = partial(report_disclosures, book=book, acting=SERVICE, now=self._clock())
        return await self._db.act(reporting)

    async def _book(self, message: Message) -> None:
        body = message.body
        what = {name: body[name] for name in ("reference", "event", "record", "person")}

        def entering(tx: sa.Connection) -> bool:
            return enter_in_book(
                tx, **what, bait_key=self._bait_key, acting=SERVICE, now=self._clock()
            )

        if await self._vault.act(entering):
            log.critical("vault.alarm", reference=message.body["reference"])

    async def _hold(self, message: Message) -> None:
        await self.hold(message.body["person"])

    async def _erase(self, message: Message) -> None:
        await self.destroy(message.body["person"])
