"""Low credit takes files away, and the composer can say so."""

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.pages.offers import Keeping, find_offer
from gentie.storage.db import Database
from tests.actions.moderation.test_credit import lose
from tests.media.build import takes_media
from tests.newsroom import ANN, DAILY, NOON, a_person, a_site, staff

KEEPING = Keeping(largest=1000, key=b"key")


async def test_credit_that_is_too_low_is_named(sqlite_db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        a_site(tx)
        (ann,), river = staff(tx, ANN), a_person(tx)
        takes_media(tx, DAILY)
        poster = accounts.get_poster(tx, river.account)
        before = find_offer(tx, DAILY, poster, KEEPING, now=NOON)
        assert before is not None
        assert (before.kinds, before.largest) == (("picture", "audio", "video"), 1000)
        lose(tx, river, ann, 6)

        offer = find_offer(tx, DAILY, poster, KEEPING, now=NOON)

        assert offer is not None
        assert (offer.kinds, offer.why) == ((), "credit-too-low")
        assert find_offer(tx, DAILY, poster, None, now=NOON) is None

    await sqlite_db.act(body)
