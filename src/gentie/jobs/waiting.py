"""Decisions that wait for their time: refusals that can still be undone, removals that lapse."""

from collections.abc import Mapping
from functools import partial

from gentie.actions.moderation.decide_item import TAKE_EFFECT
from gentie.actions.moderation.remove_comment import LAPSE
from gentie.actions.moderation.reverse_decision import lapse_removal
from gentie.actions.moderation.take_effect import take_effect
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.kernel.ids import DecisionId
from gentie.storage.db import Database
from gentie.storage.outbox import Message


def handlers_for(db: Database, *, clock: Clock) -> Mapping[str, Handler]:
    """By topic. Each act looks again whether its time has come, so twice does no harm."""

    async def refuse(message: Message) -> None:
        item = message.body["item"]
        await db.act(partial(take_effect, item_id=item, acting=SERVICE, now=clock()))

    async def lapse(message: Message) -> None:
        decision = DecisionId(message.body["decision"])
        await db.act(partial(lapse_removal, decision=decision, acting=SERVICE, now=clock()))

    return {TAKE_EFFECT: refuse, LAPSE: lapse}
