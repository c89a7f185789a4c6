"""What contributions are made of: forms and parts that are offered, and media that people saw."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import MEDIA_PARTS, Regime
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.model import Form
from gentie.comments.parts import Part
from gentie.comments.tables import comments, revisions
from gentie.decisions.tables import decisions
from gentie.media.tables import attachments
from gentie.sites.model import Site

_parts = msgspec.json.Decoder(tuple[Part, ...])
_OF_REVISION = sa.and_(
    comments.c.thread_id == revisions.c.thread_id, comments.c.id == revisions.c.comment_id
)
_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"), comments.c.regime == sa.bindparam("regime")
)
_FORMS = (
    sa.select(
        revisions.c.comment_id,
        revisions.c.number,
        revisions.c.kinds,
        revisions.c.parts,
        comments.c.form,
    )
    .join(comments, _OF_REVISION)
    .where(_HERE)
)
_BY_PERSON = sa.exists().where(
    decisions.c.thread == revisions.c.thread_id,
    decisions.c.comment == revisions.c.comment_id,
    decisions.c.measure.in_(["publish", "restore"]),
    decisions.c.automation != "full",
    decisions.c.decided_at <= revisions.c.published_at,
)
_SHOWN = (
    sa.select(
        revisions.c.comment_id, revisions.c.number, revisions.c.kinds, _BY_PERSON.label("seen")
    )
    .join(comments, _OF_REVISION)
    .where(
        _HERE,
        comments.c.origin == "user",
        revisions.c.published_at.is_not(None),
        sa.or_(*(revisions.c.kinds.contains(kind) for kind in MEDIA_PARTS)),
    )
)
_ATTACHED = sa.select(attachments.c.id).where(
    attachments.c.site == sa.bindparam("site"),
    attachments.c.comment.is_not(None),
    attachments.c.state.in_(["ready", "held"]),
)


@live_check(
    "2017-2.2b",
    "2022-2.2",
    zh="内容只有已提供的形式（发帖、回复、留言、弹幕）和该形式可用的种类（文字、符号、表情、图片、音频、视频）",
    en="Every contribution has a form that is offered and parts that this form may hold",
)
def known_forms_and_kinds(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_FORMS, {"site": site.id, "regime": regime.id}).all()
    checked = set(tx.scalars(_ATTACHED, {"site": site.id}))
    offered = {form.value for form in Form} & set(regime.forms)
    broken = [
        row.comment_id
        for row in rows
        if row.form not in offered
        or not set(row.kinds.split()) <= regime.parts_of(row.form)
        or not {one.id for one in _parts.decode(row.parts)} <= checked
    ]
    return Finding(
        examined=len(rows), violations=tuple(Violation(str(one)) for one in broken[:MOST])
    )


@live_check(
    "2017-2.2b",
    "2022-2.2",
    zh="机器看不懂的图片、音频和视频，公布前都由人看过",
    en="A person saw every picture, audio and video before the public did, where a machine cannot",
)
def media_were_seen_first(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_SHOWN, {"site": site.id, "regime": regime.id}).all()
    asked = [row for row in rows if set(row.kinds.split()) & regime.media.look_first]
    broken = [row for row in asked if not row.seen]
    return Finding(
        examined=len(asked),
        violations=tuple(Violation(r.comment_id, f"revision {r.number}") for r in broken[:MOST]),
    )
