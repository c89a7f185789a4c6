"""What a person sees of their credit: the figure, every event behind it, and the way back."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.lessons import Lesson, all_lessons
from gentie.accounts.minors.queries import is_minor
from gentie.accounts.model import Offered
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Credit, Text, get_regime
from gentie.decisions import queries as decisions
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId, SiteId
from gentie.sites import queries as sites
from gentie.standing import queries
from gentie.standing.credit import better_from, counted, lesson_is_due, score, tier_of, weight
from gentie.standing.model import CreditEvent, CreditKind


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    kind: CreditKind
    at: datetime
    points: int
    """When it happened."""
    now: float
    """What is left of it. 0: overturned, or faded."""
    clause: str
    title: Text | None
    """The ground. Null: a lesson."""
    decision: DecisionId | None
    """Its page has the reasons and the appeal, which contests the event as well."""


class CreditView(msgspec.Struct, frozen=True, kw_only=True):
    """One site's assessment of what one person wrote there."""

    site: SiteId
    name: str
    score: int
    tier: str
    title: Text
    takes: tuple[str, ...]
    posts_per_hour: int
    """0: the limit that holds for everybody."""
    better_from: datetime | None
    """When the next tier is reached if nothing more happens. Null: this is the best."""
    lesson_due: bool
    """A lesson would give something back now."""
    formula: Credit
    events: tuple[EventView, ...]
    """Newest first."""


class LessonView(msgspec.Struct, frozen=True, kw_only=True):
    lesson: Lesson
    offered: Offered | None
    """Null: not yet; everybody may read all of them."""


@fulfils("2017-9.1a", "2017-9.1b", "2022-8.a", "2022-8.b")
def load_credit(tx: sa.Connection, *, acting: Actor, now: datetime) -> tuple[CreditView, ...]:
    """Every site on which something counts for whoever asks. Empty: full credit everywhere.

    Nothing counts against a minor.

    Raises:
        MayNot: nobody sees this of others, staff neither.
    """
    acting.require("account:self")
    if is_minor(tx, acting.account):
        return ()
    by_site: dict[SiteId, list[CreditEvent]] = {}
    for one in queries.credit_events_of(tx, acting.account):
        by_site.setdefault(one.site, []).append(one)
    views = (_view(tx, site, events, now=now) for site, events in sorted(by_site.items()))
    return tuple(one for one in views if one is not None)


def load_lessons(tx: sa.Connection, *, acting: Actor) -> tuple[LessonView, ...]:
    """All lessons, with the latest offer of each. Raises MayNot."""
    acting.require("account:self")
    latest: dict[str, Offered] = {}
    for one in accounts.lessons_of(tx, acting.account):
        latest.setdefault(one.lesson, one)
    return tuple(
        LessonView(lesson=one, offered=latest.get(one.id)) for one in all_lessons().values()
    )


def _view(
    tx: sa.Connection, site: SiteId, events: list[CreditEvent], *, now: datetime
) -> CreditView | None:
    found = sites.find_site(tx, site)
    credit = get_regime(found.regime).credit if found else None
    if found is None or credit is None:
        return None
    points = score(events, credit, now=now)
    tier = tier_of(points, credit)
    return CreditView(
        site=site,
        name=found.name,
        score=points,
        tier=tier.id,
        title=tier.title,
        takes=tier.takes,
        posts_per_hour=tier.posts_per_hour,
        better_from=better_from(events, credit, now=now),
        lesson_due=lesson_is_due(events, credit, now=now),
        formula=credit,
        events=_events(tx, events, credit, now=now),
    )


def _events(
    tx: sa.Connection, events: list[CreditEvent], credit: Credit, *, now: datetime
) -> tuple[EventView, ...]:
    counting = {one.id for one in counted(events, now=now)}
    return tuple(
        _event(tx, one, weight(one, credit, now=now) if one.id in counting else 0.0)
        for one in reversed(events)
    )


def _event(tx: sa.Connection, event: CreditEvent, left: float) -> EventView:
    kept = decisions.get(tx, event.decision).decision if event.decision else None
    ground = kept.ground if kept else None
    found = get_regime(kept.regime).classes if kept else ()
    title = next((one.title for one in found if ground and one.id == ground.class_id), None)
    return EventView(
        kind=event.kind,
        at=event.at,
        points=event.points,
        now=round(left, 1),
        clause=ground.clause if ground else "",
        title=title,
        decision=event.decision,
    )
