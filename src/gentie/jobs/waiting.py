"""What follows later: refusals that could be undone, removals that lapse, names that changed."""

from collections.abc import Mapping
from functools import partial

from gentie.actions.identity.change_name import AUTHOR_CHANGED
from gentie.actions.identity.follow_archive_name import follow_archive_name
from gentie.actions.identity.settling_names import NAME_SETTLED
from gentie.actions.moderation.decide_item import TAKE_EFFECT
from gentie.actions.moderation.lapse_removal import lapse_removal
from gentie.actions.moderation.remove_comment import LAPSE
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.posting.batches import IMPORT_DECIDED
from gentie.actions.posting.finish_import import finish_import
from gentie.actions.posting.rewrite_author import rewrite_author
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.kernel.ids import AccountId, DecisionId
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

    async def rewrite(message: Message) -> None:
        account = AccountId(message.body["account"])
        writing = partial(rewrite_author, account=account, acting=SERVICE, now=clock())
        while await db.act(writing):
            pass

    async def finish(message: Message) -> None:
        batch = message.body["batch"]
        while await db.act(partial(finish_import, batch_id=batch, acting=SERVICE, now=clock())):
            pass

    async def follow(message: Message) -> None:
        author = AccountId(message.body["author"])
        following = partial(follow_archive_name, author=author, acting=SERVICE, now=clock())
        while await db.act(following):
            pass

    return {
        IMPORT_DECIDED: finish,
        TAKE_EFFECT: refuse,
        LAPSE: lapse,
        AUTHOR_CHANGED: rewrite,
        NAME_SETTLED: follow,
    }
