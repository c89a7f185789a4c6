"""Checks on what stands in a contribution besides words see their faults, one by one."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.rows.parts import known_forms_and_kinds, media_were_seen_first
from gentie.checks.rows.publication import nothing_removed_is_still_shown
from gentie.comments.tables import comments
from gentie.decisions.model import Measure
from gentie.decisions.tables import decisions
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.media.tables import attachments
from gentie.review.queries import queue
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.media.build import takes_media, uploaded
from tests.newsroom import ANN, DAILY, NOON, a_draft, a_person, a_site, ref_of, staff

Check = Callable[..., Finding]
REGIME = "cn-2022-final"
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
PARTS = b'[{"id":"x","kind":"picture","alt":"","files":[]}]'


def asked(tx: sa.Connection, check: Check) -> Outcome:
    return check(tx, get_site(tx, DAILY), get_regime(REGIME), now=NOON).outcome


def a_picture_page(tx: sa.Connection) -> tuple[CommentRef, Actor]:
    """One picture that a person looked at and published."""
    a_site(tx, regime=REGIME)
    assert asked(tx, media_were_seen_first) is Outcome.NO_DATA
    takes_media(tx, DAILY)
    (ann,) = staff(tx, ANN)
    river = a_person(tx, regimes=(REGIME,))
    media = (uploaded(tx, river, site=DAILY),)
    submission = Submission(site=DAILY, key="blog", draft=a_draft("Look"), media=media)
    made = ref_of(submit_comment(tx, submission, acting=river, now=NOON))
    (item,) = queue(tx, DAILY)
    version = claim_item(tx, item.id, acting=ann, now=NOON).version
    opinion = Opinion(measure=Measure.PUBLISH, version=version)
    decide_item(tx, item.id, opinion, acting=ann, now=NOON)
    assert asked(tx, media_were_seen_first) is Outcome.HOLDS
    return made, ann


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(
    "plant",
    [
        decisions.delete,
        lambda: decisions.update().values(automation="full"),
        lambda: decisions.update().values(measure="remove"),
    ],
    ids=["no decision", "a machine's", "another measure"],
)
async def test_a_picture_that_nobody_saw_first_is_seen(
    sqlite_db: Database, plant: Callable[[], sa.Executable]
) -> None:
    def body(tx: sa.Connection) -> Outcome:
        a_picture_page(tx)
        tx.execute(plant())
        return asked(tx, media_were_seen_first)

    assert await sqlite_db.act(body) is Outcome.VIOLATED


@pytest.mark.clause("2017-2.2b", "2022-2.2")
async def test_a_file_that_was_never_checked_is_seen(sqlite_db: Database) -> None:
    def body(tx: sa.Connection) -> tuple[Outcome, Outcome]:
        a_picture_page(tx)
        before = asked(tx, known_forms_and_kinds)
        tx.execute(attachments.update().values(state="checking"))
        return before, asked(tx, known_forms_and_kinds)

    assert await sqlite_db.act(body) == (Outcome.HOLDS, Outcome.VIOLATED)


@pytest.mark.clause("2017-5.5d")
async def test_a_removed_comment_that_still_shows_its_picture_is_seen(
    sqlite_db: Database,
) -> None:
    def body(tx: sa.Connection) -> tuple[Outcome, Outcome]:
        made, ann = a_picture_page(tx)
        remove_comment(tx, made, SPAM, acting=ann, now=NOON)
        before = asked(tx, nothing_removed_is_still_shown)
        tx.execute(comments.update().values(parts=PARTS))
        return before, asked(tx, nothing_removed_is_still_shown)

    assert await sqlite_db.act(body) == (Outcome.HOLDS, Outcome.VIOLATED)
