"""The account centre: what one consented to, asked for and filed, and what is kept for whom."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.consenting import Wording, wordings
from gentie.accounts.model import CONSENT_VERSION, Consent, Purpose
from gentie.cases import queries as cases
from gentie.cases.model import Case
from gentie.catalogue.regimes import Text
from gentie.kernel.actor import Actor
from gentie.pages.privacy import News, find_news
from gentie.privacy import queries as privacy
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks import queries as leaks
from gentie.privacy.leaks.model import ToldOf
from gentie.privacy.model import Closure, Hold, RightsRequest
from gentie.privacy.rules import is_told


class OwnConsent(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose: what is asked now, what was said last."""

    purpose: Purpose
    wording: Wording
    """As it is asked now."""
    said: Consent | None
    """None: never asked, or never answered."""
    then: Wording | None
    """The older wording that was agreed to. None: it is the present one, or none was."""

    @property
    def stands(self) -> bool:
        """Given, not taken back, and to the present wording."""
        version = CONSENT_VERSION[self.purpose]
        return self.said is not None and self.said.given and self.said.version == version


class Leaked(msgspec.Struct, frozen=True, kw_only=True):
    told: ToldOf
    what: tuple[Text, ...]
    """Which data it was."""


class PrivacyCentre(msgspec.Struct, frozen=True, kw_only=True):
    consents: tuple[OwnConsent, ...]
    news: News | None
    requests: tuple[RightsRequest, ...]
    holds: tuple[Hold, ...]
    """That stand, and of which the person may be told."""
    closure: Closure | None
    leaks: tuple[Leaked, ...]
    """Of data of theirs, newest first."""


def load_privacy(tx: sa.Connection, *, acting: Actor, now: datetime) -> PrivacyCentre:
    """Raises MayNot."""
    account = acting.account
    said = accounts.consents_of(tx, account)
    return PrivacyCentre(
        consents=tuple(_own(purpose, said.get(purpose)) for purpose in Purpose),
        news=find_news(tx, account),
        requests=tuple(privacy.requests_of(tx, account)),
        holds=tuple(
            one
            for one in privacy.holds_of(tx, account)
            if one.stands(now=now) and is_told(one, now=now)
        ),
        closure=privacy.find_closure(tx, account),
        leaks=tuple(_leaked(one) for one in leaks.told_of(tx, account)),
    )


def load_filed(tx: sa.Connection, *, acting: Actor) -> list[Case]:
    """My reports and appeals, newest first. Raises MayNot."""
    return cases.filed_by(tx, acting.account)


def _leaked(told: ToldOf) -> Leaked:
    records = load_inventory().records
    kinds = (
        next((each.what for each in records if each.table == one), None) for one in told.leak.data
    )
    return Leaked(told=told, what=tuple(one for one in kinds if one is not None))


def _own(purpose: Purpose, said: Consent | None) -> OwnConsent:
    versions = wordings()[purpose]
    older = said is not None and said.given and said.version < versions[-1].version
    return OwnConsent(
        purpose=purpose,
        wording=versions[-1],
        said=said,
        then=next((one for one in versions if said and one.version == said.version), None)
        if older
        else None,
    )
