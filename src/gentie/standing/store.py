"""The SQL of standing that writes or locks."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gentie.kernel.ids import AccountId, ActorId, DecisionId
from gentie.standing.model import (
    AlreadySanctioned,
    Bar,
    CreditEvent,
    CreditKind,
    Proposal,
    ProposalState,
    Sanction,
)
from gentie.standing.rows import bar_of, proposal_of
from gentie.standing.tables import bars, credit_events, proposals, sanctions
from gentie.storage.schema import Id

_ADD = sanctions.insert()
_LIFT = (
    sanctions.update()
    .where(
        sanctions.c.account_id == sa.bindparam("b_account"),
        sanctions.c.decision == sa.bindparam("b_decision", type_=Id),
        sanctions.c.lifted_at.is_(None),
    )
    .values(lifted_at=sa.bindparam("now"))
)
_AFFIRM = (
    sanctions.update()
    .where(sanctions.c.account_id == sa.bindparam("b_account"), sanctions.c.affirmed_at.is_(None))
    .values(affirmed_at=sa.bindparam("now"))
)
_CONFIRM = (
    sanctions.update()
    .where(
        sanctions.c.account_id == sa.bindparam("b_account"),
        sanctions.c.decision == sa.bindparam("b_decision", type_=Id),
        sanctions.c.confirmed_by.is_(None),
    )
    .values(confirmed_by=sa.bindparam("who"))
)
_BAR = bars.insert()
_UNBAR = (
    bars.update()
    .where(bars.c.decision == sa.bindparam("b_decision", type_=Id), bars.c.lifted_at.is_(None))
    .values(lifted_at=sa.bindparam("now"))
)
_LENGTHEN = (
    bars.update()
    .where(bars.c.decision == sa.bindparam("b_decision", type_=Id))
    .values(until=sa.bindparam("b_until"), review_at=sa.bindparam("b_review"))
)
_BAR_OF = (
    sa.select(bars).where(bars.c.decision == sa.bindparam("decision", type_=Id)).with_for_update()
)
_RENEW = (
    bars.update()
    .where(bars.c.decision == sa.bindparam("b_decision", type_=Id))
    .values(review_at=sa.bindparam("b_review"), renewed_by=sa.bindparam("who"))
)
_CREDIT = credit_events.insert()
_NOTED = sa.select(credit_events.c.kind).where(
    credit_events.c.account_id == sa.bindparam("account"),
    credit_events.c.decision == sa.bindparam("decision", type_=Id),
)
_PROPOSE = proposals.insert()
_PROPOSAL = (
    sa.select(proposals).where(proposals.c.id == sa.bindparam("id", type_=Id)).with_for_update()
)
_WAITS_ON = sa.select(proposals.c.id).where(
    proposals.c.rests_on == sa.bindparam("decision", type_=Id),
    proposals.c.state == "waiting",
    proposals.c.expires_at >= sa.bindparam("now"),
)
_ANSWER = (
    proposals.update()
    .where(proposals.c.id == sa.bindparam("b_id", type_=Id))
    .values(state=sa.bindparam("b_state"), answered_by=sa.bindparam("who"))
)

_FORGET_CREDIT = credit_events.delete().where(
    credit_events.c.account_id == sa.bindparam("b_account")
)


def add(tx: sa.Connection, sanction: Sanction) -> None:
    """Store a measure.

    Raises:
        AlreadySanctioned: it follows from this decision already.
    """
    row = {
        "account_id": sanction.account,
        "id": sanction.id,
        "site_id": sanction.site,
        "measure": sanction.measure.value,
        "decision": sanction.decision,
        "rests_on": sanction.rests_on,
        "starts_at": sanction.starts_at,
        "ends_at": sanction.ends_at,
        "confirm_before": sanction.confirm_before,
    }
    try:
        with tx.begin_nested():
            tx.execute(_ADD, row)
    except IntegrityError as error:
        raise AlreadySanctioned from error


def affirm(tx: sa.Connection, account: AccountId, *, now: datetime) -> int:
    """Note for all measures on an account that the undertaking was given anew. Returns how many."""
    return tx.execute(_AFFIRM, {"b_account": account, "now": now}).rowcount


def lift(tx: sa.Connection, account: AccountId, decision: DecisionId, *, now: datetime) -> int:
    """Take back what one decision did. Returns how many measures that were."""
    tx.execute(_UNBAR, {"b_decision": decision, "now": now})
    row = {"b_account": account, "b_decision": decision, "now": now}
    return tx.execute(_LIFT, row).rowcount


def bar(tx: sa.Connection, entry: Bar) -> None:
    tx.execute(_BAR, msgspec.structs.asdict(entry))


def confirm(
    tx: sa.Connection,
    account: AccountId,
    decision: DecisionId,
    *,
    bar: Bar | None,
    by: ActorId,
) -> None:
    """Let what a lone reviewer took last its whole term. `bar`: as it stands from now on."""
    tx.execute(_CONFIRM, {"b_account": account, "b_decision": decision, "who": by})
    if bar is not None:
        row = {"b_decision": decision, "b_until": bar.until, "b_review": bar.review_at}
        tx.execute(_LENGTHEN, row)


def find_bar(tx: sa.Connection, decision: DecisionId) -> Bar | None:
    """The bar that a decision made, locked. None: it made none."""
    row = tx.execute(_BAR_OF, {"decision": decision}).one_or_none()
    return None if row is None else bar_of(row)


def renew(tx: sa.Connection, entry: Bar) -> None:
    row = {"b_decision": entry.decision, "b_review": entry.review_at, "who": entry.renewed_by}
    tx.execute(_RENEW, row)


def note_credit(tx: sa.Connection, event: CreditEvent) -> None:
    """Keep one more event. None is ever changed."""
    row = msgspec.structs.asdict(event) | {"kind": event.kind.value}
    tx.execute(_CREDIT, row | {"account_id": row.pop("account"), "site_id": row.pop("site")})


def credit_kinds_on(
    tx: sa.Connection, account: AccountId, decision: DecisionId
) -> frozenset[CreditKind]:
    """What one decision has done to somebody's credit so far."""
    rows = tx.scalars(_NOTED, {"account": account, "decision": decision})
    return frozenset(CreditKind(one) for one in rows)


