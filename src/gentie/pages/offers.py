"""Which files somebody may add to what they write on a site, and why not."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import PosterFacts
from gentie.actions.standing import pass_standing_on
from gentie.assessments.queries import is_online
from gentie.catalogue.regimes import MEDIA_PARTS, get_regime
from gentie.comments.model import Form
from gentie.comments.parts import Part
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.media.links import Way, query_of
from gentie.media.model import FEATURE
from gentie.sites import queries as sites
from gentie.standing.model import Capability

_parts = msgspec.json.Decoder(tuple[Part, ...])


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What the composer offers. The gates ask everything again when a file comes."""

    kinds: tuple[str, ...]
    """picture, audio, video. Empty: none, and `why` says why."""
    each: int
    """How many a comment may hold."""
    largest: int
    """Bytes of one file."""
    why: str
    """Code of what stands in the way, for example `credit-too-low`. Empty: nothing does."""


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """How this service keeps files."""

    largest: int
    """Bytes of one file."""
    key: bytes
    """Signs addresses of what is not public."""


def find_offer(
    tx: sa.Connection, site: SiteId, poster: PosterFacts, keeping: Keeping | None, *, now: datetime
) -> Offer | None:
    """None: nobody may add files there. `keeping` None: the service keeps none at all.

    Raises:
        NoSuchSite
    """
    regime = get_regime(sites.get_site(tx, site).regime)
    offered = regime.parts_of(Form.POST.value)
    kinds = tuple(one for one in MEDIA_PARTS if one in offered)
    if keeping is None or not kinds or not is_online(tx, site, FEATURE, now=now):
        return None
    try:
        pass_standing_on(tx, site, regime, poster, needs=(Capability.MEDIA,), now=now)
    except Refusal as refused:
        return Offer(kinds=(), each=0, largest=0, why=refused.code)
    return Offer(kinds=kinds, each=regime.media.each, largest=keeping.largest, why="")


def parts_in(stored: bytes) -> tuple[Part, ...]:
    """Files as they were rendered into a revision."""
    return _parts.decode(stored) if stored else ()


def signed(parts: tuple[Part, ...], keeping: Keeping, *, now: datetime) -> tuple[Part, ...]:
    """With addresses for their owner, while they are not public."""
    return tuple(_signed(one, keeping.key, now) for one in parts)


def _signed(part: Part, key: bytes, now: datetime) -> Part:
    files = tuple(
        msgspec.structs.replace(
            one, url=f"{one.url}?{query_of(key, part.id, one.name, Way.OWN, now=now)}"
        )
        for one in part.files
    )
    return msgspec.structs.replace(part, files=files)
