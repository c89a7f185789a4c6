"""What is done when pages change: the cache lets go of them, and followers are told."""

from collections.abc import Mapping
from functools import partial

from gentie.actions.place import (
    DANMAKU_CHANGED,
    PAGE_CHANGED,
    SAMPLING_CHANGED,
    SITE_CHANGED,
    Change,
)
from gentie.jobs.hearing import Hear, Hearing
from gentie.jobs.runner import Handler
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.pages.cache import PageCache
from gentie.pages.danmaku import danmaku_mark, segment_mark
from gentie.pages.lists import count_mark, key_mark, latest_mark
from gentie.pages.streams import Place
from gentie.pages.telling import Teller, Told
from gentie.pages.thread import thread_mark, whole_mark
from gentie.storage.outbox import Message


def page_handlers(cache: PageCache, teller: Teller) -> dict[str, Handler]:
    """Handlers by topic. Both belong to the loop that the handlers run in."""
    return by_message(keepers(cache, teller))


def by_message(heard: Mapping[str, Hear], hearing: Hearing | None = None) -> dict[str, Handler]:
    """The same by message. What this process has heard already is not done twice."""
    return {topic: partial(_carry_out, hear, hearing) for topic, hear in heard.items()}


async def _carry_out(hear: Hear, hearing: Hearing | None, message: Message) -> None:
    hint = message.body.get("hint", "")
    if hearing is None or not hearing.has_heard(hint):
        await hear(message.body)
    if hearing is not None:
        hearing.note(hint)


def keepers(cache: PageCache, teller: Teller) -> dict[str, Hear]:
    """Who lets go of pages and tells those that follow here, by topic."""
    told_here = hearers(teller)

    async def page_changed(body: Mapping[str, str]) -> None:
        told = told_of(body)
        let_go = cache.drop if body["urgent"] else cache.touch
        let_go(thread_mark(told.thread))
        if told.change is Change.WHOLE:
            let_go(whole_mark(told.thread))
        if told.change is not Change.COUNTED:
            let_go(count_mark(told.thread))
            let_go(key_mark(told.place.site, told.place.key))
            let_go(latest_mark(told.place.site))
        await told_here[PAGE_CHANGED](body)

    async def site_changed(body: Mapping[str, str]) -> None:
        cache.drop(f"site:{body['site']}")
        await told_here[SITE_CHANGED](body)

    async def danmaku_changed(body: Mapping[str, str]) -> None:
        let_go = cache.drop if body["urgent"] else cache.touch
        thread = ThreadId(body["thread"])
        let_go(danmaku_mark(thread))
        for number in body["segments"].split():
            let_go(segment_mark(thread, number))
        await told_here[DANMAKU_CHANGED](body)

    async def sampling_changed(body: Mapping[str, str]) -> None:
        cache.touch(danmaku_mark(ThreadId(body["thread"])))

    return {
        PAGE_CHANGED: page_changed,
        SITE_CHANGED: site_changed,
        DANMAKU_CHANGED: danmaku_changed,
        SAMPLING_CHANGED: sampling_changed,
    }


def hearers(teller: Teller) -> dict[str, Hear]:
    """Who tells those that follow here, by topic. The same wherever the change was made."""

    async def page_changed(body: Mapping[str, str]) -> None:
        await teller.tell(told_of(body))

    async def site_changed(body: Mapping[str, str]) -> None:
        teller.tell_site(SiteId(body["site"]))

    async def danmaku_changed(body: Mapping[str, str]) -> None:
        place = Place(SiteId(body["site"]), body["key"])
        if not body["comment"]:
            teller.lines.read_again(place)
            return
        ref = CommentRef(ThreadId(body["thread"]), CommentId(body["comment"]))
        await teller.lines.tell(place, ref, urgent=bool(body["urgent"]))

    return {
        PAGE_CHANGED: page_changed,
        SITE_CHANGED: site_changed,
        DANMAKU_CHANGED: danmaku_changed,
    }


def told_of(body: Mapping[str, str]) -> Told:
    """What a message on `PAGE_CHANGED` says."""
    return Told(
        place=Place(SiteId(body["site"]), body["key"]),
        thread=ThreadId(body["thread"]),
        change=Change(body["change"]),
        comment=CommentId(body["comment"]) if body["comment"] else None,
    )
