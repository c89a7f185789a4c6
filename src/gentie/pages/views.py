"""What the public sees of a thread: read once, shown as JSON and as HTML.

No identity, account id or vault field can get in: these structs are the whole of it.
"""

from datetime import datetime
from typing import TypeAlias

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Place, find_place, place_of
from gentie.cases.model import CaseState
from gentie.cases.queries import find_appeal_against
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Regime, Text
from gentie.comments import queries
from gentie.comments.model import Author, Order, State
from gentie.comments.parts import Part
from gentie.comments.queries import Listed, Slice
from gentie.kernel.ids import CommentRef, DecisionId, LeafId, SiteId, ThreadId
from gentie.ledger.queries import index_of
from gentie.sites import queries as sites
from gentie.sites.model import Site, SwitchKind
from gentie.sites.rules import needs_person

ROOTS = 20
LARGEST = 200_000
"""Bytes of text on a page, roughly: a page of essays is shorter than a page of remarks."""

_author = msgspec.json.Decoder(Author)
_parts = msgspec.json.Decoder(tuple[Part, ...])


class AuthorView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    avatar: str
    """Nobody can set one yet: always empty, and clients draw the first letter of the name."""
    badges: tuple[str, ...]


class TombstoneView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    tier: str
    by: str
    appeal: str
    """open, closed or none."""
    leaf: int | None
    """Index in the public log; null until the log has given it one."""
    nonce: str
    revision: int
    class_id: str = msgspec.field(name="class", default="")
    title: Text | None = None


class CommentView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    author: AuthorView
    body: msgspec.Raw
    """Tree of nodes; clients build elements from it."""
    html: str
    """The same, for servers that include it."""
    text: str
    parts: tuple[Part, ...]
    """Pictures, audio and video."""
    lang: str
    created_at: datetime
    edited_at: datetime | None
    votes: int
    parent: str | None
    archived: bool
    """Imported from an older system; its author is not verified."""
    reply_count: int = 0
    replies: tuple["CommentView | GoneView", ...] = ()
    more_replies: str | None = None
    """Cursor for the rest of the branch."""


class GoneView(msgspec.Struct, frozen=True, kw_only=True):
    """Where something was removed, or withdrawn from under its replies."""

    id: str
    created_at: datetime
    parent: str | None
    tombstone: TombstoneView
    reply_count: int = 0
    replies: tuple["CommentView | GoneView", ...] = ()
    more_replies: str | None = None


PlaceView: TypeAlias = CommentView | GoneView


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """A switch that stands, as everybody may read it."""

    kind: SwitchKind
    reason: str
    until: datetime
    by: str


class ThreadView(msgspec.Struct, frozen=True, kw_only=True):
    site: str
    key: str
    title: str
    url: str
    kind: str = msgspec.field(name="class")
    review: str
    """first: a person looks before publication. after: published when screening passes."""
    writable: bool
    count: int
    lang: str
    identity: bool
    """A verified identity is needed to post."""
    banners: tuple[Banner, ...]


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    thread: ThreadView
    comments: tuple[PlaceView, ...]
    next: str | None
    sort: Order


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    view: PageView
    thread: ThreadId | None
    """None: nobody has declared or used this thread; the page is empty."""
    settled: bool
    """False: a tombstone still waits for its place in the log, so this page is soon made again."""


@fulfils("2017-5.1b", "2022-4.1b")
def load_thread(
    tx: sa.Connection,
    site: SiteId,
    key: str,
    order: Order,
    *,
    after: str | None,
    most: int,
    now: datetime,
) -> Loaded:
    """One page of a thread as the public sees it.

    Raises:
        NoSuchSite, BadCursor.
    """
    place = find_place(tx, site, key, now=now)
    if place is None:
        return _empty(sites.get_site(tx, site), key, order)
    roots = queries.list_roots(tx, place.thread.id, order, after=after, most=most)
    shown: list[PlaceView] = []
    size = 0
    for root in roots.items:
        if size > LARGEST:
            break
        view, weight = _root(tx, place, root)
        shown.append(view)
        size += weight
    return Loaded(
        view=PageView(
            thread=_head(tx, place, now=now),
            comments=tuple(shown),
            next=_next(roots, len(shown), order),
            sort=order,
        ),
        thread=place.thread.id,
        settled=all(_settled(view) for view in shown),
    )


class LoadedComment(msgspec.Struct, frozen=True, kw_only=True):
    branch: PlaceView
    place: Place
    head: ThreadView


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    comments: tuple[PlaceView, ...]
    next: str | None


class LoadedBranch(msgspec.Struct, frozen=True, kw_only=True):
    view: Branch
    place: Place
    settled: bool
    """As in `Loaded`."""


def load_branch(
    tx: sa.Connection, root: CommentRef, *, after: str | None, most: int, now: datetime
) -> LoadedBranch:
    """One page of a branch, oldest first, and the cursor of the next.

    Raises:
        NoSuchComment, NoSuchThread, BadCursor.
    """
    place = place_of(tx, root.thread, now=now)
    queries.get(tx, root)
    part = queries.list_replies(tx, root.thread, root.comment, after=after, most=most)
    shown = tuple(_view(tx, place, one) for one in part.items)
    return LoadedBranch(
        view=Branch(comments=shown, next=part.next),
        place=place,
        settled=all(_settled(view) for view in shown),
    )


