"""What is done when pages change: the cache lets go of them, and followers are told."""

from collections.abc import Mapping

from gentie.actions.place import PAGE_CHANGED, SITE_CHANGED, Change
from gentie.jobs.runner import Handler
from gentie.kernel.ids import CommentId, SiteId, ThreadId
from gentie.pages.cache import PageCache
from gentie.pages.lists import count_mark, key_mark, latest_mark
from gentie.pages.streams import Place
from gentie.pages.telling import Teller, Told
from gentie.pages.thread import thread_mark
from gentie.storage.outbox import Message


def page_handlers(cache: PageCache, teller: Teller) -> dict[str, Handler]:
    """Handlers by topic. Both belong to the loop that the handlers run in."""

    async def page_changed(message: Message) -> None:
        told = told_of(message.body)
        let_go = cache.drop if message.body["urgent"] else cache.touch
        let_go(thread_mark(told.thread))
        if told.change is not Change.COUNTED:
            let_go(count_mark(told.thread))
            let_go(key_mark(told.place.site, told.place.key))
            let_go(latest_mark(told.place.site))
        await teller.tell(told)

    async def site_changed(message: Message) -> None:
        site = SiteId(message.body["site"])
        cache.drop(f"site:{site}")
        teller.tell_site(site)

    return {PAGE_CHANGED: page_changed, SITE_CHANGED: site_changed}


def told_of(body: Mapping[str, str]) -> Told:
    """What a message on `PAGE_CHANGED` says."""
    return Told(
        place=Place(SiteId(body["site"]), body["key"]),
        thread=ThreadId(body["thread"]),
        change=Change(body["change"]),
        comment=CommentId(body["comment"]) if body["comment"] else None,
    )
