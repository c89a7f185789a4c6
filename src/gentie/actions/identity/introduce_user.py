"""Take a site's word for which of its users is asking. It opens nothing."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries as sites
from gentie.sites.rules import serves_origin
from gentie.visits.model import Introduction, NotForThisPage
from gentie.visits.users import store as users


@fulfils("2017-5.1b", "2017-5.2b")
def introduce_user(
    tx: sa.Connection,
    introduction: Introduction,
    *,
    handle: str,
    jti: str,
    acting: Actor,
    now: datetime,
) -> None:
    """Keep it for the window that this page opens next. Each token counts once.

    Raises:
        MayNot, NoSuchSite, NotForThisPage, SiteTokenInvalid: nothing was kept.
    """
    acting.require("visit:open")
    site: SiteId = introduction.site
    if not serves_origin(sites.get_site(tx, site), introduction.origin):
        raise NotForThisPage
    users.introduce(tx, introduction, handle=handle, jti=jti)
