"""Each check sees its own planted fault, holds on a lively newsroom, and knows an empty one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.agreement import write_agreement
from gentie.accounts.roles import actor_of_staff
from gentie.accounts.tables import (
    acceptances,
    accounts,
    agreements,
    lessons,
    sessions,
    verifications,
)
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.identity.affirm_undertaking import affirm_undertaking
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.propose_measure import Wanted, propose_measure
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.posting.cast_vote import cast_vote
from gentie.cases.tables import case_secrets, cases
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.registry import Check, all_checks
from gentie.comments.tables import comments, revisions, tallies, votes
from gentie.decisions.model import Measure, Source
from gentie.decisions.tables import decisions, notices, reversals
from gentie.kernel.actor import ANYONE, SERVICE, Actor
from gentie.kernel.ids import SiteId
from gentie.ledger.tables import leaves
from gentie.review.queries import queue
from gentie.review.tables import items
from gentie.sites.queries import get_site
from gentie.standing.model import Measure as Sanctioned
from gentie.standing.tables import bars, credit_events, sanctions
from gentie.storage.db import Database
from tests.newsroom import ANN, BEN, CLEO, DAILY, NOON, a_person, a_site, post, ref_of, staff

LATER = NOON + timedelta(hours=1)
DRAFT = SiteId("draft")
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
REGIMES = ("cn-2022-final", "cn-2022-draft")


def a_lively_site(tx: sa.Connection, site: SiteId, regime: str) -> None:
    """News published by a person and refused by one, a post removed, a vote, a report."""
    a_site(tx, site, regime=regime, test=True)
    ann = staff(tx, ANN, BEN)[0] if site == DAILY else _ann()
    river = a_person(tx, f"River of {site}", regimes=REGIMES)
    reed = a_person(tx, f"Reed of {site}", regimes=REGIMES)
    for measure, ground in ((Measure.PUBLISH, {}), (Measure.REFUSE, _GROUND)):
        post(tx, river, site=site, key="article")
        item = queue(tx, site)[0].id
        version = claim_item(tx, item, acting=ann, now=NOON).version
        opinion = Opinion(measure=measure, version=version, **ground)
        decide_item(tx, item, opinion, acting=ann, now=NOON)
        take_effect(tx, item, acting=SERVICE, now=NOON + timedelta(seconds=10))
    post(tx, river, site=site, key="article")
    post(tx, river, site=site)
    made = post(tx, river, site=site)
    cast_vote(tx, ref_of(made), agree=True, acting=reed, now=NOON)
    report = Report(subject=ref_of(made), class_id="abuse", statement="")
    file_report(tx, report, acting=ANYONE, now=NOON)
    remove_comment(tx, ref_of(post(tx, reed, site=site)), SPAM, acting=ann, now=NOON)
    wrongly = remove_comment(tx, ref_of(post(tx, reed, site=site)), SPAM, acting=ann, now=NOON)
    reverse_decision(tx, wrongly.decision, source=Source.OWN, acting=actor_of_staff(CLEO), now=NOON)
    post(tx, reed, site=site)
    _measures(tx, site, ann)
    tx.execute(leaves.update().where(leaves.c.idx.is_(None)).values(idx=leaves.c.id))


def _measures(tx: sa.Connection, site: SiteId, ann: Actor) -> None:
    """Wren is restricted, goes on, is warned, goes on, and is barred, with a senior's consent."""
    wren = a_person(tx, f"Wren of {site}", regimes=REGIMES)
    illegal = next(one.id for one in get_regime("cn-2022-draft").classes if one.tier == "illegal")
    removal = msgspec.structs.replace(SPAM, class_id=illegal)
    steps = (Sanctioned.RESTRICT, Sanctioned.WARN, Sanctioned.BAR)
    for n, measure in enumerate(steps):
        now = NOON + timedelta(minutes=n)
        made = post(tx, wren, site=site, key="article", now=now)
        item = next(one.id for one in queue(tx, site) if one.ref == ref_of(made))
        version = claim_item(tx, item, acting=ann, now=now).version
        publish = Opinion(measure=Measure.PUBLISH, version=version)
        decide_item(tx, item, publish, acting=ann, now=now)
        removed = remove_comment(tx, ref_of(made), removal, acting=ann, now=now)
        wanted = Wanted(rests_on=removed.decision, measure=measure, message="Not here.")
        proposed = propose_measure(tx, wanted, acting=ann, now=now)
        affirm_undertaking(tx, acting=wren, now=now)
        if proposed.proposal:
            confirm_measure(tx, proposed.proposal, acting=actor_of_staff(CLEO), now=now)


