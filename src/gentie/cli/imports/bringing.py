"""From the staging file into the instance, some hundred comments at a time."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from itertools import groupby
from typing import Final, Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import (
    Archived,
    ArchivePage,
    Imported,
    import_archive,
)
from gentie.actions.posting.make_draft import Draft
from gentie.cli.imports.ready import Drafting, Drafts, drafting, ready_name, ready_title
from gentie.cli.imports.staging import Staged, Staging
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.screening.model import RuleSetVersion
from gentie.sites.model import BadThreadKey

T = TypeVar("T")
AT_ONCE: Final = 200
"""Comments in one transaction: a killed import loses no more, and others write in between."""
_AHEAD: Final = 8
"""Portions that are being made ready while one is written."""


class Beside(Protocol):
    """A database open beside a running server."""

    async def keep_contacts(self, contacts: Iterable[tuple[str, bytes]]) -> int: ...
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one portion."""

    read: int
    imported: tuple[Imported, ...] = ()
    skipped: Mapping[str, int] = {}
    contacts: int = 0
    """Sealed into the vault."""


class _Portion(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Staged]
    drafts: "Future[Drafts]"


async def bring_in(
    db: Beside,
    staging: Staging,
    site: SiteId,
    *,
    source_of: Callable[[str], str],
    rules: RuleSetVersion,
) -> AsyncIterator[Brought]:
    """Import what the staging holds and does not know to be here, portion by portion.

    Killed anywhere, it goes on with the next start: what an act has written is known by its
    source id, whether the staging has heard of it or not.
    """
    with drafting(rules, staging.wanted - staging.done, now=utc_now()) as makers:
        for portion in _portions(staging, makers):
            drafts = await asyncio.wrap_future(portion.drafts)
            brought = await _write(db, portion.items, drafts, site, source_of)
            staging.note_done(portion.items[-1].place)
            yield brought


def _portions(staging: Staging, makers: Drafting) -> Iterator[_Portion]:
    """Always some ahead, so that neither the makers nor the writer waits."""
    ahead: deque[_Portion] = deque()
    for items in staging.rest(most=AT_ONCE):
        texts = [(one.text, one.markup) for one in items]
        ahead.append(_Portion(items=items, drafts=makers.submit(texts)))
        if len(ahead) > _AHEAD:
            yield ahead.popleft()
    yield from ahead


async def _write(
    db: Beside,
    items: list[Staged],
    drafts: Drafts,
    site: SiteId,
    source_of: Callable[[str], str],
) -> Brought:
    skipped: Counter[str] = Counter()
    wanted: list[tuple[ArchivePage, Archived]] = []
    for one, draft in zip(items, drafts, strict=True):
        if isinstance(draft, str):
            skipped[draft] += 1
        else:
            archived = archived_of(one, draft)
            wanted.append((page_of(one, site, source_of(one.site)), archived))
    imported, refused = await _import(db, wanted)
    skipped.update(refused)
    shown = {key: value for said in imported for key, value in said.authors.items()}
    contacts = [(shown[one.id], one.contact) for one in items if one.contact and one.id in shown]
    kept = await db.keep_contacts(contacts) if contacts else 0
    return Brought(read=len(items), imported=tuple(imported), skipped=dict(skipped), contacts=kept)


def archived_of(one: Staged, draft: Draft) -> Archived:
    return Archived(
        source_id=one.id,
        parent=one.parent,
        author=ready_name(one.author),
        person=one.person,
        created_at=one.at,
        draft=draft,
        pending=one.pending,
        votes=one.votes,
    )


def page_of(one: Staged, site: SiteId, source: str) -> ArchivePage:
    return ArchivePage(
        site=site,
        source=source,
        key=one.key,
        title=ready_title(one.title),
        url=one.url,
        also=one.also,
    )


async def _import(
    db: Beside, wanted: list[tuple[ArchivePage, Archived]]
) -> tuple[list[Imported], Counter[str]]:
    """All pages of a portion in one transaction. A page without a possible key is refused."""
    pages = [
        (page, [item for _, item in some]) for page, some in groupby(wanted, key=lambda one: one[0])
    ]
    now = utc_now()

    def body(tx: sa.Connection) -> tuple[list[Imported], Counter[str]]:
        imported, refused = list[Imported](), Counter[str]()
        for page, items in pages:
            try:
                said = import_archive(tx, page=page, items=items, acting=OPERATOR, now=now)
            except BadThreadKey as refusal:
                refused[refusal.code] += len(items)
            else:
                imported.append(said)
        return imported, refused

    return await db.act(body)


async def approve_all(db: Beside, batches: Iterable[str]) -> AsyncIterator[int]:
    """Where no name is a duty, whoever imports decides. Yields how many are left of a batch."""
    for batch in batches:
        left = 1
        while left:
            deciding = partial(approve_import, batch_id=batch, acting=OPERATOR, now=utc_now())
            left = await db.act(deciding)
            yield left