def load_comment(tx: sa.Connection, ref: CommentRef, *, now: datetime) -> LoadedComment | None:
    """The branch that holds one comment, root first, for its permanent link. None: not shown.

    A reply beyond the first ones stands after them.
    """
    found = queries.find_shown(tx, ref)
    if found is None:
        return None
    place = place_of(tx, ref.thread, now=now)
    listed, root = found
    at_root = queries.find_shown(tx, CommentRef(ref.thread, root)) if root else None
    if at_root is None:
        view, _ = _root(tx, place, listed)
        return LoadedComment(branch=view, place=place, head=_head(tx, place, now=now))
    view, _ = _root(tx, place, at_root[0])
    if str(ref) not in {one.id for one in view.replies}:
        replies = (*view.replies, _view(tx, place, listed))
        view = msgspec.structs.replace(view, replies=replies)
    return LoadedComment(branch=view, place=place, head=_head(tx, place, now=now))


class LoadedPlace(msgspec.Struct, frozen=True, kw_only=True):
    view: PlaceView | None
    """Without its replies. None: it has no place in the public thread."""
    root: str | None
    """The first comment of its branch. None: it is one."""
    count: int
    """Public comments of the thread."""


def load_place(tx: sa.Connection, ref: CommentRef, *, now: datetime) -> LoadedPlace:
    """One comment as the public sees it now.

    Raises:
        NoSuchComment, NoSuchThread.
    """
    place = place_of(tx, ref.thread, now=now)
    root, found = queries.get(tx, ref).root, queries.find_shown(tx, ref)
    view = _view(tx, place, found[0]) if found else None
    if view is not None and found is not None:
        view = msgspec.structs.replace(view, reply_count=found[0].replies)
    return LoadedPlace(
        view=view,
        root=root and str(CommentRef(ref.thread, root)),
        count=queries.count_published(tx, ref.thread),
    )


def _empty(site: Site, key: str, order: Order) -> Loaded:
    thread = ThreadView(
        site=site.id,
        key=key,
        title="",
        url="",
        kind="news",
        review="first",
        writable=True,
        count=0,
        lang=site.lang,
        identity=False,
        banners=(),
    )
    view = PageView(thread=thread, comments=(), next=None, sort=order)
    return Loaded(view=view, thread=None, settled=True)


def _head(tx: sa.Connection, place: Place, *, now: datetime) -> ThreadView:
    thread, switches = place.thread, place.switches
    first = needs_person(thread, place.regime, switches, now=now)
    return ThreadView(
        site=place.site.id,
        key=thread.key,
        title=thread.title,
        url=thread.url,
        kind=thread.kind.value,
        review="first" if first else "after",
        writable=all(switch.kind is not SwitchKind.READ_ONLY for switch in switches),
        count=queries.count_published(tx, thread.id),
        lang=place.site.lang,
        identity=place.regime.identity.required,
        banners=tuple(
            Banner(kind=one.kind, reason=one.reason, until=one.until, by=one.by_role)
            for one in switches
        ),
    )


def _next(roots: Slice, shown: int, order: Order) -> str | None:
    if shown < len(roots.items):
        return queries.cursor_after(roots.items[shown - 1], order.value)
    return roots.next


def _root(tx: sa.Connection, place: Place, root: Listed) -> tuple[PlaceView, int]:
    view = _view(tx, place, root)
    weight = _weight(root)
    if root.replies == 0:
        return view, weight
    part = queries.list_replies(
        tx, place.thread.id, root.id, after=None, most=queries.FIRST_REPLIES
    )
    view = msgspec.structs.replace(
        view,
        reply_count=root.replies,
        replies=tuple(_view(tx, place, one) for one in part.items),
        more_replies=part.next,
    )
    return view, weight + sum(_weight(one) for one in part.items)


def _view(tx: sa.Connection, place: Place, listed: Listed) -> PlaceView:
    ref = str(CommentRef(place.thread.id, listed.id))
    parent = listed.parent and str(CommentRef(place.thread.id, listed.parent))
    if listed.nodes is None:
        return GoneView(
            id=ref,
            created_at=listed.created_at,
            parent=parent,
            tombstone=_tombstone(tx, place.regime, listed),
        )
    author = _author.decode(listed.author)
    return CommentView(
        id=ref,
        author=AuthorView(name=author.name, avatar=author.avatar, badges=author.badges),
        body=msgspec.Raw(listed.nodes),
        html=listed.html,
        text=listed.plain,
        parts=_parts.decode(listed.parts) if listed.parts else (),
        lang=listed.lang,
        created_at=listed.created_at,
        edited_at=listed.edited_at,
        votes=listed.votes,
        parent=parent,
        archived=listed.archived,
    )


def _tombstone(tx: sa.Connection, regime: Regime, listed: Listed) -> TombstoneView:
    stone = listed.tombstone
    if stone is None:
        return TombstoneView(
            tier=State.WITHDRAWN.value, by="author", appeal="none", leaf=None, nonce="", revision=0
        )
    titles = {one.id: one.title for one in regime.classes}
    return TombstoneView(
        tier=stone.tier,
        by=stone.by,
        appeal=_appeal(tx, listed.decision),
        leaf=index_of(tx, LeafId(stone.leaf)),
        nonce=stone.nonce,
        revision=stone.revision,
        class_id=stone.class_id,
        title=titles.get(stone.class_id),
    )


def _appeal(tx: sa.Connection, decision: str | None) -> str:
    case = find_appeal_against(tx, DecisionId(decision)) if decision else None
    if case is None:
        return "none"
    return "open" if case.state is CaseState.RECEIVED else "closed"


def _weight(listed: Listed) -> int:
    words = len(listed.nodes or b"") + len(listed.html) + 2 * len(listed.plain)
    return words + len(listed.parts)


def _settled(view: PlaceView) -> bool:
    """Whether every removal shown has its place in the log."""
    gone = [one.tombstone for one in (view, *view.replies) if isinstance(one, GoneView)]
    return all(stone.leaf is not None or not stone.nonce for stone in gone)
