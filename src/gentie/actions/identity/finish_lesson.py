"""Finish a lesson in civility; where credit is missing, one of them gives some back."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.lessons import get_lesson, wrong_in
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id
from gentie.kernel.ids import SiteId
from gentie.sites.queries import get_site
from gentie.standing import queries, store
from gentie.standing.credit import lesson_is_due
from gentie.standing.model import CreditEvent, CreditKind


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    wrong: tuple[int, ...]
    """Questions, from 0, to look at again. Empty: the lesson is finished."""
    restored: int
    """Points of credit that came back."""


@fulfils("2017-6.1c", "2022-6.c")
def finish_lesson(
    tx: sa.Connection,
    name: str,
    answers: tuple[int, ...],
    *,
    site: SiteId | None = None,
    acting: Actor,
    now: datetime,
) -> Finished:
    """Take the answers to a lesson's questions. Wrong ones cost nothing and are kept nowhere.

    `site` is where credit is to come back; None: nowhere.

    Raises:
        MayNot, NoSuchLesson, NoSuchSite, NoSuchAccount: nothing was changed.
    """
    acting.require("account:self")
    lesson = get_lesson(name)
    if wrong := wrong_in(lesson, answers):
        return Finished(wrong=wrong, restored=0)
    accounts.get_poster(tx, acting.account)
    accounts.finish_lesson(tx, acting.account, lesson.id, now=now)
    restored = _restore(tx, site, acting=acting, now=now) if lesson.restores and site else 0
    return Finished(wrong=(), restored=restored)


def _restore(tx: sa.Connection, site: SiteId, *, acting: Actor, now: datetime) -> int:
    """Points given back, once in a while. 0: nothing is missing, or not yet again."""
    regime = get_regime(get_site(tx, site).regime)
    if regime.credit is None:
        return 0
    events = queries.credit_events_of(tx, acting.account, site)
    if not lesson_is_due(events, regime.credit, now=now):
        return 0
    event = CreditEvent(
        id=new_id(),
        account=acting.account,
        site=site,
        kind=CreditKind.LESSON,
        decision=None,
        points=regime.credit.lesson,
        policy=regime.policy,
        at=now,
    )
    store.note_credit(tx, event)
    return event.points
