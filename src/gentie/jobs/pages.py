"""What is done when pages change: the cache lets go of them, and followers are told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from gentie.pages.telling_lines import LineTeller
from gentie.pages.thread import thread_mark, whole_mark
from gentie.storage.outbox import Message

Bodies = Sequence[Mapping[str, str]]


def page_handlers(cache: PageCache, teller: Teller) -> dict[str, Handler]:
    """Handlers by topic. Both belong to the loop that the handlers run in."""
    return by_message(keepers(cache, teller))


def by_message(heard: Mapping[str, Hear], hearing: Hearing | None = None) -> dict[str, Handler]:
    """The same by message. What this process has heard already is not done twice."""
    return {topic: partial(_carry_out, hear, hearing) for topic, hear in heard.items()}


async def _carry_out(hear: Hear, hearing: Hearing | None, message: Message) -> None:
    hint = message.body.get("hint", "")
    if hearing is None or not hearing.has_heard(hint):
        await hear([message.body])
    if hearing is not None:
        hearing.note(hint)


def keepers(cache: PageCache, teller: Teller) -> dict[str, Hear]:
    """Who lets go of pages and then tells those that follow here, by topic."""

    async def page_changed(bodies: Bodies) -> None:
        for told, urgent in ((told_of(body), bool(body["urgent"])) for body in bodies):
            _let_go_of_page(cache, told, urgent=urgent)
            await teller.tell(told)

    async def site_changed(bodies: Bodies) -> None:
        for site in {SiteId(body["site"]) for body in bodies}:
            cache.drop(f"site:{site}")
            teller.tell_site(site)

    async def danmaku_changed(bodies: Bodies) -> None:
        for some in _alike(bodies):
            _let_go_of_lines(cache, some)
            await _tell_lines(teller.lines, some)

    async def sampling_changed(bodies: Bodies) -> None:
        for thread in {ThreadId(body["thread"]) for body in bodies}:
            cache.touch(danmaku_mark(thread))

    return {
        PAGE_CHANGED: page_changed,
        SITE_CHANGED: site_changed,
        DANMAKU_CHANGED: danmaku_changed,
        SAMPLING_CHANGED: sampling_changed,
    }


def told_of(body: Mapping[str, str]) -> Told:
    """What a message on `PAGE_CHANGED` says."""
    return Told(
        place=Place(SiteId(body["site"]), body["key"]),
        thread=ThreadId(body["thread"]),
        change=Change(body["change"]),
        comment=CommentId(body["comment"]) if body["comment"] else None,
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


def _alike(bodies: Bodies) -> Iterable[Bodies]:
    """Those about one video, of one urgency: a hot one sends a hundred in a tenth of a second."""
    found = defaultdict[tuple[str, str], list[Mapping[str, str]]](list)
    for body in bodies:
        found[body["thread"], body["urgent"]].append(body)
    return found.values()


def _let_go_of_lines(cache: PageCache, bodies: Bodies) -> None:
    """Of one video and urgency."""
    let_go = cache.drop if bodies[0]["urgent"] else cache.touch
    thread = ThreadId(bodies[0]["thread"])
    let_go(danmaku_mark(thread))
    for number in {one for body in bodies for one in body["segments"].split()}:
        let_go(segment_mark(thread, number))


async def _tell_lines(teller: LineTeller, bodies: Bodies) -> None:
    """Of one video and urgency."""
    first = bodies[0]
    place, thread = Place(SiteId(first["site"]), first["key"]), ThreadId(first["thread"])
    if not all(body["comment"] for body in bodies):
        teller.read_again(place)
    ids = (CommentId(body["comment"]) for body in bodies if body["comment"])
    refs = (CommentRef(thread, one) for one in ids)
    await teller.tell(place, refs, urgent=bool(first["urgent"]))
