"""Rows of contributions as model values."""

from typing import Any

import msgspec

from gentie.comments.model import (
    ArchiveAuthor,
    ArchiveBatch,
    Author,
    ClaimKey,
    ClaimLink,
    Comment,
    Form,
    Origin,
    Revision,
    RevisionState,
    State,
    Tombstone,
)
from gentie.kernel.ids import AccountId, ActorId, CommentId, DecisionId, SiteId, ThreadId

_author = msgspec.json.Decoder(Author)
_tombstone = msgspec.json.Decoder(Tombstone)


def comment_of(row: Any) -> Comment:
    return Comment(
        thread=ThreadId(row.thread_id),
        id=CommentId(row.id),
        site=SiteId(row.site_id),
        parent=None if row.parent_id is None else CommentId(row.parent_id),
        root=None if row.root_id == "0" else CommentId(row.root_id),
        form=Form(row.form),
        state=State(row.state),
        author=_author.decode(row.author),
        origin=Origin(row.origin),
        revision=row.revision,
        latest=row.latest,
        created_at=row.created_at,
        published_at=row.published_at,
        votes=row.votes,
        replies=row.replies,
        regime=row.regime,
        policy=row.policy,
        decision=None if row.decision_id is None else DecisionId(row.decision_id),
        tombstone=None if row.tombstone is None else _tombstone.decode(row.tombstone),
        receipt=row.receipt,
    )


def revision_of(row: Any) -> Revision:
    return Revision(
        thread=ThreadId(row.thread_id),
        comment=CommentId(row.comment_id),
        number=row.number,
        state=RevisionState(row.state),
        source=row.source,
        plain=row.plain,
        nodes=row.nodes,
        html=row.html,
        kinds=tuple(row.kinds.split()),
        created_at=row.created_at,
        verdict=row.verdict,
        parts=row.parts,
    )


def batch_of(row: Any) -> ArchiveBatch:
    return ArchiveBatch(
        id=row.id,
        site=SiteId(row.site_id),
        source=row.source,
        by=ActorId(row.by),
        opened_at=row.opened_at,
        approved_at=row.approved_at,
        refused_at=row.refused_at,
    )


def archive_author_of(row: Any) -> ArchiveAuthor:
    return ArchiveAuthor(
        author=AccountId(row.author),
        site=SiteId(row.site_id),
        source=row.source,
        name=row.name,
        account=None if row.account is None else AccountId(row.account),
        claimed_at=row.claimed_at,
        erased_at=row.erased_at,
    )


def claim_link_of(row: Any) -> ClaimLink:
    return ClaimLink(
        id=row.id,
        author=AccountId(row.author),
        made_by=ActorId(row.made_by),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        proof=row.proof,
    )


def claim_key_of(row: Any) -> ClaimKey:
    return ClaimKey(
        id=row.id,
        site=SiteId(row.site_id),
        source=row.source,
        jwk=row.jwk,
        where=row.where,
        added_by=ActorId(row.added_by),
        added_at=row.added_at,
        ended_at=row.ended_at,
    )
