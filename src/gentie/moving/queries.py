"""An instance as records: one site of it, in an order that never changes.

Everything is read within the caller's transaction, so it is one snapshot, and streamed: memory does
not grow with the site. Orders are by number, since databases do not agree on the order of texts.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import AgreementText
from gentie.accounts.tables import agreements
from gentie.assessments.tables import features
from gentie.cases.tables import case_evidence, case_secrets, cases
from gentie.comments.tables import archive_authors, archive_batches, archive_sources, comments
from gentie.kernel.ids import SiteId
from gentie.moving.authors import authors_of
from gentie.moving.log import header_of, log_of
from gentie.moving.media import Fetch, media_of
from gentie.moving.records.authors import ArchiveName, SourceRecord
from gentie.moving.records.format import Record
from gentie.moving.records.sites import (
    Agreement,
    BatchRecord,
    FeatureOn,
    RegimeSince,
    RuleSet,
    SiteRecord,
    SwitchRecord,
)
from gentie.moving.records.threads import CaseRecord
from gentie.moving.threads import threads_of
from gentie.screening.tables import rule_sets
from gentie.sites.model import NoSuchSite
from gentie.sites.tables import site_regimes, sites, switches

STREAMED: Final = {"yield_per": 500}
"""Rows that are held at a time."""

_SITE = sa.select(sites).where(sites.c.id == sa.bindparam("site"))
_REGIMES = (
    sa.select(site_regimes)
    .where(site_regimes.c.site_id == sa.bindparam("site"))
    .order_by(site_regimes.c.since)
)
_FEATURES = sa.select(features).where(features.c.site_id == sa.bindparam("site"))
_SWITCHES = (
    sa.select(switches).where(switches.c.site_id == sa.bindparam("site")).order_by(switches.c.id)
)
_AGREEMENTS = sa.select(agreements).where(
    agreements.c.regime.in_(
        sa.select(site_regimes.c.regime).where(site_regimes.c.site_id == sa.bindparam("site"))
    )
)
_RULE_SETS = sa.select(rule_sets).order_by(rule_sets.c.version)
_BATCHES = (
    sa.select(archive_batches)
    .where(archive_batches.c.site_id == sa.bindparam("site"))
    .order_by(archive_batches.c.id)
)
_NAMES = (
    sa.select(archive_authors)
    .where(archive_authors.c.site_id == sa.bindparam("site"))
    .order_by(archive_authors.c.author)
)
_SOURCES = (  # scatter: a whole site on its way out
    sa.select(archive_sources)
    .where(archive_sources.c.site_id == sa.bindparam("site"))
    .order_by(
        archive_sources.c.thread_id,
        archive_sources.c.comment_id,
        archive_sources.c.source,
        archive_sources.c.source_id,
    )
)
_CASES = (
    sa.select(cases, case_secrets.c.digest, case_evidence.c.body)
    .select_from(
        cases.outerjoin(case_secrets, case_secrets.c.case_id == cases.c.id).outerjoin(
            case_evidence, case_evidence.c.case_id == cases.c.id
        )
    )
    .where(cases.c.site_id == sa.bindparam("site"))
    .order_by(cases.c.id)
)
_COUNT = (  # scatter: how long the way out is
    sa.select(sa.func.count())
    .select_from(comments)
    .where(comments.c.site_id == sa.bindparam("site"))
)


def count_comments(tx: sa.Connection, site: SiteId) -> int:
    """How many comments of a site there are, in whatever state."""
    return tx.scalar(_COUNT, {"site": site}) or 0


def records_of(tx: sa.Connection, site: SiteId, *, vkey: str, fetch: Fetch) -> Iterator[Record]:
    """Everything about a site but the last line.

    Args:
        tx: one snapshot for the whole time.
        site: which.
        vkey: the key that the instance signs its log with now.
        fetch: reads the bytes of pictures, audio and video.

    Raises:
        NoSuchSite: before the first record.
    """
    found = tx.execute(_SITE, {"site": site}).one_or_none()
    if found is None:
        raise NoSuchSite(site=site)
    head = header_of(tx, site, vkey=vkey)
    yield head
    yield from _agreements(tx, site)
    yield from (_rule_set(row) for row in tx.execute(_RULE_SETS))
    yield _site(tx, found)
    yield from (_batch(row) for row in tx.execute(_BATCHES, {"site": site}))
    yield from authors_of(tx, site)
    yield from threads_of(tx, site)
    yield from (archive_name(row) for row in _stream(tx, _NAMES, site=site))
    yield from (_source(row) for row in _stream(tx, _SOURCES, site=site))
    yield from (case_record(row) for row in _stream(tx, _CASES, site=site))
    yield from media_of(tx, site, fetch)
    yield from log_of(tx, site, head.log)


def case_record(row: Any, *, own: bool = False) -> CaseRecord:
    """Whoever filed it has its secret link already."""
    return CaseRecord(
        id=row.id,
        number=row.number,
        case=row.kind,
        state=row.state,
        subject=row.subject,
        decision=row.decision,
        class_=row.class_id,
        statement=row.statement,
        filed_by=row.filed_by,
        received_at=row.received_at,
        due_at=row.due_at,
        opens=msgspec.UNSET if own else row.digest or "",
        evidence=msgspec.UNSET if row.body is None else row.body.decode(),
    )


def archive_name(row: Any) -> ArchiveName:
    return ArchiveName(
        author=row.author,
        source=row.source,
        name=row.name,
        account=row.account,
        claimed_at=row.claimed_at,
        erased_at=row.erased_at,
        proof=row.proof,
        salt=None if row.salt is None else row.salt.hex(),
        leaf=row.leaf,
    )


def _stream(tx: sa.Connection, statement: sa.Select[Any], **facts: object) -> Iterator[Any]:
    return iter(tx.execute(statement, facts, execution_options=STREAMED))


def _agreements(tx: sa.Connection, site: SiteId) -> list[Agreement]:
    found = tx.execute(_AGREEMENTS, {"site": site}).all()
    return [
        Agreement(
            regime=row.regime,
            number=row.number,
            policy=row.policy,
            in_force_from=row.in_force_from,
            text=msgspec.json.decode(row.text, type=AgreementText),
        )
        for row in sorted(found, key=lambda row: (row.regime, row.number))
    ]


def _rule_set(row: Any) -> RuleSet:
    return RuleSet(
        version=row.version,
        state=row.state,
        author=row.author,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        body=msgspec.Raw(row.body),
        record=msgspec.Raw(row.record or b"null"),
        salt=None if row.salt is None else row.salt.hex(),
        leaf=row.leaf,
    )


def _site(tx: sa.Connection, row: Any) -> SiteRecord:
    facts = {"site": row.id}
    online = sorted(tx.execute(_FEATURES, facts).all(), key=lambda one: str(one.name))
    return SiteRecord(
        id=row.id,
        name=row.name,
        regime=row.regime,
        test=row.test,
        lang=row.lang,
        origins=tuple(row.origins),
        created_at=row.created_at,
        regimes=tuple(
            RegimeSince(since=one.since, regime=one.regime, policy=one.policy, by=one.by)
            for one in tx.execute(_REGIMES, facts)
        ),
        features=tuple(
            FeatureOn(
                name=one.name, assessment=one.assessment_id, online_at=one.online_at, by=one.by
            )
            for one in online
        ),
        switches=tuple(_switch(one) for one in tx.execute(_SWITCHES, facts)),
    )


def _switch(row: Any) -> SwitchRecord:
    return SwitchRecord(
        id=row.id,
        thread=row.thread,
        switch=row.kind,
        reason=row.reason,
        by=row.by,
        by_role=row.by_role,
        since=row.since,
        until=row.until,
        lifted_at=row.lifted_at,
        salt=row.salt.hex(),
        leaf=row.leaf,
    )


def _batch(row: Any) -> BatchRecord:
    return BatchRecord(
        id=row.id,
        source=row.source,
        by=row.by,
        opened_at=row.opened_at,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        approved_role=row.approved_role,
        refused_at=row.refused_at,
        refusal=msgspec.Raw(row.refusal or b"null"),
        salt=None if row.salt is None else row.salt.hex(),
        leaf=row.leaf,
    )


def _source(row: Any) -> SourceRecord:
    return SourceRecord(
        source=row.source,
        source_id=row.source_id,
        thread=row.thread_id,
        comment=row.comment_id,
        batch=row.batch,
        waits=row.waits,
        votes=row.votes,
    )
