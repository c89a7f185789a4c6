"""Bring in what was written elsewhere, as an archive. It waits for a person's decision."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.place import Place, find_place, make_place
from gentie.actions.posting.make_draft import Draft
from gentie.comments import rules, store
from gentie.comments.archive import store as archive
from gentie.comments.model import (
    ArchiveBatch,
    Author,
    Comment,
    Origin,
    Revision,
    RevisionState,
    State,
)
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, ids_of, new_id, new_secret
from gentie.kernel.ids import AccountId, CommentId, CommentRef, SiteId
from gentie.review import store as review
from gentie.screening.model import Outcome
from gentie.sites import store as sites
from gentie.sites.model import Declaration, Mode, ThreadClass

LABEL = "archive"
"""Badge of authors whom nobody has verified."""


class ArchivePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the archive, as a thread here."""

    site: SiteId
    source: str
    """Names the archive: the same at each import of it."""
    key: str
    title: str
    url: str


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of the archive. Its author's address and e-mail stay behind."""

    source_id: str
    parent: str = ""
    """`source_id` of what it answers. Empty: nothing."""
    author: str
    """As shown there; nobody has verified it."""
    created_at: datetime
    draft: Draft


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    batch: str
    """What a person decides on. Empty: nothing was new."""
    imported: int
    duplicates: int
    """Were imported before; what has become of them here stands."""
    orphans: int
    """Answer something that is not here: taken in as first comments."""
    for_review: int
    """Of those imported: screening found something, so a person looks at each."""


def import_archive(
    tx: sa.Connection,
    page: ArchivePage,
    items: Sequence[Archived],
    *,
    acting: Actor,
    now: datetime,
) -> Imported:
    """Take in up to some hundred comments of one page, parents before children.

    All are held: without a finding until the decision on their batch (`approve_import`), with
    one until a person has looked. Imported twice, a comment comes once.

    Raises:
        MayNot, NoSuchSite, BadThreadKey: nothing was changed.
    """
    acting.require("archive:import", site=page.site)
    ids = [*{one for item in items for one in (item.source_id, item.parent) if one}]
    known = archive.known_sources(tx, page.site, page.source, ids)
    fresh = {item.source_id: item for item in items if item.source_id not in known}
    if not fresh:
        return _counted(None, items, [], orphans=0)
    place = _place(tx, page, acting=acting, now=now)
    sites.lock_thread(tx, place.thread.id)
    batch = _batch(tx, page, acting=acting, now=now)
    made: list[tuple[Comment, bool]] = []
    orphans = 0
    for item in fresh.values():
        parent = _parent(tx, place, known.get(item.parent))
        orphans += bool(item.parent and parent is None)
        comment = _comment(tx, place, page, item, parent, now=now)
        found = item.draft.verdict.outcome is not Outcome.PASS
        _store(tx, comment, item.draft, place, review_it=found, now=now)
        archive.add_source(tx, batch, item.source_id, comment.ref, waits=not found)
        known[item.source_id] = comment.ref
        made.append((comment, found))
    return _counted(batch, items, made, orphans=orphans)


def _counted(
    batch: ArchiveBatch | None,
    items: Sequence[Archived],
    made: list[tuple[Comment, bool]],
    *,
    orphans: int,
) -> Imported:
    return Imported(
        batch=batch.id if batch else "",
        imported=len(made),
        duplicates=len(items) - len(made),
        orphans=orphans,
        for_review=sum(found for _, found in made),
    )


def _place(tx: sa.Connection, page: ArchivePage, *, acting: Actor, now: datetime) -> Place:
    """The thread, declared in the strictest class where nobody has declared it."""
    place = find_place(tx, page.site, page.key, now=now)
    if place is None or not place.thread.declared:
        strictest = Declaration(
            title=page.title, url=page.url, kind=ThreadClass.NEWS, mode=Mode.PRE, owner=""
        )
        declare_thread(tx, page.site, page.key, strictest, acting=acting, now=now)
    return make_place(tx, page.site, page.key, now=now)


def _batch(tx: sa.Connection, page: ArchivePage, *, acting: Actor, now: datetime) -> ArchiveBatch:
    """One batch until it is decided on, over any number of acts and of killed imports."""
    batch = archive.find_open_batch(tx, page.site, page.source)
    if batch is None:
        batch = ArchiveBatch(
            id=new_id(),
            site=page.site,
            source=page.source,
            by=acting.id,
            opened_at=now,
            approved_at=None,
            refused_at=None,
        )
        archive.add_batch(tx, batch)
    return batch


def _parent(tx: sa.Connection, place: Place, ref: CommentRef | None) -> Comment | None:
    if ref is None or ref.thread != place.thread.id:
        return None
    return store.find(tx, ref.thread, ref.comment)


def _comment(
    tx: sa.Connection,
    place: Place,
    page: ArchivePage,
    item: Archived,
    parent: Comment | None,
    *,
    now: datetime,
) -> Comment:
    at = min(item.created_at, now)
    name = digest_of(f"{page.site}|{page.source}|{item.author}")[:24]
    guestbook = place.thread.kind is ThreadClass.GUESTBOOK
    return Comment(
        thread=place.thread.id,
        id=_id_at(tx, place, at),
        site=page.site,
        parent=parent.id if parent else None,
        root=(parent.root or parent.id) if parent else None,
        form=rules.form_of(guestbook=guestbook, reply=parent is not None),
        state=State.HELD,
        author=Author(
            id=AccountId(f"archive:{name}"), name=item.author, avatar="", badges=(LABEL,)
        ),
        origin=Origin.ARCHIVE,
        revision=0,
        latest=1,
        created_at=at,
        published_at=None,
        votes=0,
        replies=0,
        regime=place.regime.id,
        policy=place.regime.policy,
        decision=None,
        tombstone=None,
        receipt=digest_of(new_secret()),
    )


def _id_at(tx: sa.Connection, place: Place, at: datetime) -> CommentId:
    """An id of the original time, so that the order by id is the order by time."""
    first, last = ids_of(at)
    used = store.last_id_between(tx, place.thread.id, first, last)
    return CommentId(str(int(used) + 1) if used else first)


def _store(
    tx: sa.Connection,
    comment: Comment,
    draft: Draft,
    place: Place,
    *,
    review_it: bool,
    now: datetime,
) -> None:
    revision = Revision(
        thread=comment.thread,
        comment=comment.id,
        number=1,
        state=RevisionState.HELD,
        source=draft.source,
        plain=draft.plain,
        nodes=draft.nodes,
        html=draft.html,
        kinds=tuple(sorted(draft.kinds)),
        created_at=comment.created_at,
        verdict=msgspec.json.encode(draft.verdict),
    )
    store.add(tx, comment, revision, lang="")
    if review_it:
        review.open_item(
            tx,
            site=comment.site,
            thread=comment.thread,
            comment=comment.id,
            revision=1,
            due_at=now + timedelta(seconds=place.regime.windows.review_seconds),
            now=now,
        )