_GROUND = {"class_id": "spam", "facts": "A shop", "message": "No advertising."}


def _ann() -> Any:
    from gentie.accounts.roles import actor_of_staff  # noqa: PLC0415 only the second site needs it

    return actor_of_staff(ANN)


@pytest.fixture
async def db(db: Database) -> Database:
    await db.act(lambda tx: a_lively_site(tx, DAILY, "cn-2022-final"))
    await db.act(lambda tx: a_lively_site(tx, DRAFT, "cn-2022-draft"))
    return db


def found(tx: sa.Connection, check: Check, site: SiteId) -> Finding:
    at = get_site(tx, site)
    return check.run(tx, at, get_regime(at.regime), now=LATER)


def outcomes(tx: sa.Connection, obligation: str, site: SiteId) -> set[Outcome]:
    """What all checks of a row say, but for those that have nothing to look at here."""
    asked = (one for one in all_checks() if obligation in one.obligations)
    return {found(tx, one, site).outcome for one in asked} - {Outcome.NO_DATA}


def the_check(obligation: str, name: str = "") -> Check:
    return next(
        one for one in all_checks() if obligation in one.obligations and one.name.endswith(name)
    )


OBLIGATIONS = (
    "2017-2.1",
    "2017-2.2a",
    "2017-2.2b",
    "2017-5.1a",
    "2017-5.1b",
    "2017-5.1c",
    "2017-5.3",
    "2017-5.5a",
    "2017-5.5d",
    "2017-6.1a",
    "2017-6.1b",
    "2017-6.1c",
    "2017-6.2a",
    "2017-6.2b",
    "2017-7.1a",
    "2017-7.2a",
    "2017-8.a",
    "2017-8.b",
    "2017-8.c",
    "2017-9.1a",
    "2017-9.1b",
    "2017-9.1c",
    "2022-2.1",
    "2022-4.4a",
    "2022-7.a",
    "2022-13.1a",
    "2022f-2",
)


