from datetime import timedelta
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.comments import queries
from gentie.comments.model import State
from gentie.decisions.model import Measure
from gentie.jobs.waiting import handlers_for
from gentie.kernel.ids import CommentRef
from gentie.review.queries import queue
from gentie.storage.db import Database
from gentie.storage.outbox import Message, take
from tests.newsroom import ANN, DAILY, NOON, NOTEBOOK, a_person, a_site, post, ref_of, staff

GROUND = {"class_id": "spam", "facts": "A shop", "message": "No advertising."}
REMOVAL = Removal(class_id="spam", facts="A shop", message="No advertising.")
TOPICS = ("review.take_effect", "decision.lapse")


def a_refused_and_a_removed(tx: sa.Connection) -> tuple[CommentRef, CommentRef]:
    a_site(tx)
    a_site(tx, NOTEBOOK, regime="neutral")
    (ann,) = staff(tx, ANN)
    river = a_person(tx)
    refused = post(tx, river, site=DAILY, key="article")
    item = queue(tx, DAILY)[0].id
    version = claim_item(tx, item, acting=ann, now=NOON).version
    opinion = Opinion(measure=Measure.REFUSE, version=version, **GROUND)
    decide_item(tx, item, opinion, acting=ann, now=NOON)
    removed = post(tx, river)
    remove_comment(tx, ref_of(removed), REMOVAL, acting=ann, now=NOON)
    return ref_of(refused), ref_of(removed)


def of_the_desk(tx: sa.Connection) -> list[Message]:
    far = NOON + timedelta(days=400)
    return [message for message in take(tx, now=far, most=500) if message.topic in TOPICS]


@pytest.mark.parametrize(
    ("days", "states"),
    [(0, (State.HELD, State.REMOVED)), (8, (State.REFUSED, State.PUBLISHED))],
)
async def test_what_waits_takes_effect_in_its_time_and_once(
    db: Database, days: int, states: tuple[State, State]
) -> None:
    refs = await db.act(a_refused_and_a_removed)
    handlers = handlers_for(db, clock=lambda: NOON + timedelta(days=days, seconds=9))

    for message in await db.act(of_the_desk):
        for _ in range(2):
            await handlers[message.topic](msgspec.structs.replace(message))

    kept = [await db.read(partial(queries.get, ref=ref)) for ref in refs]
    assert tuple(one.state for one in kept) == states
