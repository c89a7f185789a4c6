"""Who may be known, and by whom: methods of the regime, and identities opened by several people."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.tables import verifications
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import ask
from gentie.checks.model import Finding
from gentie.checks.registry import live_check
from gentie.comments.tables import comments
from gentie.sites.model import Site
from gentie.vault.rules import APPROVALS
from gentie.vault.tables import approvals, disclosures

_OPENED = disclosures.c.opened_at.is_not(None)
_YES = (
    sa.select(sa.func.count(sa.distinct(approvals.c.role)))
    .where(
        approvals.c.disclosure == disclosures.c.id,
        approvals.c.yes.is_(True),
        approvals.c.by != disclosures.c.asked_by,
        approvals.c.at <= disclosures.c.opened_at,
    )
    .scalar_subquery()
)
_OUTSIDE = sa.exists().where(
    approvals.c.disclosure == disclosures.c.id,
    approvals.c.yes.is_(True),
    approvals.c.outside.is_(True),
)
_ENOUGH = sa.or_(_YES >= APPROVALS, sa.and_(disclosures.c.needs == 1, _YES == 1, _OUTSIDE))
_IN_TIME = sa.and_(
    disclosures.c.refused_at.is_(None),
    disclosures.c.ticket_until.is_not(None),
    disclosures.c.opened_at < disclosures.c.ticket_until,
)
_COUNT_OPENED = sa.select(sa.func.count()).select_from(disclosures).where(_OPENED)
_ALONE = sa.select(disclosures.c.id).where(_OPENED, ~sa.and_(_ENOUGH, _IN_TIME))
_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.origin == "user",
)
_COUNT_HERE = sa.select(sa.func.count()).select_from(comments).where(_HERE)
_BY_ANOTHER_METHOD = sa.select(comments.c.id).where(
    _HERE,
    ~sa.exists().where(
        verifications.c.account_id == comments.c.author_id,
        verifications.c.recorded_at <= comments.c.created_at,
        verifications.c.method.in_(sa.bindparam("methods", expanding=True)),
    ),
)


@live_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="每次启封身份都经过申请，并由不同岗位的人批准，且在凭票有效期内",
    en="Every identity opened was asked for, approved by people in different roles, and in time",
)
def opened_by_several(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    """Of the whole service: an identity belongs to no site."""
    return ask(tx, _COUNT_OPENED, _ALONE)


@live_check(
    "2022f-4.1",
    zh="发言者以本制度承认的方式核验过：手机号、身份证件号或统一社会信用代码",
    en="Every author was verified by a method of this regime: phone, document or organisation code",
)
def verified_by_a_known_method(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    if not regime.identity.required:
        return Finding(examined=0)
    facts = {"site": site.id, "regime": regime.id, "methods": sorted(regime.identity.methods)}
    return ask(tx, _COUNT_HERE, _BY_ANOTHER_METHOD, **facts)
