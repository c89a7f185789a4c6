"""Reading standing: for the gates, the desk and the person concerned."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import AccountId, DecisionId, SiteId
from gentie.standing.model import Bar, CreditEvent, Proposal, Sanction
from gentie.standing.rows import bar_of, credit_event_of, proposal_of, sanction_of
from gentie.standing.tables import bars, credit_events, proposals, sanctions
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_OF = Prepared(
    sa.select(sanctions)
    .where(sanctions.c.account_id == sa.bindparam("account"))
    .order_by(sanctions.c.id)
)
_RESTING_ON = sa.select(sanctions).where(
    sanctions.c.account_id == sa.bindparam("account"),
    sanctions.c.rests_on == sa.bindparam("decision", type_=Id),
)
_BARS = Prepared(sa.select(bars).where(bars.c.person == sa.bindparam("person")))
_CREDIT = Prepared(
    sa.select(credit_events)
    .where(credit_events.c.account_id == sa.bindparam("account"))
    .order_by(credit_events.c.id)
)
_STANDING = (  # scatter: the list of people who may not come back, which is short
    sa.select(bars)
    .where(
        bars.c.lifted_at.is_(None),
        bars.c.until > sa.bindparam("after"),
        bars.c.review_at > sa.bindparam("after"),
        bars.c.review_at <= sa.bindparam("due"),
    )
    .order_by(bars.c.review_at, bars.c.decision)
    .limit(1000)
)
_ENDED = sa.select(bars.c.person).where(
    sa.or_(
        bars.c.lifted_at > sa.bindparam("since"),
        sa.and_(bars.c.until > sa.bindparam("since"), bars.c.until <= sa.bindparam("now")),
        sa.and_(bars.c.review_at > sa.bindparam("since"), bars.c.review_at <= sa.bindparam("now")),
    )
)
_WAITING = (
    sa.select(proposals)
    .where(
        proposals.c.state == "waiting",
        proposals.c.expires_at >= sa.bindparam("now"),
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            proposals.c.site_id == sa.bindparam("site"),
        ),
    )
    .order_by(proposals.c.expires_at, proposals.c.id)
    .limit(100)
)
_TAKEN = (  # scatter: the desk's list of measures, asked for rarely
    sa.select(sanctions)
    .where(
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            sanctions.c.site_id == sa.bindparam("site"),
        ),
    )
    .order_by(sanctions.c.id.desc())
    .limit(100)
)


def sanctions_of(tx: sa.Connection, account: AccountId) -> list[Sanction]:
    """Every measure ever taken against an account, oldest first: also what ended."""
    return [sanction_of(row) for row in _OF.all(tx, {"account": account})]


def resting_on(tx: sa.Connection, account: AccountId, decision: DecisionId) -> list[Sanction]:
    """The measures that follow from one decision on what the account wrote."""
    rows = tx.execute(_RESTING_ON, {"account": account, "decision": decision})
    return [sanction_of(row) for row in rows]


def bars_of(tx: sa.Connection, person: str) -> list[Bar]:
    """Every bar that was ever on a person, by their opaque key."""
    return [bar_of(row) for row in _BARS.all(tx, {"person": person})]


def credit_events_of(
    tx: sa.Connection, account: AccountId, site: SiteId | None = None
) -> list[CreditEvent]:
    """Everything that ever changed an account's credit, oldest first; None: on any site."""
    found = (credit_event_of(row) for row in _CREDIT.all(tx, {"account": account}))
    return [one for one in found if site in (None, one.site)]


def bars_in_force(tx: sa.Connection, *, due: datetime, now: datetime) -> list[Bar]:
    """Bars that stand now and are to be looked at before `due`, the most urgent first."""
    return [bar_of(row) for row in tx.execute(_STANDING, {"after": now, "due": due})]


def persons_let_go(tx: sa.Connection, *, since: datetime, now: datetime) -> list[str]:
    """Persons on whom a bar has ended in this time, also those on whom another one stands."""
    found = tx.scalars(_ENDED, {"since": since, "now": now})
    return sorted(set(found))


def waiting(tx: sa.Connection, site: SiteId | None, *, now: datetime) -> list[Proposal]:
    """Proposals that wait for a second person, the one that expires first first."""
    return [proposal_of(row) for row in tx.execute(_WAITING, {"site": site, "now": now})]


def taken(tx: sa.Connection, site: SiteId | None) -> list[Sanction]:
    """The latest hundred measures, newest first."""
    return [sanction_of(row) for row in tx.execute(_TAKEN, {"site": site})]
