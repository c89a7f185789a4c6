"""Bring in what was written elsewhere, as an archive. It waits for a person's decision."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.place import Place, find_place, make_place
from gentie.actions.posting.make_draft import Draft
from gentie.actions.posting.placing import have_video, keep_archived, pass_video
from gentie.comments import rules, store
from gentie.comments.archive import queries as archived
from gentie.comments.archive import store as archive
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.persons import author_id
from gentie.comments.model import (
    ArchiveAuthor,
    ArchiveBatch,
    Author,
    Comment,
    Origin,
    Revision,
    RevisionState,
    State,
)
from gentie.danmaku.model import Wanted
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, first_id_of, ids_of, new_id, new_secret
from gentie.kernel.ids import AccountId, CommentId, CommentRef, SiteId
from gentie.review import store as review
from gentie.screening.model import Outcome
from gentie.sites import store as sites
from gentie.sites.model import Declaration, Mode, ThreadClass

LABEL = "archive"
"""Badge of authors whom nobody has verified."""
_SAME_SECOND = 1000 << 22
"""How far two ids lie apart that were made of times a second apart."""


class ArchivePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the archive, as a thread here."""

    site: SiteId
    source: str
    """Names the archive: the same at each import of it."""
    key: str
    title: str
    url: str
    also: tuple[str, ...] = ()
    """Other keys that shall reach the thread, where nothing else has them."""


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of the archive. Its author's address and e-mail stay behind."""

    source_id: str
    parent: str = ""
    """`source_id` of what it answers. Empty: nothing."""
    author: str
    """As shown there; nobody has verified it."""
    person: str = ""
    """Keyed digest that tells people of one name apart. Empty: the name alone does."""
    created_at: datetime
    draft: Draft
    pending: bool = False
    """Waited for a decision there: a person decides here, too."""
    votes: int | None = None
    """What the old service had counted. None: it did not."""
    over: Wanted | None = None
    """Where over the page's video it stands. None: it stands in the thread."""


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
    conflicts: int = 0
    """Have the id of another comment of the archive, of another time: left out."""
    erased: int = 0
    """By somebody who had everything of theirs erased: left out."""
    authors: dict[str, str] = {}
    """Under which unclaimed name each is shown, by `source_id`; also those imported before."""


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
        FeatureOffline: there are lines over a video, and danmaku is not online here; the same.
    """
    acting.require("archive:import", site=page.site)
    pass_video(tx, page.site, [one.over for one in items], now=now)
    ids = [*{one for item in items for one in (item.source_id, item.parent) if one}]
    known = archived.known_sources(tx, page.site, page.source, ids)
    conflicts = sum(is_other(item.created_at, known.get(item.source_id), now=now) for item in items)
    fresh = {item.source_id: item for item in items if item.source_id not in known}
    authors = _authors(tx, page, items)
    wanted = [one for one in fresh.values() if authors[one.source_id].erased_at is None]
    told = Imported(
        batch="",
        imported=0,
        duplicates=len(items) - len(fresh) - conflicts,
        orphans=0,
        for_review=0,
        conflicts=conflicts,
        erased=len(fresh) - len(wanted),
        authors={one: found.author for one, found in authors.items() if found.is_open},
    )
    if not wanted:
        return told
    place = _place(tx, page, acting=acting, now=now)
    have_video(tx, place, [one.over for one in wanted])
    sites.lock_thread(tx, place.thread.id)
    batch = _batch(tx, page, acting=acting, now=now)
    taking = _Taking(tx, place, authors, known, now)
    for item in wanted:
        taking.take(item)
    taking.write(batch)
    return msgspec.structs.replace(
        told,
        batch=batch.id,
        imported=len(wanted),
        orphans=taking.orphans,
        for_review=taking.for_review,
    )


class _Taking:
    """The comments of one act on their way in: made one by one, written together."""

    def __init__(
        self,
        tx: sa.Connection,
        place: Place,
        authors: Mapping[str, ArchiveAuthor],
        known: Mapping[str, CommentRef],
        now: datetime,
    ) -> None:
        self._tx, self._place, self._now = tx, place, now
        self._authors, self._known = authors, known
        self._shown: dict[AccountId, Author] = {}
        self._last: dict[str, int] = {}
        """The last id taken of each millisecond."""
        self._made: dict[str, Comment] = {}
        self._rows: list[tuple[Comment, Revision]] = []
        self._sources: list[archive.Source] = []
        self._placed: list[tuple[CommentRef, Wanted]] = []
        self.orphans = self.for_review = 0

    def take(self, item: Archived) -> None:
        parent = self._parent(item.parent)
        self.orphans += bool(item.parent and parent is None)
        author = self._author(item, self._authors[item.source_id])
        comment = self._comment(item, author, parent)
        look = item.pending or item.draft.verdict.outcome is not Outcome.PASS
        self.for_review += look
        self._made[item.source_id] = comment
        self._rows.append((comment, _revision(comment, item.draft)))
        if item.over is not None:
            self._placed.append((comment.ref, item.over))
        self._sources.append(
            archive.Source(
                source_id=item.source_id, ref=comment.ref, waits=not look, votes=item.votes
            )
        )

    def write(self, batch: ArchiveBatch) -> None:
        store.add_many(self._tx, self._rows)
        archive.add_sources(self._tx, batch, self._sources)
        for ref, over in self._placed:
            keep_archived(self._tx, ref, over, now=self._now)
        for source in self._sources:
            if not source.waits:
                self._review(source.ref)

    def _parent(self, source_id: str) -> Comment | None:
        """Made by this act, or by one before it in the same thread."""
        if source_id in self._made:
            return self._made[source_id]
        ref = self._known.get(source_id)
        if ref is None or ref.thread != self._place.thread.id:
            return None
        return store.find(self._tx, ref.thread, ref.comment)

    def _author(self, item: Archived, owner: ArchiveAuthor) -> Author:
        """As the old service showed them, or who has claimed the name since."""
        if owner.account is None:
            return Author(id=owner.author, name=item.author, avatar="", badges=(LABEL,))
        if owner.account not in self._shown:
            poster = accounts.get_poster(self._tx, owner.account)
            self._shown[owner.account] = Author(
                id=owner.account, name=poster.name, avatar=poster.avatar, badges=poster.badges
            )
        return self._shown[owner.account]

    def _comment(self, item: Archived, author: Author, parent: Comment | None) -> Comment:
        at, place = min(item.created_at, self._now), self._place
        guestbook = place.thread.kind is ThreadClass.GUESTBOOK
        return Comment(
            thread=place.thread.id,
            id=self._id_at(at),
            site=place.site.id,
            parent=parent.id if parent else None,
            root=(parent.root or parent.id) if parent else None,
            form=rules.form_of(
                guestbook=guestbook, reply=parent is not None, danmaku=item.over is not None
            ),
            state=State.HELD,
            author=author,
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

    def _id_at(self, at: datetime) -> CommentId:
        """An id of the original time, so that the order by id is the order by time."""
        first, last = ids_of(at)
        used = self._last.get(first)
        if used is None:
            found = store.last_id_between(self._tx, self._place.thread.id, first, last)
            used = int(found) if found else int(first) - 1
        self._last[first] = used + 1
        return CommentId(str(used + 1))

    def _review(self, ref: CommentRef) -> None:
        window = timedelta(seconds=self._place.regime.windows.review_seconds)
        review.open_item(
            self._tx,
            site=self._place.site.id,
            thread=ref.thread,
            comment=ref.comment,
            revision=1,
            due_at=self._now + window,
            now=self._now,
        )


def is_other(written_at: datetime, ref: CommentRef | None, *, now: datetime) -> bool:
    """Whether the id stands for a comment of another time, so of another archive."""
    if ref is None or written_at > now:
        return False
    return abs(int(ref.comment) - int(first_id_of(written_at))) > _SAME_SECOND


def _authors(
    tx: sa.Connection, page: ArchivePage, items: Sequence[Archived]
) -> dict[str, ArchiveAuthor]:
    """Who wrote each, by `source_id`; whoever is new is noted."""
    ids = {
        item.source_id: author_id(page.site, page.source, item.author, item.person)
        for item in items
    }
    shown = {ids[item.source_id]: item.author for item in items}
    found = names.note_authors(tx, page.site, page.source, shown)
    return {source_id: found[author] for source_id, author in ids.items()}


def _place(tx: sa.Connection, page: ArchivePage, *, acting: Actor, now: datetime) -> Place:
    """The thread, declared in the strictest class where nobody has declared it."""
    place = find_place(tx, page.site, page.key, now=now)
    if place is None or not place.thread.declared:
        place = _declared(tx, page, acting=acting, now=now)
    for key in page.also:
        sites.add_key(tx, place.thread, key)
    return place


def _declared(tx: sa.Connection, page: ArchivePage, *, acting: Actor, now: datetime) -> Place:
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


def _revision(comment: Comment, draft: Draft) -> Revision:
    return Revision(
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
