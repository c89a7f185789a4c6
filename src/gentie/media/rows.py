"""Rows of media as model values."""

from typing import Any

import msgspec

from gentie.kernel.ids import AccountId, CommentId, CommentRef, SiteId, ThreadId
from gentie.media.model import Attachment, Facts, Kind, State, Variant

_facts = msgspec.json.Decoder(Facts)
_variants = msgspec.json.Decoder(tuple[Variant, ...])


def attachment_of(row: Any) -> Attachment:
    return Attachment(
        id=row.id,
        site=SiteId(row.site),
        account=AccountId(row.account),
        state=State(row.state),
        kind=None if row.kind is None else Kind(row.kind),
        size=row.size,
        sha256=row.sha256,
        alt=row.alt,
        transcript=row.transcript,
        text=row.text,
        facts=_facts.decode(row.facts),
        variants=_variants.decode(row.variants),
        verdict=row.verdict,
        reason=row.reason,
        tries=row.tries,
        comment=_comment(row),
        created_at=row.created_at,
    )


def _comment(row: Any) -> CommentRef | None:
    if row.comment is None:
        return None
    return CommentRef(ThreadId(row.thread), CommentId(row.comment))
