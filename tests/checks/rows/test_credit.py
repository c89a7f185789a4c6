"""What a tier takes was not used meanwhile, and a minor loses nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.minors import store as minors
from gentie.accounts.minors.model import AgeBand
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.registry import Run
from gentie.checks.rows.credit import credit_follows_the_formula, tiers_were_felt
from gentie.comments.tables import comments, revisions
from gentie.danmaku.model import Mode
from gentie.danmaku.rules import PALETTE
from gentie.decisions.tables import decisions
from gentie.kernel.ids import AccountId
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.media.build import takes_media, uploaded
from tests.newsroom import ANN, DAILY, NOON, a_draft, a_person, a_site, post, ref_of, staff

LOST = NOON + timedelta(hours=1)
LATER = NOON + timedelta(hours=2)
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
Plant = Callable[[AccountId], Any]


def somebody_with_little_credit(tx: sa.Connection) -> AccountId:
    """They used everything while they might, and lost most of their credit an hour later."""
    a_site(tx)
    a_film(tx, DAILY)
    (ann,), river, reed = staff(tx, ANN), a_person(tx), a_person(tx, "Reed")
    post(tx, river, site=DAILY, text="See https://shop.example")
    takes_media(tx, DAILY)
    picture = uploaded(tx, river, site=DAILY)
    submission = Submission(site=DAILY, key="blog", draft=a_draft(), media=(picture,))
    submit_comment(tx, submission, acting=river, now=NOON)
    a_line(tx, river, site=DAILY, mode=Mode.TOP)
    a_line(tx, river, site=DAILY, colour=PALETTE["red"])
    cast_vote(tx, ref_of(post(tx, reed, site=DAILY)), agree=True, acting=river, now=NOON)
    for _ in range(6):
        made = post(tx, river, site=DAILY)
        remove_comment(tx, ref_of(made), SPAM, acting=ann, now=LOST)
    return river.account


def seen(tx: sa.Connection, check: Run) -> Finding:
    site = get_site(tx, DAILY)
    return check(tx, site, get_regime(site.regime), now=LATER)


async def test_what_was_used_before_was_allowed(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        somebody_with_little_credit(tx)
        found = seen(tx, tiers_were_felt)
        assert (found.outcome, found.violations) == (Outcome.HOLDS, ())
        assert found.examined > len(USES)

    await db.act(body)


USES: dict[str, Plant] = {
    "links": lambda _: revisions.update().values(created_at=LATER),
    "positions": lambda _: comments.update().values(created_at=LATER),
    "colours": lambda _: comments.update().values(created_at=LATER),
    "media": lambda _: comments.update().values(created_at=LATER),
    "unreviewed": lambda _: decisions.update().values(decided_at=LATER),
}


@pytest.mark.clause("2017-9.1b", "2022-8.b")
@pytest.mark.parametrize("taken", USES)
async def test_what_was_used_in_spite_of_the_tier_is_seen(db: Database, taken: str) -> None:
    def body(tx: sa.Connection) -> None:
        tx.execute(USES[taken](somebody_with_little_credit(tx)))
        assert taken in {one.note for one in seen(tx, tiers_were_felt).violations}

    await db.act(body)


@pytest.mark.clause("2017-9.1a", "2022-8.a")
async def test_what_a_minor_lost_is_seen(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        river = somebody_with_little_credit(tx)
        assert seen(tx, credit_follows_the_formula).outcome is Outcome.HOLDS
        minors.set_age(tx, river, AgeBand.YOUTH, now=NOON)
        notes = {one.note for one in seen(tx, credit_follows_the_formula).violations}
        assert notes == {"of a minor"}
        assert not seen(tx, tiers_were_felt).violations

    await db.act(body)
