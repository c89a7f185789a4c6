"""Everything put together for one serving process: databases, log, application, jobs."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from prometheus_client import CollectorRegistry

from gentie.jobs.meters import Meters
from gentie.jobs.recurring import Recurring, Task
from gentie.jobs.runner import Handler, Runner
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.clock import Clock, utc_now
from gentie.ledger.keeping import Signer
from gentie.main.instance import Instance
from gentie.main.numbers import WorkerNumber
from gentie.storage import idempotency, outbox
from gentie.storage.db import Database
from gentie.web.app import Application, create_app
from gentie.web.public import log
from gentie.web.services import Services

ROUTES = (*log.routes,)
"""All doors. Those of health, description and static files are always there."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What handlers, tasks and doors are made of."""

    db: Database
    vault: Database
    signer: Signer
    number: WorkerNumber
    meters: Meters
    registry: CollectorRegistry
    clock: Clock


@asynccontextmanager
async def running(instance: Instance) -> AsyncIterator[Application]:
    """Open the instance, start its jobs, and yield the application that serves it.

    Leaving finishes the messages in hand, then the acts, then closes.
    """
    async with AsyncExitStack() as stack:
        parts = await _open(instance, stack)
        app = create_app(_services(instance, parts), ROUTES)
        runner = Runner(parts.db, _handlers(parts), clock=parts.clock, meters=parts.meters)
        recurring = Recurring(_tasks(parts), meters=parts.meters)
        tasks = [asyncio.create_task(one.run()) for one in (runner, recurring)]
        try:
            yield app
        finally:
            runner.stop()
            recurring.stop()
            await asyncio.gather(*tasks)


async def _open(instance: Instance, stack: AsyncExitStack) -> Parts:
    db = instance.open_database()
    stack.push_async_callback(db.close)
    vault = instance.open_database("vault")
    stack.push_async_callback(vault.close)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    number = WorkerNumber(db, holder=holder, clock=utc_now)
    await number.hold()
    registry = CollectorRegistry()
    return Parts(
        db=db,
        vault=vault,
        signer=instance.signer(),
        number=number,
        meters=Meters(registry),
        registry=registry,
        clock=utc_now,
    )


def _services(instance: Instance, parts: Parts) -> Services:
    settings = instance.settings
    return Services(
        db=parts.db,
        clock=parts.clock,
        base_url=settings.public_url,
        origins=frozenset(settings.origins),
        security_contact=settings.security_contact,
        probes={"worker number": lambda: parts.number.is_held},
        log=parts.signer.key.public,
        registry=parts.registry,
    )


def _handlers(parts: Parts) -> dict[str, Handler]:
    """Who carries out which messages, by topic."""
    return {}


def _tasks(parts: Parts) -> list[Task]:
    """What comes again and again."""

    async def forget_keys() -> None:
        await parts.db.act(partial(idempotency.forget_old, now=parts.clock()))

    async def show_backlog() -> None:
        parts.meters.show(await parts.db.read(outbox.backlog))

    async def sequence_log() -> None:
        await sequence_once(parts.db, parts.signer, now=parts.clock())

    return [
        Task(name="sequence-log", every=timedelta(milliseconds=500), run=sequence_log),
        Task(name="hold-number", every=timedelta(seconds=30), run=parts.number.hold),
        Task(name="forget-keys", every=timedelta(hours=1), run=forget_keys),
        Task(name="show-backlog", every=timedelta(seconds=5), run=show_backlog),
    ]
