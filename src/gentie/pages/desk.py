"""What a moderator sees: the queue, and one item with everything needed to judge it fairly.

No identity, account id or address can get in: these structs are the whole of it.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.place import place_of
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import ContentClass, Regime, Text, get_regime
from gentie.comments import queries as comments
from gentie.comments.model import Comment, Form, Revision, State
from gentie.danmaku import queries as danmaku
from gentie.decisions import queries as decisions
from gentie.decisions.model import Kept, Measure
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.pages.desk_media import DeskMedia, media_of
from gentie.pages.findings import Found, Piece, cut, found_in, suggest
from gentie.review import queries as review
from gentie.review.model import Item, ItemState
from gentie.screening.model import Verdict
from gentie.sites import queries as sites
from gentie.sites.model import Site, Thread

MOST = 50
"""Items of the queue that are shown at once."""
_QUOTED = 60
"""Characters of a text that a proposed statement of facts quotes when nothing was found."""

_verdict = msgspec.json.Decoder(Verdict)


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    site: SiteId
    thread: ThreadId
    key: str
    title: str
    comment: str
    form: Form
    t_ms: int | None = None
    """Milliseconds into the video over which it would show. None: it stands in the thread."""
    author: str
    text: str
    revision: int
    opened_at: datetime
    due_at: datetime
    version: int
    hold: str
    """Empty, "mine" or "colleague": who works on it."""
    findings: tuple[Found, ...]


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int
    oldest: datetime | None
    items: tuple[QueueRow, ...]


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    author: str
    text: str
    """Empty: it is no longer public."""


class AuthorCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an author here: a pseudonym and a record, never a person."""

    name: str
    joined: datetime | None
    """None: imported, without an account."""
    published: int
    refused: int
    removed: int


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier decision, for comparison."""

    id: str
    at: datetime
    measure: Measure
    title: Text | None
    clause: str
    facts: str
    quote: str
    role: str
    reversed: bool
    comment: str


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One item with its surroundings."""

    item: Item
    hold: str
    site: Site
    regime: Regime
    thread: Thread
    comment: str
    form: Form
    t_ms: int | None
    """As in the queue."""
    edit: bool
    """An earlier revision is public and stays until this one has passed."""
    submitted_at: datetime
    pieces: tuple[Piece, ...]
    text: str
    media: tuple[DeskMedia, ...]
    parent: Parent | None
    findings: tuple[Found, ...]
    failed: tuple[str, ...]
    """Phases of screening that broke down."""
    suggested: ContentClass | None
    """None: no finding names a ground, so a person has to choose one."""
    author: AuthorCard
    history: tuple[Past, ...]
    precedents: tuple[Past, ...]
    decision: str
    """The decision that published it, when it was."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an item: whoever decided it may want it back."""

    id: str
    measure: str
    text: str
    effect_at: datetime | None
    """A refusal takes effect then. None: it is no planned refusal of this person."""
    seconds: int
    decision: str
    """The decision that published it, while that is the last word. Empty: none."""


@fulfils("2017-5.5a")
def load_queue(
    tx: sa.Connection, site: SiteId | None, *, acting: Actor, now: datetime, most: int = MOST
) -> Queue:
    """What waits, oldest first. `site` None: of all sites that the moderator works for.

    Raises:
        MayNot: not for this person.
    """
    acting.require("review:claim", site=site)
    here = site or acting.site
    load, items = review.load(tx, here), review.queue(tx, here, most=most)
    found = comments.waiting(tx, [(item.ref, item.revision) for item in items])
    threads = {one: sites.get_thread(tx, one) for one in {item.thread for item in items}}
    regimes = {one.id: get_regime(one.regime) for one in sites.all_sites(tx)}
    moments = {
        one: _moments(tx, one, [item.comment for item in items if item.thread == one])
        for one in threads
    }
    rows = (
        _row(item, found[item.ref, item.revision], threads[item.thread], regimes[item.site], hold)
        for item in items
        if (item.ref, item.revision) in found
        for hold in [hold_of(item, acting, now)]
    )
    placed = (
        msgspec.structs.replace(
            row, t_ms=moments[row.thread].get(CommentRef.parse(row.comment).comment)
        )
        for row in rows
    )
    return Queue(waiting=load.waiting, oldest=load.oldest, items=tuple(placed))


@fulfils("2017-5.5a", "2017-6.2b")
def load_item(
    tx: sa.Connection, item_id: str, *, media_key: bytes, acting: Actor, now: datetime
) -> Desk:
    """One item with thread, parent, findings, rule, record of the author, precedents.

    `media_key` signs the addresses of its media.

    Raises:
        MayNot, NoSuchItem.
    """
    item = review.get(tx, item_id)
    acting.require("review:claim", site=item.site)
    place = place_of(tx, item.thread, now=now)
    comment = comments.get(tx, item.ref)
    revision = comments.get_revision(tx, item.ref, item.revision)
    verdict = _verdict.decode(revision.verdict)
    findings = found_in(verdict, place.regime, revision.plain)
    suggested = suggest(findings, place.regime)
    return Desk(
        item=item,
        hold=hold_of(item, acting, now),
        site=place.site,
        regime=place.regime,
        thread=place.thread,
        comment=str(item.ref),
        form=comment.form,
        t_ms=_moments(tx, item.thread, [comment.id]).get(comment.id),
        edit=comment.state is State.PUBLISHED and comment.revision != revision.number,
        submitted_at=revision.created_at,
        pieces=cut(revision.plain, [span for one in verdict.findings for span in one.spans]),
        text=revision.plain,
        media=media_of(tx, item.ref, revision, key=media_key, now=now),
        parent=_parent(tx, comment),
        findings=findings,
        failed=verdict.failed,
        suggested=suggested,
        author=_author(tx, comment),
        history=tuple(past_of(one) for one in decisions.decisions_about(tx, comment.author.id)),
        precedents=_precedents(tx, item.site, suggested),
        decision=_published_by(comment, revision),
    )


