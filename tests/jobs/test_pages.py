"""Which changes elsewhere a process for pages has to hear of."""

import pytest

from gentie.actions.place import DANMAKU_CHANGED, PAGE_CHANGED
from gentie.jobs.pages import concerned
from gentie.kernel.ids import SiteId, ThreadId
from gentie.pages.cache import PageCache
from gentie.pages.danmaku import danmaku_mark, segment_mark
from gentie.pages.streams import Place, Streams
from gentie.storage.hints import Hints
from tests.pages.build import Pages

THREAD = ThreadId("7")
FILM = Place(SiteId("daily"), "film")
ABOUT = {"site": FILM.site, "key": FILM.key, "thread": THREAD, "urgent": ""}


def some_lines(*items: str, topic: str = DANMAKU_CHANGED) -> Hints:
    return Hints(topic=topic, about=ABOUT, ids=list(range(len(items))), items=list(items))


async def concerns(those: Hints, *, mark: str, streams: Streams | None = None) -> bool:
    """To a process that has a page about `mark`, and nothing else."""
    cache = PageCache(Pages(**{mark: "a page"}))
    await cache.get(mark)
    return concerned(cache, streams or Streams())(those)


async def test_lines_over_a_film_that_nobody_looks_at_concern_nobody() -> None:
    assert not await concerns(some_lines("1 0 1", "2 3", ""), mark=danmaku_mark(ThreadId("8")))


@pytest.mark.parametrize("mark", [danmaku_mark(THREAD), segment_mark(THREAD, "3")])
async def test_lines_concern_whoever_has_a_page_that_they_are_in(mark: str) -> None:
    assert await concerns(some_lines("1 0 1", "2 3"), mark=mark)
    assert await concerns(some_lines("", "2 3"), mark=mark)


async def test_lines_do_not_concern_who_has_another_part_of_the_film_only() -> None:
    assert not await concerns(some_lines("3 0 1", "3 2"), mark=segment_mark(THREAD, "3"))


async def test_lines_concern_whoever_follows_the_film() -> None:
    streams = Streams()
    with streams.following(FILM, address="here"):
        assert await concerns(some_lines("1 0"), mark="other", streams=streams)


async def test_everything_else_concerns_everybody() -> None:
    assert await concerns(some_lines("1", topic=PAGE_CHANGED), mark="other")
