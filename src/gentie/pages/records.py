"""What the desk sees of the past and of places: one contribution, decisions, sites, switches."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.queries import reviewers
from gentie.actions.place import place_of
from gentie.cases import queries as cases
from gentie.cases.model import Case, CaseKind, NoSuchCase
from gentie.catalogue.regimes import Regime, get_regime
from gentie.comments import queries as comments
from gentie.comments.model import Comment, State
from gentie.decisions import queries as decisions
from gentie.decisions.model import ON_COMMENT, Kept, Measure
from gentie.decisions.rules import LONE_TERM
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CaseId, CommentRef, LeafId, SiteId
from gentie.ledger.queries import index_of, indexes_of
from gentie.pages.desk import Past, past_of
from gentie.review import queries as review
from gentie.sites import queries as sites
from gentie.sites.model import Site, Switch, Thread


class OneDecision(msgspec.Struct, frozen=True, kw_only=True):
    past: Past
    leaf: int | None
    """Its place in the public log. None: not yet."""
    may_reverse: bool
    """It stands, it is the last word on the contribution, and this person may take it back."""
    measurable: bool
    """A measure on the account may rest on it."""


class CommentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution with everything that was decided on it."""

    ref: str
    site: Site
    regime: Regime
    thread: Thread
    author: str
    state: State
    text: str
    created_at: datetime
    revision: int
    votes: int
    decisions: tuple[OneDecision, ...]
    lone_days: int
    """Nobody else could check a removal: it ends after so many days. 0: others can."""
    nonce: str
    """What its tombstone shows, so that readers find the removal in the log."""


class SwitchRecord(msgspec.Struct, frozen=True, kw_only=True):
    switch: Switch
    thread: Thread | None
    leaf: int | None


class SiteRecord(msgspec.Struct, frozen=True, kw_only=True):
    site: Site
    regime: Regime
    threads: tuple[Thread, ...]
    switches: tuple[SwitchRecord, ...]


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """What the side of every console page shows."""

    waiting: int
    oldest: datetime | None
    reports: int
    appeals: int
    late: bool
    """An appeal is past its due date."""


def load_numbers(
    tx: sa.Connection, site: SiteId | None, *, acting: Actor, now: datetime
) -> Numbers:
    """Raises MayNot."""
    acting.require("review:claim", site=site)
    here = site or acting.site
    load = review.load(tx, here)
    appeals = cases.open_cases(tx, here, CaseKind.APPEAL)
    return Numbers(
        waiting=load.waiting,
        oldest=load.oldest,
        reports=len(cases.open_cases(tx, here, CaseKind.REPORT)),
        appeals=len(appeals),
        late=any(one.due_at < now for one in appeals),
    )


def load_cases(
    tx: sa.Connection, site: SiteId | None, kind: CaseKind, *, acting: Actor
) -> list[Case]:
    """Open reports or appeals, due first. Raises MayNot."""
    acting.require("review:claim", site=site)
    return cases.open_cases(tx, site or acting.site, kind)


def load_attached(tx: sa.Connection, found: list[Case]) -> dict[CaseId, str]:
    """SHA-256 of the evidence that came with reports. `found` are ones that may be seen."""
    return cases.evidence_of(tx, [one.id for one in found])


def load_evidence(tx: sa.Connection, case: CaseId, *, acting: Actor) -> bytes:
    """What a reporter attached, as it was saved. Raises MayNot, NoSuchCase."""
    found = cases.get(tx, case)
    acting.require("review:claim", site=found.site)
    body = cases.attached_to(tx, found)
    if body is None:
        raise NoSuchCase
    return body


def load_comment_record(
    tx: sa.Connection, ref: CommentRef, *, acting: Actor, now: datetime
) -> CommentRecord:
    """Raises MayNot, NoSuchComment."""
    comment = comments.get(tx, ref)
    acting.require("review:claim", site=comment.site)
    place = place_of(tx, comment.thread, now=now)
    removed = comment.tombstone.revision if comment.tombstone else 0
    number = comment.revision or removed or comment.latest
    revision = comments.get_revision(tx, ref, number)
    kept = decisions.decisions_on(tx, ref.thread, ref.comment)
    return CommentRecord(
        ref=str(ref),
        site=place.site,
        regime=place.regime,
        thread=place.thread,
        author=comment.author.name,
        state=comment.state,
        text=revision.plain,
        created_at=comment.created_at,
        revision=revision.number,
        votes=comment.votes,
        decisions=tuple(_one(tx, one, comment, acting) for one in reversed(kept)),
        lone_days=LONE_TERM.days if len(reviewers(tx)) <= 1 else 0,
        nonce=comment.tombstone.nonce if comment.tombstone else "",
    )


def load_record(
    tx: sa.Connection,
    site: SiteId | None,
    *,
    measure: Measure | None,
    class_id: str | None,
    before: int | None,
    acting: Actor,
) -> list[Past]:
    """Decisions, newest first, fifty at a time. Raises MayNot."""
    acting.require("review:claim", site=site)
    kept = decisions.record(
        tx, site or acting.site, measure=measure, class_id=class_id, before=before
    )
    return [past_of(one) for one in kept]


def load_sites(tx: sa.Connection, *, acting: Actor) -> list[Site]:
    """The sites this person works for. Raises MayNot."""
    acting.require("review:claim")
    return [one for one in sites.all_sites(tx) if acting.site in (None, one.id)]


def load_site(tx: sa.Connection, site: SiteId, *, acting: Actor, now: datetime) -> SiteRecord:
    """A site's threads and the switches that stand, with their places in the log.

    Raises:
        MayNot, NoSuchSite.
    """
    acting.require("thread:switch", site=site)
    found = sites.get_site(tx, site)
    threads = {one.id: one for one in sites.threads_of(tx, site)}
    leaves = sites.leaves_of_switches(tx, site, now=now)
    places = indexes_of(tx, leaves.values())
    switches = (
        SwitchRecord(
            switch=one,
            thread=threads.get(one.thread) if one.thread else None,
            leaf=places.get(leaves[one.id]) if one.id in leaves else None,
        )
        for one in sites.all_switches_of(tx, site, now=now)
    )
    return SiteRecord(
        site=found,
        regime=get_regime(found.regime),
        threads=tuple(threads.values()),
        switches=tuple(switches),
    )


def _one(tx: sa.Connection, kept: Kept, comment: Comment, acting: Actor) -> OneDecision:
    site = kept.decision.target.site
    return OneDecision(
        past=past_of(kept),
        leaf=index_of(tx, LeafId(kept.leaf)),
        may_reverse=comment.decision == kept.decision.id
        and kept.reversed_by is None
        and kept.decision.measure in {Measure.PUBLISH, *ON_COMMENT}
        and "review:decide" in acting.scopes
        and acting.site in (None, site)
        and (kept.decided_by == acting.id or "review:reverse" in acting.scopes),
        measurable=kept.decision.measure in ON_COMMENT and kept.reversed_by is None,
    )
