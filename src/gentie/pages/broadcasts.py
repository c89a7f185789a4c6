"""Which part of the lines over each video went to those who follow, and how long lines may wait."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.danmaku import queries
from gentie.danmaku.model import StreamKind
from gentie.danmaku.queries import Sampled
from gentie.kernel.ids import SiteId, ThreadId
from gentie.pages.danmaku import transcript_path
from gentie.sites import queries as sites

MOST = 50
"""Videos, the latest first."""


class Broadcast(msgspec.Struct, frozen=True, kw_only=True):
    """A video over which lines were left out while it was followed, or a live broadcast."""

    site: SiteId
    key: str
    title: str
    delay_ms: int | None
    """How long a live broadcast is held back, so that lines can be reviewed. null: recorded."""
    one_in: int
    """About one in so many lines is sent now. 1: all."""
    fewest: int
    """About one in so many was sent when there were most. 1: always all."""
    changes: int
    """How often that changed."""
    since: datetime | None
    """When it changed last. null: never."""
    text: str
    """Path of the text version: every line, and each change."""


@fulfils("2017-7.1a")
def load_broadcasts(tx: sa.Connection) -> tuple[Broadcast, ...]:
    """What is kept of sampling and delays, for everybody to read."""
    sampled = queries.sampled_lately(tx, most=MOST)
    live = queries.live_lately(tx, most=MOST)
    return tuple(_broadcast(tx, one, sampled.get(one)) for one in dict.fromkeys([*sampled, *live]))


def _broadcast(tx: sa.Connection, thread: ThreadId, sampled: Sampled | None) -> Broadcast:
    found, stream = sites.get_thread(tx, thread), queries.find_stream(tx, thread)
    now = queries.last_rate(tx, thread)
    is_live = stream is not None and stream.kind is StreamKind.LIVE
    return Broadcast(
        site=found.site,
        key=found.key,
        title=found.title,
        delay_ms=int(stream.delay.total_seconds() * 1000) if stream and is_live else None,
        one_in=1 if now is None else now.one_in,
        fewest=1 if sampled is None else sampled.fewest,
        changes=0 if sampled is None else sampled.changes,
        since=None if now is None else now.since,
        text=transcript_path(found.site, found.key),
    )
