"""From the staging file into the instance, some hundred comments at a time."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from itertools import groupby
from typing import Final, Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.find_archived import Found, Sought, find_archived
from gentie.actions.posting.import_archive import (
    Archived,
    ArchivePage,
    Imported,
    import_archive,
)
from gentie.actions.posting.make_draft import Draft
from gentie.assessments.model import FeatureOffline
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
    duplicates: int = 0
    """Were imported before, and were not even screened again."""
    conflicts: int = 0
    """Have the id of another comment of the archive."""
    skipped: Mapping[str, int] = {}
    contacts: int = 0
    """Sealed into the vault."""


class _Portion(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Staged]
    known: list[Found]
    """By archive."""
    fresh: list[Staged]
    """What nobody knows: it alone is drafted."""
    drafts: "Future[Drafts]"


class _Bringing(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything goes."""

    db: Beside
    site: SiteId
    source_of: Callable[[str], str]


async def bring_in(
    db: Beside,
    staging: Staging,
    site: SiteId,
    *,
    source_of: Callable[[str], str],
    rules: RuleSetVersion,
) -> AsyncIterator[Brought]:
    """Import what the staging holds and is not here, portion by portion.

    Killed anywhere, it goes on with the next start: what an act has written is known by its
    source id, whether the staging has heard of it or not.
    """
    bringing = _Bringing(db=db, site=site, source_of=source_of)
    with drafting(rules, staging.wanted - staging.done, now=utc_now()) as makers:
        async for portion in _portions(bringing, staging, makers):
            drafts = await asyncio.wrap_future(portion.drafts)
            brought = await _write(bringing, portion, drafts)
            staging.note_done(portion.items[-1].place)
            yield brought


async def _portions(
    bringing: _Bringing, staging: Staging, makers: Drafting
) -> AsyncIterator[_Portion]:
    """Always some ahead, so that neither the makers nor the writer waits."""
    ahead: deque[_Portion] = deque()
    for items in staging.rest(most=AT_ONCE):
        ahead.append(await _portion(bringing, items, makers))
        if len(ahead) > _AHEAD:
            yield ahead.popleft()
    for portion in ahead:
        yield portion


async def _portion(bringing: _Bringing, items: list[Staged], makers: Drafting) -> _Portion:
    known, fresh = list[Found](), list[Staged]()
    for source, these in groupby(items, key=lambda one: bringing.source_of(one.site)):
        some = [*these]
        finding = partial(find_archived, site=bringing.site, source=source)
        finding = partial(finding, items=[*map(_sought, some)], acting=OPERATOR, now=utc_now())
        found = await bringing.db.read(finding)
        known.append(found)
        fresh += [one for one in some if one.id not in found.known]
    drafts = makers.submit([(one.text, one.markup) for one in fresh])
    return _Portion(items=items, known=known, fresh=fresh, drafts=drafts)


def _sought(one: Staged) -> Sought:
    return Sought(
        source_id=one.id, author=ready_name(one.author), person=one.person, created_at=one.at
    )


async def _write(bringing: _Bringing, portion: _Portion, drafts: Drafts) -> Brought:
    skipped: Counter[str] = Counter()
    wanted: list[tuple[ArchivePage, Archived]] = []
    for one, draft in zip(portion.fresh, drafts, strict=True):
        if isinstance(draft, str):
            skipped[draft] += 1
        else:
            page = page_of(one, bringing.site, bringing.source_of(one.site))
            wanted.append((page, archived_of(one, draft)))
    imported, refused = await _import(bringing.db, wanted) if wanted else ([], {})
    skipped.update(refused)
    shown: list[Mapping[str, str]] = [said.authors for said in imported]
    shown += [found.authors for found in portion.known]
    return Brought(
        read=len(portion.items),
        imported=tuple(imported),
        duplicates=sum(len(one.known) - one.conflicts for one in portion.known),
        conflicts=sum(one.conflicts for one in portion.known),
        skipped=dict(skipped),
        contacts=await _keep_contacts(bringing.db, portion.items, shown),
    )


async def _keep_contacts(
    db: Beside, items: Iterable[Staged], shown: Iterable[Mapping[str, str]]
) -> int:
    """For those whose name nobody has claimed. Returns for how many people."""
    names = {key: value for some in shown for key, value in some.items()}
    contacts = [(names[one.id], one.contact) for one in items if one.contact and one.id in names]
    return await db.keep_contacts(contacts) if contacts else 0


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
        over=one.over,
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
    """All pages of a portion in one transaction. What cannot be here is refused."""
    pages = [
        (page, [item for _, item in some]) for page, some in groupby(wanted, key=lambda one: one[0])
    ]
    now = utc_now()

    def body(tx: sa.Connection) -> tuple[list[Imported], Counter[str]]:
        imported, refused = list[Imported](), Counter[str]()
        for page, items in pages:
            try:
                said = import_archive(tx, page=page, items=items, acting=OPERATOR, now=now)
            except (BadThreadKey, FeatureOffline) as refusal:
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
