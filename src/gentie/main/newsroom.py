"""The demo as a whole: an instance of its own, built on the first start, then served."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from litestar.types import ControllerRouterHandler

from gentie.actions.posting.import_archive import Archived, ArchivePage
from gentie.cli.imports.at_once import archive_at_once
from gentie.cli.imports.formats import FORMATS
from gentie.cli.imports.opening import ExportFile
from gentie.demo import pages
from gentie.demo.building import (
    Told,
    Wanted,
    build,
    is_built,
    make_drafts,
    make_secrets,
    remember_people,
    renew_tokens,
)
from gentie.demo.cast import Entry, Keys
from gentie.demo.content import OLD_SITE, read_content
from gentie.demo.guide import guide
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.main.instance import Instance
from gentie.main.serving import Extra, serve
from gentie.screening.pipeline import CompiledRules, compile_rules
from gentie.screening.rules import BUILT_IN
from gentie.storage.db import Database
from gentie.vault.keys import load_or_make_index_key
from gentie.web.public.danmaku_html import write_danmaku
from gentie.web.public.thread_html import write_fragment

ORIGIN: Final = "demo.gentie.example/log"
"""The demo's log is called the same on every port."""
_OLD_SITE_NOW: Final = SiteId("daily")
"""Where the comments of the old site went."""


def run_demo(instance: Instance, *, tell: Told, announce: Callable[[str], None]) -> None:
    """Return after SIGTERM or SIGINT. `tell` hears how far the first build is.

    `announce` is told what a visitor has to know, once requests are taken.

    Raises:
        InstanceFault: it cannot be served as it is.
    """
    extra = Extra(prepare=partial(_prepare, tell=tell), routes=_routes)
    folder = instance.settings.data
    serve(instance, announce=lambda address: announce(guide(address, folder)), extra=extra)


def _prepare(instance: Instance, *, tell: Told) -> None:
    asyncio.run(_build_once(instance, tell))


async def _build_once(instance: Instance, tell: Told) -> None:
    db, vault = instance.open_database(), instance.open_database("vault")
    try:
        if await db.read(is_built):
            await _renew(instance, db)
        else:
            await _build(instance, db, vault, tell)
    finally:
        await db.close()
        await vault.close()


async def _build(instance: Instance, db: Database, vault: Database, tell: Told) -> list[Entry]:
    content, now = read_content(), utc_now()
    settings = instance.settings
    index = load_or_make_index_key(settings.blind_index_key_path)
    remember = partial(remember_people, content=content, key_version=index.version, now=now)
    keys = Keys(
        factor=index.derive("factor"),
        persons=await vault.act(remember),
        secrets=make_secrets(content),
    )
    rules = compile_rules(BUILT_IN, now=now)
    wanted = Wanted(
        content=content,
        keys=keys,
        drafts=make_drafts(content, rules),
        archive=_old_site(rules),
        folder=settings.data,
        base_url=settings.public_url,
    )
    return await db.act(partial(build, wanted=wanted, tell=tell, now=utc_now()))


def _old_site(rules: CompiledRules) -> list[tuple[ArchivePage, list[Archived]]]:
    return archive_at_once(ExportFile(OLD_SITE), FORMATS["wxr"], _OLD_SITE_NOW, rules)


async def _renew(instance: Instance, db: Database) -> None:
    settings = instance.settings
    key = load_or_make_index_key(settings.blind_index_key_path).derive("factor")
    renew = partial(
        renew_tokens, content=read_content(), folder=settings.data, factor_key=key, now=utc_now()
    )
    await db.act(renew)


def _routes(instance: Instance) -> Sequence[ControllerRouterHandler]:
    return (pages.router_for(pages.Fragments(thread=_fragment, danmaku=write_danmaku)),)


async def _fragment(db: Database, site: str, key: str, lang: str) -> str:
    """What stands inside the tag: the thread without script."""
    return await write_fragment(db, site, key, lang, now=utc_now())
