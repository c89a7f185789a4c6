"""Reports and appeals: taken in with a number, a due date and a way to follow them."""

from datetime import datetime

import sqlalchemy as sa

from gentie.cases.tables import case_secrets, cases
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import ask
from gentie.checks.model import Finding
from gentie.checks.registry import live_check
from gentie.sites.model import Site

_HERE = cases.c.site_id == sa.bindparam("site")
_LOST = sa.or_(
    cases.c.due_at <= cases.c.received_at,
    cases.c.number == "",
    ~sa.exists().where(case_secrets.c.case_id == cases.c.id),
)


@live_check(
    "2022-4.4a",
    zh="每个举报和申诉都有编号、期限和查询链接",
    en="Every report and appeal has a number, a due date and a link to follow it by",
)
def every_case_can_be_followed(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    return ask(
        tx,
        sa.select(sa.func.count()).select_from(cases).where(_HERE),
        sa.select(cases.c.id).where(_HERE, _LOST),
        site=site.id,
    )
