"""What somebody wrote goes with them, where they wanted that when they closed their account."""

from collections.abc import Mapping
from functools import partial

from gentie.actions.identity.close_account import LEFT
from gentie.actions.posting.rewrite_author import rewrite_author
from gentie.actions.posting.take_comments_along import take_comments_along
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.kernel.ids import AccountId
from gentie.storage.db import Database
from gentie.storage.outbox import Message


def handlers_for(db: Database, *, clock: Clock) -> Mapping[str, Handler]:
    """By topic. Doing it twice does no harm."""

    async def leave(message: Message) -> None:
        account, last = AccountId(message.body["account"]), None
        taking = partial(take_comments_along, account=account, acting=SERVICE, now=clock())
        while (last := await db.act(partial(taking, before=last))) is not None:
            pass
        writing = partial(rewrite_author, account=account, acting=SERVICE, now=clock())
        while await db.act(writing):
            pass

    return {LEFT: leave}
