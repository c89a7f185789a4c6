"""What is done when pages change: the cache lets go of them, and followers are told."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from gentie.actions.place import (
    DANMAKU_CHANGED,
    PAGE_CHANGED,
    SAMPLING_CHANGED,
    SITE_CHANGED,
    Change,
)
from gentie.jobs.hearing import Concerns, Hear, Hearing
from gentie.jobs.runner import Handler
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.pages.cache import PageCache
from gentie.pages.danmaku import danmaku_mark, segment_mark
from gentie.pages.lists import count_mark, key_mark, latest_mark
from gentie.pages.streams import Place, Streams
from gentie.pages.telling import Teller, Told
from gentie.pages.telling_lines import LineTeller
from gentie.pages.thread import thread_mark, whole_mark
from gentie.storage.hints import Hints
from gentie.storage.outbox import Message

About = Mapping[str, str]
Items = Sequence[str]


def page_handlers(cache: PageCache, teller: Teller) -> dict[str, Handler]:
    """Handlers by topic. Both belong to the loop that the handlers run in."""
    return by_message(keepers(cache, teller))


def by_message(heard: Mapping[str, Hear], hearing: Hearing | None = None) -> dict[str, Handler]:
    """The same by message. What this process has heard already is not done twice."""
    return {topic: partial(_carry_out, hear, hearing) for topic, hear in heard.items()}


async def _carry_out(hear: Hear, hearing: Hearing | None, message: Message) -> None:
    hint = message.body.get("hint", "")
    if hearing is None or not hearing.has_heard(hint):
        await hear(message.body, [message.body.get("item", "")])
    if hearing is not None:
        hearing.note(hint)


def keepers(cache: PageCache, teller: Teller) -> dict[str, Hear]:
    """Who lets go of pages and then tells those that follow here, by topic."""

    async def page_changed(about: About, comments: Items) -> None:
        told = [told_of(about, comment) for comment in comments]
        _let_go_of_page(cache, told[0], urgent=bool(about["urgent"]))
        for one in told:
            await teller.tell(one)

    async def site_changed(about: About, _: Items) -> None:
        site = SiteId(about["site"])
        cache.drop(f"site:{site}")
        teller.tell_site(site)

    async def danmaku_changed(about: About, items: Items) -> None:
        _let_go_of_lines(cache, about, _segments(items))
        await _tell_lines(teller.lines, about, [one.partition(" ")[0] for one in items])

    async def sampling_changed(about: About, _: Items) -> None:
        cache.touch(danmaku_mark(ThreadId(about["thread"])))

    return {
        PAGE_CHANGED: page_changed,
        SITE_CHANGED: site_changed,
        DANMAKU_CHANGED: danmaku_changed,
        SAMPLING_CHANGED: sampling_changed,
    }


def concerned(cache: PageCache, streams: Streams) -> Concerns:
    """A hot film that nobody here looks at must not keep the loop from those who look at others."""

    def concerns(those: Hints) -> bool:
        if those.topic != DANMAKU_CHANGED:
            return True
        about = those.about
        if streams.may_record(Place(SiteId(about["site"]), about["key"])):
            return True
        thread = ThreadId(about["thread"])
        segments = (segment_mark(thread, one) for one in _segments(those.items))
        return cache.may_hold((danmaku_mark(thread), *segments))

    return concerns


def _segments(items: Items) -> frozenset[str]:
    return frozenset(" ".join(one.partition(" ")[2] for one in items).split())


def told_of(about: About, comment: str) -> Told:
    """What a message on `PAGE_CHANGED` says."""
    return Told(
        place=Place(SiteId(about["site"]), about["key"]),
        thread=ThreadId(about["thread"]),
        change=Change(about["change"]),
        comment=CommentId(comment) if comment else None,
    )


def _let_go_of_page(cache: PageCache, told: Told, *, urgent: bool) -> None:
    let_go = cache.drop if urgent else cache.touch
    let_go(thread_mark(told.thread))
    if told.change is Change.WHOLE:
        let_go(whole_mark(told.thread))
    if told.change is not Change.COUNTED:
        let_go(count_mark(told.thread))
        let_go(key_mark(told.place.site, told.place.key))
        let_go(latest_mark(told.place.site))


def _let_go_of_lines(cache: PageCache, about: About, segments: Iterable[str]) -> None:
    let_go = cache.drop if about["urgent"] else cache.touch
    thread = ThreadId(about["thread"])
    let_go(danmaku_mark(thread))
    for number in segments:
        let_go(segment_mark(thread, number))


async def _tell_lines(teller: LineTeller, about: About, comments: Items) -> None:
    place, thread = Place(SiteId(about["site"]), about["key"]), ThreadId(about["thread"])
    if not all(comments):
        teller.read_again(place)
    refs = (CommentRef(thread, CommentId(one)) for one in comments if one)
    await teller.tell(place, refs, urgent=bool(about["urgent"]))
