"""People and steps that the tests of measures share."""

from datetime import datetime, timedelta

import msgspec
import pytest
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.identity.affirm_undertaking import affirm_undertaking
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.propose_measure import Proposed, Wanted, propose_measure
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.routing import Submitted
from gentie.catalogue.regimes import Tier, get_regime
from gentie.comments.model import State
from gentie.decisions.model import Measure as Decided
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.ledger.tables import leaves
from gentie.review.queries import queue
from gentie.standing.model import (
    Measure,
)
from gentie.storage.db import Database
from tests.newsroom import (
    ANN,
    BEN,
    CLEO,
    DAILY,
    NOON,
    a_site,
    post,
    ref_of,
    staff,
)

SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")


DAY = timedelta(days=1)


BOUND = msgspec.structs.replace(BEN, site=DAILY)


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(a_site)
    return db


def a_removal(
    tx: sa.Connection, by: Actor, ann: Actor, *, class_id: str = "spam", now: datetime = NOON
) -> DecisionId:
    """Somebody wrote something, and Ann removed it."""
    removal = msgspec.structs.replace(SPAM, class_id=class_id)
    affirm_undertaking(tx, acting=by, now=now)
    made = post(tx, by, site=DAILY, now=now)
    if made.state is State.HELD:  # whose credit is low is looked at first
        publish(tx, made, ann, now=now)
    return remove_comment(tx, ref_of(made), removal, acting=ann, now=now).decision


def publish(tx: sa.Connection, made: Submitted, ann: Actor, *, now: datetime) -> None:
    item = next(one.id for one in queue(tx, DAILY) if one.ref == ref_of(made))
    version = claim_item(tx, item, acting=ann, now=now).version
    opinion = Opinion(measure=Decided.PUBLISH, version=version)
    decide_item(tx, item, opinion, acting=ann, now=now)


def propose(
    tx: sa.Connection,
    on: DecisionId,
    measure: Measure,
    *,
    acting: Actor,
    now: datetime = NOON,
    message: str = "Please read the rules.",
) -> Proposed:
    wanted = Wanted(rests_on=on, measure=measure, message=message)
    return propose_measure(tx, wanted, acting=acting, now=now)


def illegal_class() -> str:
    return next(one.id for one in get_regime("cn-2022-final").classes if one.tier is Tier.ILLEGAL)


def climb(tx: sa.Connection, river: Actor, ann: Actor, ben: Actor, steps: int) -> datetime:
    """Let River break the law so often that `steps` measures stand. Returns when that was."""
    now = NOON
    ladder = (Measure.RESTRICT, Measure.SUSPEND, Measure.CLOSE)
    for measure in ladder[:steps]:
        on = a_removal(tx, river, ann, class_id=illegal_class(), now=now)
        proposed = propose(tx, on, measure, acting=ann, now=now)
        if proposed.proposal:
            confirm_measure(tx, proposed.proposal, acting=ben, now=now)
        affirm_undertaking(tx, acting=river, now=now)
        now += 40 * DAY
    return now


def last_leaf(tx: sa.Connection) -> ledger.Leaf:
    body = tx.scalar(sa.select(leaves.c.body).order_by(leaves.c.id.desc()).limit(1))
    return msgspec.json.decode(body or b"", type=ledger.Leaf)


def staffed(tx: sa.Connection) -> list[Actor]:
    return staff(tx, ANN, BEN, CLEO)
