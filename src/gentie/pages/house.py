"""How a site is run, in figures and rules that everybody may read."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Credit, Identity, Ladder, Regime, Text, Windows, get_regime
from gentie.decisions import queries as decisions
from gentie.kernel.ids import SiteId
from gentie.review import queries as review
from gentie.sites import queries as sites


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """Since midnight UTC."""

    submitted: int
    """What was decided today, and what waits now."""
    published: int
    refused: int
    removed: int
    overturned: int
    """Refusals and removals that were taken back."""
    waiting: int


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int
    wait: review.Wait | None
    """Of the last reviews of this month. None: too few to say anything."""
    most_seconds: int
    """What the regime's pack promises."""


class ClassRule(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    tier: str
    title: Text
    definition: Text
    clause: str
    legal_ref: str


class AgreementRule(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    policy: str
    in_force_from: datetime


class House(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a site as they stand."""

    site: str
    name: str
    lang: str
    regime: str
    policy: str
    title: Text
    source: str
    """Whether the text behind it is in force, historic, or never was."""
    identity: Identity
    classes: tuple[ClassRule, ...]
    windows: Windows
    ladder: Ladder | None
    """What may be done to an account, step by step. Null: nothing."""
    credit: Credit | None
    """How credit is worked out, and what it changes. Null: nobody is assessed."""
    agreement: AgreementRule | None
    review: Expectation
    single_moderator: bool
    """Only one person decides here: what is severe ends unless an outsider confirms."""


@fulfils("2022-7.a")
def load_house(tx: sa.Connection, site: SiteId, *, now: datetime) -> House:
    """Raises NoSuchSite."""
    found = sites.get_site(tx, site)
    regime = get_regime(found.regime)
    return House(
        site=found.id,
        name=found.name,
        lang=found.lang,
        regime=regime.id,
        policy=regime.policy,
        title=regime.title,
        source=regime.source,
        identity=regime.identity,
        classes=classes_of(regime),
        windows=regime.windows,
        ladder=regime.ladder,
        credit=regime.credit,
        agreement=_agreement(tx, regime, now=now),
        review=load_expectation(tx, site, now=now),
        single_moderator=is_single(tx),
    )


def load_expectation(tx: sa.Connection, site: SiteId, *, now: datetime) -> Expectation:
    """How long a comment waits for a person here. Raises NoSuchSite."""
    regime = get_regime(sites.get_site(tx, site).regime)
    return Expectation(
        waiting=review.load(tx, site).waiting,
        wait=review.find_wait(tx, site, since=now - timedelta(days=30)),
        most_seconds=regime.windows.review_seconds,
    )


def load_today(tx: sa.Connection, site: SiteId, *, now: datetime) -> Today:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    counts = decisions.counts_since(tx, site, midnight)
    waiting = review.load(tx, site).waiting
    published, refused = counts.get("publish", 0), counts.get("refuse", 0)
    return Today(
        submitted=published + refused + waiting,
        published=published,
        refused=refused,
        removed=counts.get("remove", 0),
        overturned=counts.get("restore", 0),
        waiting=waiting,
    )


def is_single(tx: sa.Connection) -> bool:
    """Whether nobody could check a moderator's decision."""
    return len(accounts.reviewers(tx)) <= 1


def classes_of(regime: Regime) -> tuple[ClassRule, ...]:
    return tuple(
        ClassRule(
            id=one.id,
            tier=one.tier.value,
            title=one.title,
            definition=one.definition,
            clause=one.clause,
            legal_ref=one.legal_ref,
        )
        for one in regime.classes
    )


def _agreement(tx: sa.Connection, regime: Regime, *, now: datetime) -> AgreementRule | None:
    versions = [
        one for one in accounts.agreement_versions(tx, regime.id) if one.in_force_from <= now
    ]
    if not versions:
        return None
    newest = versions[-1]
    return AgreementRule(
        number=newest.number, policy=newest.policy, in_force_from=newest.in_force_from
    )