async def test_all_hold_on_a_lively_newsroom(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        for obligation in OBLIGATIONS:
            assert outcomes(tx, obligation, DAILY) == {Outcome.HOLDS}, obligation
        for obligation in (
            "2022-4.4b",
            "2022-2.2",
            "2022-9.b",
            "2022-7.b",
            "2022-7.c",
            "2022-8.a",
            "2022-4.1c",
        ):
            assert outcomes(tx, obligation, DRAFT) == {Outcome.HOLDS}, obligation

    await db.act(body)


@pytest.mark.parametrize("obligation", OBLIGATIONS)
async def test_an_empty_site_proves_nothing(sqlite_db: Database, obligation: str) -> None:
    await sqlite_db.act(lambda tx: a_site(tx, regime="cn-2022-final"))

    outcome = await sqlite_db.read(lambda tx: found(tx, the_check(obligation), DAILY))
    assert outcome.outcome is Outcome.NO_DATA


Plant = Callable[[], sa.Executable]
_published = comments.c.state == "published"
_BAR = "bar_reregistration"
_somebody = (
    sa.select(sa.func.min(comments.c.author_id))
    .where(comments.c.site_id == DAILY)
    .scalar_subquery()
)
_taught = lessons.c.lesson == "after-measure"
_refused = credit_events.c.kind == "refused"
_repaired = credit_events.c.kind == "repaired"
_long_ago = NOON - timedelta(days=3650)

FAULTS: list[tuple[str, SiteId, Plant]] = [
    ("2022-7.a", DAILY, lambda: decisions.update().values(clause="9.9")),
    ("2017-2.1", DAILY, lambda: comments.update().values(policy="neutral/1")),
    ("2017-2.2a", DAILY, lambda: decisions.delete().where(decisions.c.measure == "publish")),
    ("2017-2.2b", DAILY, lambda: revisions.update().values(kinds="text spell")),
    ("2017-2.2b", DAILY, lambda: comments.update().values(form="telegram")),
    ("2017-5.1a", DAILY, lambda: verifications.update().values(recorded_at=LATER)),
    ("2022-4.1a", DRAFT, verifications.delete),
    (
        "2017-5.1b",
        DAILY,
        lambda: comments.update().values(
            author=b'{"id":"a","name":"River","avatar":"","badges":[],"id_number":"1"}'
        ),
    ),
    (
        "2017-5.1b",
        DAILY,
        lambda: comments.update().values(
            author=b'{"id":"a","name":"13800000000","avatar":"","badges":[]}'
        ),
    ),
    ("2017-5.1c", DAILY, lambda: verifications.update().values(revoked_at=_long_ago)),
    ("2017-5.1c", DAILY, lambda: verifications.update().values(valid_until=_long_ago)),
    ("2022-4.1c", DRAFT, verifications.delete),
    (
        "2017-5.3",
        DAILY,
        lambda: (
            decisions.update().where(decisions.c.measure == "publish").values(automation="full")
        ),
    ),
    (
        "2022f-4.3",
        DAILY,
        lambda: decisions.update().where(decisions.c.measure == "publish").values(decided_at=LATER),
    ),
    ("2022-4.4b", DRAFT, lambda: decisions.delete().where(decisions.c.measure == "publish")),
    ("2017-5.5a", DAILY, lambda: items.delete().where(items.c.state == "open")),
    (
        "2017-5.5d",
        DAILY,
        lambda: comments.update().where(comments.c.state == "removed").values(plain="still here"),
    ),
    ("2017-6.1a", DAILY, acceptances.delete),
    ("2017-6.1a", DAILY, lambda: acceptances.update().values(at=LATER)),
    ("2017-6.2a", DAILY, lambda: sanctions.update().values(affirmed_at=None)),
    ("2017-6.2a", DAILY, lambda: sanctions.update().values(affirmed_at=NOON + timedelta(days=9))),
    ("2017-6.2a", DAILY, acceptances.delete),
    ("2022-2.1", DAILY, acceptances.delete),
    ("2022-2.1", DAILY, lambda: acceptances.update().values(at=LATER)),
    ("2022-2.1", DAILY, lambda: agreements.update().values(policy="another/1")),
    ("2017-6.1b", DAILY, lambda: agreements.update().values(text=_another_text())),
    ("2017-6.1c", DAILY, lambda: lessons.delete().where(lessons.c.account_id == _somebody)),
    ("2017-6.1c", DAILY, lambda: lessons.delete().where(_taught)),
    ("2017-6.1c", DAILY, lambda: lessons.update().where(_taught).values(lesson="risky-draft")),
    ("2017-6.2b", DAILY, lambda: decisions.update().values(class_id="other")),
    ("2022-9.b", DRAFT, lambda: decisions.update().values(tier="illegal")),
    ("2017-7.1a", DAILY, lambda: leaves.update().values(idx=None)),
    ("2017-7.1a", DAILY, lambda: decisions.update().values(commitment="")),
    ("2017-8.c", DAILY, lambda: decisions.update().values(salt=b"another")),
    ("2017-8.c", DAILY, lambda: decisions.update().values(decided_by="staff:somebody-else")),
    ("2017-8.a", DAILY, lambda: decisions.update().values(seconded_by=None)),
    ("2017-8.a", DAILY, lambda: decisions.update().values(seconded_by=decisions.c.decided_by)),
    ("2017-8.a", DAILY, sanctions.delete),
    ("2017-8.a", DAILY, lambda: accounts.update().values(state="closed")),
    ("2022-7.b", DRAFT, lambda: accounts.update().values(state="closed")),
    (
        "2017-8.a",
        DAILY,
        lambda: sessions.insert().from_select(
            ["token", "holder", "kind", "opened_at", "expires_at"],
            sa.select(
                sa.literal("token"),
                sanctions.c.account_id,
                sa.literal("page"),
                sa.literal(NOON - timedelta(days=9), sanctions.c.starts_at.type),
                sa.literal(NOON + timedelta(days=9), sanctions.c.starts_at.type),
            )
            .where(sanctions.c.measure == "close")
            .limit(1),
        ),
    ),
    ("2017-8.c", DAILY, lambda: decisions.delete().where(decisions.c.measure == "remove")),
    ("2017-8.c", DAILY, lambda: revisions.update().values(source="")),
    ("2017-8.a", DAILY, lambda: sanctions.update().values(lifted_at=NOON)),
    ("2017-8.a", DAILY, lambda: sanctions.update().values(ends_at=LATER)),
    ("2017-8.a", DAILY, lambda: sanctions.update().values(confirmed_by="staff:1")),
    ("2017-8.a", DAILY, lambda: sanctions.update().values(starts_at=_long_ago)),
    (
        "2022-7.b",
        DRAFT,
        lambda: decisions.update().where(decisions.c.measure == "warn").values(measure=_BAR),
    ),
    ("2022-7.b", DRAFT, lambda: decisions.update().values(tier="")),
    (
        "2022f-7",
        DAILY,
        lambda: decisions.update().where(decisions.c.measure == "warn").values(measure=_BAR),
    ),
    ("2022f-7", DAILY, lambda: decisions.update().values(tier="")),
    (
        "2022-7.b",
        DRAFT,
        lambda: decisions.update().where(decisions.c.measure == "remove").values(automation="full"),
    ),
    ("2017-9.1a", DAILY, lambda: credit_events.update().values(points=-1)),
    ("2017-9.1a", DAILY, lambda: credit_events.update().where(_refused).values(decision=1)),
    ("2017-9.1a", DAILY, lambda: credit_events.delete().where(_repaired)),
    ("2017-9.1a", DAILY, reversals.delete),
    ("2017-9.1a", DAILY, lambda: credit_events.update().where(~_repaired).values(kind="lesson")),
    (
        "2022-8.a",
        DRAFT,
        lambda: decisions.update().where(decisions.c.measure == "remove").values(automation="full"),
    ),
    ("2022-8.a", DRAFT, lambda: decisions.update().values(author="somebody")),
    (
        "2017-9.1b",
        DAILY,
        lambda: credit_events.update().where(~_repaired).values(points=-45),
    ),
    ("2017-9.1c", DAILY, lambda: decisions.update().values(seconded_by=None)),
    ("2017-9.1c", DAILY, lambda: notices.delete().where(notices.c.kind == _BAR)),
    ("2017-9.1c", DAILY, lambda: bars.update().values(review_at=bars.c.until)),
    ("2017-9.1c", DAILY, lambda: bars.update().values(until=NOON + timedelta(days=999))),
    ("2022-8.c", DRAFT, lambda: bars.update().values(since=_long_ago)),
    ("2017-9.1d", DAILY, lambda: verifications.update().values(recorded_at=LATER)),
    ("2017-8.b", DAILY, lambda: sanctions.update().values(starts_at=NOON + timedelta(days=15))),
    ("2022-7.c", DRAFT, lambda: leaves.update().values(body=_another_leaf())),
    ("2017-7.2a", DAILY, lambda: comments.update().where(_published).values(votes=90)),
    ("2017-7.2a", DAILY, lambda: tallies.update().values(published=90)),
    ("2017-7.2a", DAILY, accounts.delete),
    ("2017-7.2a", DAILY, votes.delete),
    ("2022f-2", DAILY, verifications.delete),
    ("2022-4.4a", DAILY, case_secrets.delete),
    ("2022-13.1a", DAILY, notices.delete),
]


def _another_text() -> bytes:
    text = write_agreement(get_regime("neutral"))
    return msgspec.json.encode(text)


def _another_leaf() -> bytes:
    return msgspec.json.encode(
        {"kind": "decision", "hour": NOON, "site": "draft", "record": "0f" * 32}
    )


@pytest.mark.parametrize(
    ("obligation", "site", "plant"),
    FAULTS,
    ids=[f"{obligation}-{number}" for number, (obligation, _, _) in enumerate(FAULTS)],
)
async def test_a_planted_fault_is_seen(
    db: Database, obligation: str, site: SiteId, plant: Plant
) -> None:
    def body(tx: sa.Connection) -> set[Outcome]:
        tx.execute(plant())
        return outcomes(tx, obligation, site)

    assert Outcome.VIOLATED in await db.act(body)


async def test_a_report_that_waited_too_long_is_seen(db: Database) -> None:
    """About something for which a measure was taken."""

    def body(tx: sa.Connection) -> Outcome:
        on = sa.select(sanctions.c.rests_on).where(sanctions.c.site_id == DAILY).limit(1)
        row = tx.execute(sa.select(decisions).where(decisions.c.id == tx.scalar(on))).one()
        ref = msgspec.json.decode(row.record)["target"]["ref"]
        tx.execute(cases.update().values(subject=ref, received_at=_long_ago))
        return found(tx, the_check("2017-8.b"), DAILY).outcome

    assert await db.act(body) is Outcome.VIOLATED


@pytest.mark.parametrize("obligation", ["2022-7.a", "2022-13.1a", "2017-7.1a"])
async def test_a_record_without_what_it_needs_is_seen(db: Database, obligation: str) -> None:
    def body(tx: sa.Connection) -> Outcome:
        row = tx.execute(sa.select(decisions).where(decisions.c.measure == "remove")).first()
        assert row is not None
        record = msgspec.json.decode(row.record)
        record["ground"] |= {"clause": "9.9", "message": ""}
        record["appeal_before"] = record["decided_at"]
        change = decisions.update().where(decisions.c.site_id == DAILY)
        tx.execute(change.values(record=msgspec.json.encode(record)))
        return found(tx, the_check(obligation), DAILY).outcome

    assert await db.act(body) is Outcome.VIOLATED