def load_done(tx: sa.Connection, item_id: str, *, acting: Actor, now: datetime) -> Done:
    """An item after the decision. Raises MayNot, NoSuchItem."""
    item = review.get(tx, item_id)
    acting.require("review:claim", site=item.site)
    comment = comments.get(tx, item.ref)
    revision = comments.get_revision(tx, item.ref, item.revision)
    planned = item.planned if item.planned and item.planned.by == acting.id else None
    left = int((planned.effect_at - now).total_seconds()) if planned else 0
    return Done(
        id=item.id,
        measure=item.decided_measure,
        text=revision.plain,
        effect_at=planned.effect_at if planned and left > 0 else None,
        seconds=left,
        decision=_published_by(comment, revision),
    )


def hold_of(item: Item, acting: Actor, now: datetime) -> str:
    """Whether somebody works on it: "", "mine" or "colleague"."""
    if item.state is not ItemState.CLAIMED or not item.leased(now):
        return ""
    return "mine" if item.held_by(acting.id, now) else "colleague"


def quote_for_facts(desk: Desk) -> str:
    """The passage that a statement of facts would name first: in its words, or in its files."""
    words = (piece for one in desk.media for piece in (*one.described, *one.said, *one.read))
    marked = (piece.text for piece in words if piece.marked)
    found = next((one.quote for one in desk.findings if one.quote), "") or next(marked, "")
    short = desk.text if len(desk.text) <= _QUOTED else f"{desk.text[:_QUOTED]}…"
    return found or short


def past_of(kept: Kept) -> Past:
    decision, ground = kept.decision, kept.decision.ground
    classes = {one.id: one.title for one in get_regime(decision.regime).classes}
    return Past(
        id=decision.id,
        at=decision.decided_at,
        measure=decision.measure,
        title=classes.get(ground.class_id) if ground else None,
        clause=ground.clause if ground else "",
        facts=ground.facts if ground else "",
        quote=decision.target.quote,
        role=decision.role,
        reversed=kept.reversed_by is not None,
        comment=decision.target.ref,
    )


def _moments(tx: sa.Connection, thread: ThreadId, ids: Iterable[CommentId]) -> dict[CommentId, int]:
    """Where over the thread's video some contributions would show, public or not."""
    return {one.id: one.t_ms for one in danmaku.those(tx, thread, [*ids])}


def _row(
    item: Item, waiting: comments.Waiting, thread: Thread, regime: Regime, hold: str
) -> QueueRow:
    return QueueRow(
        id=item.id,
        site=item.site,
        thread=item.thread,
        key=thread.key,
        title=thread.title or thread.key,
        comment=str(item.ref),
        form=waiting.form,
        author=waiting.author.name,
        text=waiting.plain,
        revision=item.revision,
        opened_at=item.opened_at,
        due_at=item.due_at,
        version=item.version,
        hold=hold,
        findings=found_in(_verdict.decode(waiting.verdict), regime, waiting.plain),
    )


def _parent(tx: sa.Connection, comment: Comment) -> Parent | None:
    if comment.parent is None:
        return None
    shown = comments.find_shown(tx, CommentRef(comment.thread, comment.parent))
    if shown is None or shown[0].nodes is None:
        return Parent(author="", text="")
    return Parent(author=author_name(shown[0].author), text=shown[0].plain)


class _Named(msgspec.Struct, frozen=True):
    name: str


_named = msgspec.json.Decoder(_Named)


def author_name(snapshot: bytes) -> str:
    """The pseudonym in a stored snapshot, and nothing else of it."""
    return _named.decode(snapshot).name


def _author(tx: sa.Connection, comment: Comment) -> AuthorCard:
    states = comments.states_of(tx, comment.author.id)
    return AuthorCard(
        name=comment.author.name,
        joined=accounts.find_joined(tx, comment.author.id),
        published=states.get(State.PUBLISHED, 0),
        refused=states.get(State.REFUSED, 0),
        removed=states.get(State.REMOVED, 0),
    )


def _precedents(tx: sa.Connection, site: SiteId, found: ContentClass | None) -> tuple[Past, ...]:
    if found is None:
        return ()
    return tuple(past_of(one) for one in decisions.precedents(tx, site, found.id))


def _published_by(comment: Comment, revision: Revision) -> str:
    shown = comment.state is State.PUBLISHED and comment.revision == revision.number
    return comment.decision or "" if shown else ""
