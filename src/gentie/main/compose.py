"""Everything put together for one serving process: databases, log, application, jobs."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from litestar.types import ControllerRouterHandler
from prometheus_client import CollectorRegistry

from gentie.actions.identity.publish_agreements import publish_agreements
from gentie.actions.identity.publish_rules import publish_rules
from gentie.actions.place import SITE_CHANGED
from gentie.catalogue.regimes import shipped_regimes
from gentie.demo.sandbox_pages import sandbox_at
from gentie.jobs import leaks, leaving, mail, media, people, screening, waiting
from gentie.jobs.hearing import Hear, Hearing
from gentie.jobs.identities import Identities
from gentie.jobs.mail import Post
from gentie.jobs.media import Scrubbing
from gentie.jobs.meters import Meters
from gentie.jobs.pages import by_message
from gentie.jobs.recurring import Recurring, Task
from gentie.jobs.runner import Handler, Runner
from gentie.jobs.screening import load_rules
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock, utc_now
from gentie.ledger.keeping import Signer
from gentie.main.instance import Instance
from gentie.main.mail import mailing_of, post_of
from gentie.main.numbers import WorkerNumber
from gentie.main.pages import hearing_for, kept_by, public_pages
from gentie.main.people import new_http, people_of
from gentie.main.settings import Settings
from gentie.media.adapters.objects import Objects
from gentie.media.adapters.reader import scrub_and_read
from gentie.media.adapters.scrubber import scrub
from gentie.media.adapters.spool import Spool
from gentie.media.limits import Limits
from gentie.pages.streams import Streams
from gentie.screening.pipeline import Screener
from gentie.storage import hints, idempotency, outbox
from gentie.storage.db import Database
from gentie.storage.outbox import Message
from gentie.vault.destroyed import Destroyed
from gentie.web import dplayer
from gentie.web.account import (
    agreeing,
    api,
    archive,
    closing,
    codes,
    credit,
    documents,
    guardian,
    identity,
    linking,
    pages,
    passkeys,
    undertaking,
)
from gentie.web.app import Application, create_app
from gentie.web.attaching import Attaching
from gentie.web.console import api as desk
from gentie.web.console import measures
from gentie.web.console import pages as console
from gentie.web.embed import routes as embed
from gentie.web.mailing import Mailing
from gentie.web.network import Network
from gentie.web.people import People
from gentie.web.public import log
from gentie.web.public import mail as letters
from gentie.web.public import routes as public
from gentie.web.services import Services

ROUTES = (
    *log.routes,
    *api.routes,
    *pages.routes,
    *archive.routes,
    *codes.routes,
    *passkeys.routes,
    *closing.routes,
    *linking.routes,
    *undertaking.routes,
    *documents.routes,
    *guardian.routes,
    *credit.routes,
    *agreeing.routes,
    *letters.routes,
    *identity.routes,
    *desk.routes,
    *measures.routes,
    *console.routes,
    *embed.routes,
    *public.routes,
    *dplayer.routes,
)
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
    screener: Screener
    clock: Clock
    people: People
    mailing: Mailing | None
    post: Post | None
    identities: Identities
    objects: Objects
    spool: Spool
    routes: tuple[ControllerRouterHandler, ...]
    """Doors that depend on the settings."""


@asynccontextmanager
async def running(
    instance: Instance, more: Sequence[ControllerRouterHandler] = ()
) -> AsyncIterator[Application]:
    """Open the instance, start its jobs, and yield the application that serves it.

    `more` are doors besides `ROUTES`.

    Leaving finishes the messages in hand, then the acts, then closes.
    """
    async with AsyncExitStack() as stack:
        parts = await _open(instance, stack)
        routes = (*ROUTES, *parts.routes, *more)
        app = create_app(_services(instance, parts), routes)
        kept = kept_by(app)
        hearing = None if instance.is_alone else hearing_for(app, kept, holder=parts.number.holder)
        handlers = _handlers(parts, kept, hearing)
        runner = Runner(parts.db, handlers, clock=parts.clock, meters=parts.meters)
        recurring = Recurring(_tasks(parts), meters=parts.meters)
        jobs: list[Runner | Recurring | Hearing | Scrubbing] = [
            runner,
            recurring,
            _scrubbing(instance.settings, parts),
        ]
        if hearing is not None:
            await hearing.begin()
            jobs.append(hearing)
        tasks = [asyncio.create_task(one.run()) for one in jobs]
        try:
            yield app
        finally:
            for one in jobs:
                one.stop()
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
    http = await stack.enter_async_context(new_http())
    settings = instance.settings
    sandbox = [sandbox_at(settings.public_url, clock=utc_now)] if settings.demo else []
    providers = [provider for provider, _ in sandbox]
    await _publish_agreements(db)
    known = people_of(settings, db, vault, http, clock=utc_now, more=providers)
    mailing = mailing_of(settings, known.index_key)
    identities = Identities(
        db,
        vault,
        Destroyed(settings.destroyed_path),
        bait_key=known.index_key.derive("bait"),
        clock=utc_now,
    )
    await identities.destroy_again()
    return Parts(
        db=db,
        vault=vault,
        signer=instance.signer(),
        number=number,
        meters=Meters(registry),
        registry=registry,
        screener=Screener(await load_rules(db, now=utc_now())),
        clock=utc_now,
        people=known,
        mailing=mailing,
        post=post_of(settings, mailing, db, clock=utc_now),
        identities=identities,
        objects=instance.open_objects(),
        spool=Spool(settings.uploads_folder),
        routes=tuple(router for _, router in sandbox),
    )


async def _publish_agreements(db: Database) -> None:
    regimes = shipped_regimes().values()
    await db.act(partial(publish_agreements, regimes=regimes, acting=SERVICE, now=utc_now()))
    await db.act(partial(publish_rules, acting=SERVICE, now=utc_now()))


def _services(instance: Instance, parts: Parts) -> Services:
    settings = instance.settings
    return Services(
        db=parts.db,
        clock=parts.clock,
        authenticate=parts.people.access.identify,
        people=parts.people,
        mailing=parts.mailing,
        base_url=settings.public_url,
        origins=frozenset(settings.origins),
        security_contact=settings.security_contact,
        probes={"worker number": lambda: parts.number.is_held},
        log=parts.signer.key.public,
        rules=lambda: parts.screener.compiled,
        attaching=_attaching(settings, parts),
        media_url=settings.media_url.rstrip("/"),
        network=Network(parts.people.sealer, key=parts.people.index_key.derive("address")),
        streams=Streams(most=settings.live_followers, each=settings.live_per_address),
        sources=public_pages(parts.db, clock=parts.clock, base_url=settings.public_url),
        rate_factor=settings.rate_factor,
        registry=parts.registry,
    )


def _attaching(settings: Settings, parts: Parts) -> Attaching:
    return Attaching(
        objects=parts.objects,
        spool=parts.spool,
        key=parts.people.index_key.derive("media"),
        largest=settings.media_largest_mb << 20,
    )


def _scrubbing(settings: Settings, parts: Parts) -> Scrubbing:
    reads = partial(scrub_and_read, scrub=scrub, languages=settings.media_ocr)
    return Scrubbing(
        parts.db,
        parts.objects,
        parts.spool,
        reads if settings.media_ocr else scrub,
        rules=lambda: parts.screener.compiled,
        limits=Limits(),
        clock=parts.clock,
    )


def _handlers(
    parts: Parts, kept: Mapping[str, Hear], hearing: Hearing | None
) -> dict[str, Handler]:
    """Who carries out which messages, by topic."""
    pages = by_message(kept, hearing)

    async def site_changed(message: Message) -> None:
        """Often due later than the act, so processes beside this one hear of it only now."""
        await pages[SITE_CHANGED](message)
        hint = partial(hints.tell, topic=SITE_CHANGED, about=message.body, now=parts.clock())
        made = await parts.db.act(hint)
        if hearing is not None:
            hearing.note(made)

    return {
        **waiting.handlers_for(parts.db, clock=parts.clock),
        **mail.handlers_for(parts.db, clock=parts.clock),
        **leaving.handlers_for(parts.db, clock=parts.clock),
        **leaks.handlers_for(parts.db, clock=parts.clock),
        **people.handlers_for(parts.vault, clock=parts.clock),
        **parts.identities.handlers(),
        **pages,
        SITE_CHANGED: site_changed,
    }


def _tasks(parts: Parts) -> list[Task]:
    """What comes again and again."""

    async def forget_keys() -> None:
        await parts.db.act(partial(idempotency.forget_old, now=parts.clock()))

    async def forget_hints() -> None:
        await parts.db.act(partial(hints.forget_old, now=parts.clock()))

    async def show_backlog() -> None:
        parts.meters.show(await parts.db.read(outbox.backlog))

    async def sequence_log() -> None:
        await sequence_once(parts.db, parts.signer, now=parts.clock())

    return [
        *mail.tasks_for(parts.db, parts.post, clock=parts.clock),
        *people.tasks_for(parts.db, parts.vault, clock=parts.clock),
        *parts.identities.tasks(),
        *media.tasks_for(parts.db, parts.objects, parts.spool, clock=parts.clock),
        *screening.tasks_for(parts.db, parts.screener, clock=parts.clock),
        Task(name="sequence-log", every=timedelta(milliseconds=500), run=sequence_log),
        Task(name="hold-number", every=timedelta(seconds=30), run=parts.number.hold),
        Task(name="forget-keys", every=timedelta(hours=1), run=forget_keys),
        Task(name="forget-hints", every=timedelta(seconds=30), run=forget_hints),
        Task(name="show-backlog", every=timedelta(seconds=5), run=show_backlog),
    ]
