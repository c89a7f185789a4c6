"""What a person reads before a page of another site learns who they are."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import AgreementRequired, PosterFacts
from gentie.accounts.rules import require_agreement, require_identity
from gentie.actions.guarding import pass_guardian
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.sites import queries as sites
from gentie.visits import queries as visits
from gentie.visits.model import Way
from gentie.visits.rules import require_door


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is missing before one may write there."""

    code: str
    path: str
    """The page that helps."""


class Connecting(msgspec.Struct, frozen=True, kw_only=True):
    site: str
    """Its name."""
    name: str
    """The person's pseudonym."""
    missing: tuple[Step, ...]
    quiet: bool
    """The person has taken part there before and need not be asked."""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """A site that a person takes part on."""

    id: SiteId
    name: str
    since: datetime


def check_way(tx: sa.Connection, way: Way, *, service: str) -> None:
    """Raises NoSuchSite, NotForThisPage: before anybody is asked for a password."""
    require_door(way, listed=sites.get_site(tx, way.site).origins, service=service)


def load_connecting(
    tx: sa.Connection, way: Way, *, service: str, acting: Actor, now: datetime
) -> Connecting:
    """Raises NoSuchSite, NotForThisPage, NoAgreement, MayNot."""
    check_way(tx, way, service=service)
    site = sites.get_site(tx, way.site)
    poster = accounts.get_poster(tx, acting.account)
    known = {one.site: one for one in visits.connections_of(tx, acting.account)}
    return Connecting(
        site=site.name,
        name=poster.name,
        missing=_missing(tx, poster, get_regime(site.regime), now=now),
        quiet=way.site in known and not known[way.site].asks,
    )


def load_joined(tx: sa.Connection, *, acting: Actor) -> tuple[Joined, ...]:
    """The sites that a person takes part on. Raises MayNot."""
    found = visits.connections_of(tx, acting.account)
    names = {one.id: one.name for one in sites.all_sites(tx)}
    return tuple(
        Joined(id=one.site, name=names.get(one.site, one.site), since=one.since) for one in found
    )


def _missing(
    tx: sa.Connection, poster: PosterFacts, regime: Regime, *, now: datetime
) -> tuple[Step, ...]:
    """In the order in which it makes sense: what is agreed to says what identity is for."""
    found = []
    grace = timedelta(days=regime.windows.agreement_grace_days)
    try:
        head = accounts.head_in_force(tx, regime.id, now)
        require_agreement(poster, head, grace=grace, now=now)
    except AgreementRequired as no:
        found.append(_step(no))
    try:
        require_identity(poster, regime.identity, now=now)
        pass_guardian(tx, poster)
    except Refusal as no:
        found.append(_step(no))
    return tuple(found)


def _step(no: Refusal) -> Step:
    return Step(code=no.code, path=str(no.facts.get("path", "")))
