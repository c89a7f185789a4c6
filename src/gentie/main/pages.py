"""Public pages put together: who renders them, lets go of them, hears of changes elsewhere."""

from collections.abc import Mapping

from gentie.jobs.hearing import Hear, Hearing
from gentie.jobs.pages import concerned, keepers
from gentie.kernel.clock import Clock
from gentie.pages.danmaku_pages import DanmakuPages
from gentie.pages.feeds import FeedPages
from gentie.pages.lists import CountPages, RecentPages
from gentie.pages.model import PageSource
from gentie.pages.telling import Teller
from gentie.pages.thread import BranchPages, ThreadPages
from gentie.storage.db import Database
from gentie.web.app import Application
from gentie.web.public.danmaku_html import TranscriptPages
from gentie.web.public.thread_html import ThreadHtml


def public_pages(db: Database, *, clock: Clock, base_url: str) -> tuple[PageSource, ...]:
    """Who renders what everybody may read."""
    threads = (
        ThreadPages(db, clock=clock),
        BranchPages(db, clock=clock),
        ThreadHtml(db, clock=clock, base_url=base_url),
    )
    lists = (CountPages(db), RecentPages(db), FeedPages(db, base_url=base_url))
    return (*threads, *lists, DanmakuPages(db, clock=clock), TranscriptPages(db, base_url=base_url))


def kept_by(app: Application) -> dict[str, Hear]:
    """Who lets go of the application's pages and tells its followers, by topic."""
    services = app.services
    return keepers(app.cache, Teller(services.db, app.streams, clock=services.clock))


def hearing_for(app: Application, kept: Mapping[str, Hear], *, holder: str) -> Hearing:
    """What others who serve the same database change is let go of here, too."""

    def lost() -> None:
        app.cache.drop_all()
        app.streams.read_all_again()

    services = app.services
    return Hearing(
        services.db,
        kept,
        concerns=concerned(app.cache, app.streams),
        lost=lost,
        holder=holder,
        clock=services.clock,
    )
