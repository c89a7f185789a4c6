"""People are told of a leak that concerns them, batch after batch."""

from collections.abc import Mapping
from functools import partial

from gentie.actions.oversight.tell_concerned import tell_concerned
from gentie.jobs.runner import Handler
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.privacy.leaks.model import LEAK_TOPIC
from gentie.storage.db import Database
from gentie.storage.outbox import Message


def handlers_for(db: Database, *, clock: Clock) -> Mapping[str, Handler]:
    """By topic. Doing it twice tells nobody twice."""

    async def tell(message: Message) -> None:
        telling = partial(tell_concerned, number=message.body["leak"], acting=SERVICE)
        after: str | None = ""
        while after is not None:
            after = await db.act(partial(telling, after=after, now=clock()))

    return {LEAK_TOPIC: tell}
