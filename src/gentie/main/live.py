"""The live role: a process for readers. It shows public pages and tells those who follow.

Any number of them stand beside the process that serves; each hears of changes from the database.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from litestar import Router
from prometheus_client import CollectorRegistry

from gentie.jobs.meters import Meters
from gentie.jobs.recurring import Recurring, Task
from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.main.numbers import WorkerNumber
from gentie.main.pages import hearing_for, kept_by, public_pages
from gentie.pages.streams import Streams
from gentie.web.app import Application, create_app
from gentie.web.embed import danmaku, live, sites, threads
from gentie.web.services import Services

ROUTES = (
    Router(
        "/api/v1",
        route_handlers=[
            live.live,
            live.danmaku_live,
            *threads.HANDLERS,
            *danmaku.PAGES,
            *sites.PAGES,
        ],
    ),
)
"""What this role answers, besides health and its description: pages that are wrong, or none."""


@asynccontextmanager
async def telling(instance: Instance) -> AsyncIterator[Application]:
    """Open an instance that is served elsewhere, and yield the application that tells of it.

    Raises:
        InstanceFault: there is none, or at another version.
    """
    db = instance.open_database()
    settings = instance.settings
    holder = f"{socket.gethostname()}:{os.getpid()}"
    number = WorkerNumber(db, holder=holder, clock=utc_now)
    registry = CollectorRegistry()
    hold = Task(name="hold-number", every=timedelta(seconds=30), run=number.hold)
    recurring = Recurring([hold], meters=Meters(registry))
    app = create_app(
        Services(
            db=db,
            base_url=settings.public_url,
            origins=frozenset(settings.origins),
            probes={"hearing": lambda: hearing.is_hearing},
            media_url=settings.media_url.rstrip("/"),
            streams=Streams(most=settings.live_followers, each=settings.live_per_address),
            sources=public_pages(db, clock=utc_now, base_url=settings.public_url),
            registry=registry,
        ),
        ROUTES,
    )
    hearing = hearing_for(app, kept_by(app), holder=holder)
    await number.hold()
    await hearing.begin()
    tasks = [asyncio.create_task(one.run()) for one in (hearing, recurring)]
    try:
        yield app
    finally:
        hearing.stop()
        recurring.stop()
        await asyncio.gather(*tasks)
        await db.close()