def propose(tx: sa.Connection, proposal: Proposal) -> None:
    """Keep a proposal. The caller has locked the decision it rests on.

    Raises:
        AlreadySanctioned: another proposal on the same decision waits.
    """
    waiting = {"decision": proposal.rests_on, "now": proposal.proposed_at}
    if tx.execute(_WAITS_ON, waiting).first() is not None:
        raise AlreadySanctioned
    row = {
        "id": proposal.id,
        "account_id": proposal.account,
        "site_id": proposal.site,
        "measure": proposal.measure.value,
        "rests_on": proposal.rests_on,
        "message": proposal.message,
        "proposed_by": proposal.proposed_by,
        "role": proposal.role,
        "proposed_at": proposal.proposed_at,
        "expires_at": proposal.expires_at,
        "state": proposal.state.value,
    }
    tx.execute(_PROPOSE, row)


def find_proposal(tx: sa.Connection, proposal: str) -> Proposal | None:
    """Load one and lock it, so that it is answered once."""
    row = tx.execute(_PROPOSAL, {"id": proposal}).one_or_none()
    return None if row is None else proposal_of(row)


def answer(tx: sa.Connection, proposal: Proposal, state: ProposalState, *, by: ActorId) -> None:
    tx.execute(_ANSWER, {"b_id": proposal.id, "b_state": state.value, "who": by})


def forget_credit(tx: sa.Connection, account: AccountId) -> int:
    """Drop the events of a closed account. Returns how many."""
    return tx.execute(_FORGET_CREDIT, {"b_account": account}).rowcount
