import asyncio
from collections.abc import Callable

import pytest

from gentie.kernel.ids import NoSuchComment
from gentie.pages.cache import BIG, FRESH, PageCache
from gentie.pages.ready import Ready
from tests.pages.build import Pages, Seconds


def text_of(ready: Ready | None) -> str:
    assert ready is not None
    return str(ready.answers[""].body["body"].decode())


async def test_builds_once_and_remembers() -> None:
    pages = Pages(a="one")
    cache = PageCache(pages)

    assert cache.find("a") is None
    assert [text_of(await cache.get("a")) for _ in range(3)] == ["one"] * 3
    assert pages.rendered == 1


async def test_all_who_ask_at_once_share_one_build() -> None:
    pages = Pages(a="one")
    cache = PageCache(pages)

    answers = await asyncio.gather(*(cache.get("a") for _ in range(50)))

    assert {text_of(a) for a in answers} == {"one"}
    assert pages.rendered == 1


async def test_whoever_gives_up_does_not_end_the_build_for_others() -> None:
    pages = Pages(a="one")
    pages.free.clear()
    cache = PageCache(pages)
    impatient, patient = (asyncio.create_task(cache.get("a")) for _ in range(2))
    await asyncio.sleep(0)

    impatient.cancel()
    pages.free.set()

    assert text_of(await patient) == "one"


async def test_a_refusal_is_not_remembered() -> None:
    pages = Pages()
    cache = PageCache(pages)

    for _ in range(2):
        with pytest.raises(NoSuchComment):
            await cache.get("a")
    pages.texts["a"] = "now there"

    assert text_of(await cache.get("a")) == "now there"


async def test_what_was_dropped_is_gone_at_once() -> None:
    pages = Pages(a="one", b="two")
    cache = PageCache(pages)
    await cache.get("a")
    await cache.get("b")

    pages.texts["a"] = "removed"
    cache.drop("a")

    assert cache.find("a") is None
    assert cache.find("b") is not None
    assert text_of(await cache.get("a")) == "removed"
    cache.drop("all")
    assert cache.size == 0
    await cache.get("b")
    cache.drop_all()
    assert (cache.size, cache.find("b")) == (0, None)


@pytest.mark.parametrize("drop", [lambda cache: cache.drop("a"), lambda cache: cache.drop_all()])
async def test_a_removal_during_a_build_is_not_outrun(drop: Callable[[PageCache], None]) -> None:
    pages = Pages(a="with the removed one")
    pages.free.clear()
    cache = PageCache(pages)
    asking = asyncio.create_task(cache.get("a"))
    while not pages.rendered:
        await asyncio.sleep(0)

    pages.texts["a"] = "without"
    drop(cache)
    pages.free.set()

    assert text_of(await asking) == "without"
    assert text_of(cache.find("a")) == "without"


async def test_what_was_touched_is_shown_a_second_at_most() -> None:
    pages, seconds = Pages(a="1 vote"), Seconds()
    cache = PageCache(pages, seconds=seconds)
    await cache.get("a")

    pages.texts["a"] = "9 votes"
    for _ in range(10):
        cache.touch("a")
        assert text_of(await cache.get("a")) == "1 vote"
        seconds.now += FRESH / 10
    assert text_of(await cache.get("a")) == "9 votes"
    assert pages.rendered == 2


async def test_a_touch_during_a_build_is_not_lost() -> None:
    pages, seconds = Pages(a="1 vote"), Seconds()
    pages.free.clear()
    cache = PageCache(pages, seconds=seconds)
    asking = asyncio.create_task(cache.get("a"))
    while not pages.rendered:
        await asyncio.sleep(0)

    pages.texts["a"] = "2 votes"
    cache.touch("a")
    pages.free.set()
    await asking
    seconds.now += FRESH

    assert text_of(await cache.get("a")) == "2 votes"


async def test_says_which_pages_may_be_here() -> None:
    pages = Pages(a="one", b="two")
    cache = PageCache(pages)
    await cache.get("a")
    assert cache.may_hold(["c", "a"])
    assert not cache.may_hold(["c"])

    pages.free.clear()
    asking = asyncio.create_task(cache.get("b"))
    while pages.rendered < 2:
        await asyncio.sleep(0)
    assert cache.may_hold(["c"]), "what it will be about is not known"

    pages.free.set()
    await asking
    cache.drop("a")
    assert [cache.may_hold([mark]) for mark in "abc"] == [False, True, False]


async def test_memory_is_bounded_and_the_unasked_go_first() -> None:
    pages = Pages(**{f"p{n}": f"{n}" * 100 for n in range(9)})
    one = await PageCache(pages).get("p0")
    cache = PageCache(pages, most=3 * one.size)

    for n in range(3):
        await cache.get(f"p{n}")
    cache.find("p0")
    await cache.get("p3")

    assert [n for n in range(4) if cache.find(f"p{n}")] == [0, 2, 3]
    assert cache.size == 3 * one.size


async def test_what_anybody_can_name_is_not_kept() -> None:
    pages = Pages(a="empty")
    pages.keep = False
    cache = PageCache(pages)

    await cache.get("a")

    assert cache.size == 0


async def test_big_pages_are_made_ready_beside_the_loop() -> None:
    cache = PageCache(Pages(a="word " * BIG))

    ready = await cache.get("a")

    assert len(ready.answers["br"].body["body"]) < len(ready.answers[""].body["body"])
