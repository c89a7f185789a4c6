"""Begin to send a picture, audio or video."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.rules import require_agreement, require_good_standing, require_identity
from gentie.actions.guarding import pass_guardian
from gentie.actions.standing import pass_standing_on
from gentie.assessments.queries import require_online
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import SiteId
from gentie.media import queries, store
from gentie.media.model import FEATURE, Attachment, Facts, State
from gentie.media.rules import require_alt, require_quota, require_size
from gentie.sites import queries as sites
from gentie.sites.rules import require_writable
from gentie.standing.model import Capability


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to send."""

    site: SiteId
    size: int
    """How many bytes there will be; fewer are known at the end."""
    alt: str = ""


@fulfils("2017-2.2a", "2017-2.2b", "2022-2.2")
def begin_upload(
    tx: sa.Connection, offered: Offered, *, largest: int, acting: Actor, now: datetime
) -> Attachment:
    """Take an upload on, after the gates that a contribution has to pass as well.

    `largest` is what this service takes at most, in bytes.

    Raises:
        MayNot, NoSuchSite, ReadOnly, FeatureOffline, AccountClosed, AccountRestricted,
        IdentityRequired, IdentityExpired, IdentityRevoked, GuardianRequired, AgreementRequired,
        MeasureInForce, Barred, CreditTooLow, QuotaUsed, UploadEmpty, UploadTooLarge, AltTooLong:
            nothing was changed.
    """
    acting.require("comment:submit", site=offered.site)
    require_size(offered.size, largest=largest)
    require_alt(offered.alt, "")
    regime = get_regime(sites.get_site(tx, offered.site).regime)
    require_writable(tuple(sites.switches_of(tx, offered.site, None, now=now)), now=now)
    require_online(tx, offered.site, FEATURE, now=now)
    _pass_person(tx, offered, regime, acting=acting, now=now)
    attachment = _attachment(offered, acting=acting, now=now)
    store.add(tx, attachment)
    return attachment


def _pass_person(
    tx: sa.Connection, offered: Offered, regime: Regime, *, acting: Actor, now: datetime
) -> None:
    poster = accounts.get_poster(tx, acting.account)
    require_good_standing(poster)
    require_identity(poster, regime.identity, now=now)
    pass_guardian(tx, poster)
    grace = timedelta(days=regime.windows.agreement_grace_days)
    require_agreement(poster, accounts.head_in_force(tx, regime.id, now), grace=grace, now=now)
    needs = (Capability.POST, Capability.MEDIA)
    tier = pass_standing_on(tx, offered.site, regime, poster, needs=needs, now=now).tier
    used = queries.used_by(tx, poster.account, now=now)
    most = tier.media_per_day if tier else 0
    require_quota(used, regime.media, offered.size, tier=most)


def _attachment(offered: Offered, *, acting: Actor, now: datetime) -> Attachment:
    return Attachment(
        id=new_secret(),
        site=offered.site,
        account=acting.account,
        state=State.RECEIVING,
        kind=None,
        size=offered.size,
        sha256="",
        alt=offered.alt,
        transcript="",
        text="",
        facts=Facts(),
        variants=(),
        verdict=b"",
        reason="",
        tries=0,
        comment=None,
        created_at=now,
    )
