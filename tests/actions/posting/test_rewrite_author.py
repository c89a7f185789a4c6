from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.identity.change_name import AUTHOR_CHANGED, change_name
from gentie.actions.posting import rewrite_author as module
from gentie.actions.posting.rewrite_author import rewrite_author
from gentie.comments import queries
from gentie.kernel.actor import SERVICE, MayNot
from gentie.storage.db import Database
from gentie.storage.outbox import messages
from tests.newsroom import NOON, NOTEBOOK, a_person, a_site, post, ref_of


@pytest.mark.clause("2017-5.1b", "2022-4.1b")
async def test_a_new_name_stands_on_every_comment(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)

    def body(tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        river, reed = a_person(tx), a_person(tx, "Reed")
        mine = [post(tx, river) for _ in range(3)]
        other = post(tx, reed)
        change_name(tx, "Estuary", acting=river, now=NOON)
        topics = list(tx.scalars(sa.select(messages.c.topic)))
        assert topics.count(AUTHOR_CHANGED) == 1

        rewrite = partial(rewrite_author, tx, river.account, acting=SERVICE, now=NOON)
        assert [rewrite(), rewrite(), rewrite()] == [True, False, False]
        assert {queries.get(tx, ref_of(one)).author.name for one in mine} == {"Estuary"}
        assert queries.get(tx, ref_of(other)).author.name == "Reed"
        with pytest.raises(MayNot):
            rewrite_author(tx, river.account, acting=reed, now=NOON)

    await db.act(body)
