"""What followers are told of: how things stand now, and nothing that is not public."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.place import PAGE_CHANGED
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.jobs.pages import told_of
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.pages import telling
from gentie.pages.streams import LARGEST, Follower, Place, Streams
from gentie.pages.telling import Teller, Told
from gentie.screening.model import Outcome
from gentie.storage import outbox
from gentie.storage.db import Database
from tests.newsroom import (
    ANN,
    BEN,
    NOON,
    NOTEBOOK,
    a_draft,
    a_person,
    a_site,
    found,
    post,
    ref_of,
    staff,
)

BLOG = Place(NOTEBOOK, "blog")
Event = tuple[str, Any]


class Scene:
    """A blog that somebody follows, and people who write there."""

    def __init__(self, tx: sa.Connection) -> None:
        a_site(tx, NOTEBOOK, regime="neutral")
        self.river, self.reed = a_person(tx), a_person(tx, "Reed")
        self.ann = staff(tx, ANN, BEN)[0]
        self.first = post(tx, self.river, text="First")
        self.ref = ref_of(self.first)


class Ears:
    def __init__(self, db: Database, teller: Teller, reader: Follower) -> None:
        self._db, self._teller, self._reader = db, teller, reader

    async def hear(self) -> list[Event]:
        """Carry out what waits, and return what the reader is told."""
        for told in await waiting(self._db):
            await self._teller.tell(told)
        return events(self._reader.take())


@pytest.fixture
async def scene(db: Database) -> Scene:
    made = await db.act(Scene)
    await waiting(db)
    return made


@pytest.fixture
def streams() -> Streams:
    return Streams()


@pytest.fixture
def teller(db: Database, streams: Streams) -> Teller:
    return Teller(db, streams, clock=lambda: NOON)


@pytest.fixture
def ears(db: Database, streams: Streams, teller: Teller) -> Iterator[Ears]:
    with streams.following(BLOG, address="here") as reader:
        yield Ears(db, teller, reader)


async def waiting(db: Database) -> list[Told]:
    taken = await db.act(partial(outbox.take, now=NOON))
    await db.act(partial(outbox.done, handled=taken))
    return [told_of(one.body, one.body["item"]) for one in taken if one.topic == PAGE_CHANGED]


def events(frames: bytes) -> list[Event]:
    blocks = [block.split("\n") for block in frames.decode().split("\n\n") if block]
    return [
        (block[1].removeprefix("event: "), msgspec.json.decode(block[2].removeprefix("data: ")))
        for block in blocks
    ]


def removing(ref: CommentRef, acting: Actor) -> Callable[[sa.Connection], object]:
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    return partial(remove_comment, ref=ref, removal=removal, acting=acting, now=NOON)


async def test_a_new_comment_comes_whole(db: Database, scene: Scene, ears: Ears) -> None:
    made = await db.act(partial(post, by=scene.reed, text="*Second*", to=scene.first))

    ((name, data),) = await ears.hear()

    assert (name, data["count"], data["root"]) == ("new", 2, scene.first.id)
    comment = data["comment"]
    assert (comment["id"], comment["parent"]) == (made.id, scene.first.id)
    assert comment["html"] == "<p><em>Second</em></p>"
    assert comment["author"] == {"name": "Reed", "avatar": "", "badges": []}
    assert scene.reed.id not in str(data)


@pytest.mark.clause("2017-5.5d")
async def test_a_removal_brings_the_tombstone_and_no_text(
    db: Database, scene: Scene, ears: Ears
) -> None:
    await db.act(removing(scene.ref, scene.ann))

    ((name, data),) = await ears.hear()

    assert (name, data["count"], data["id"]) == ("removed", 0, scene.first.id)
    assert data["comment"]["tombstone"]["by"] == "moderator"
    assert "First" not in str(data)


async def test_a_late_message_about_what_was_removed_tells_of_the_removal(
    db: Database, scene: Scene, ears: Ears, teller: Teller
) -> None:
    await db.act(partial(post, by=scene.reed, text="Gone soon"))
    (new,) = await waiting(db)
    assert new.comment is not None
    await db.act(removing(CommentRef(new.thread, new.comment), scene.ann))
    (removed,) = await waiting(db)

    await teller.tell(removed)
    await teller.tell(new)

    heard = await ears.hear()
    assert [name for name, _ in heard] == ["removed"]
    assert "Gone soon" not in str(heard)


async def test_what_is_read_before_a_removal_is_not_told_after_it(
    db: Database,
    scene: Scene,
    ears: Ears,
    teller: Teller,
    streams: Streams,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A read that takes long holds back the next, so events keep the order of what they say."""
    read, slow, began = db.read, asyncio.Event(), asyncio.Event()

    async def slowly(body: Callable[[sa.Connection], Any]) -> Any:
        answer = await read(body)
        if not began.is_set():
            began.set()
            await slow.wait()
        return answer

    editing = partial(edit_comment, ref=scene.ref, draft=a_draft("Edited"), acting=scene.river)
    await db.act(partial(editing, now=NOON))
    (edited,) = await waiting(db)
    monkeypatch.setattr(db, "read", slowly)
    first = asyncio.create_task(teller.tell(edited))
    await began.wait()
    await db.act(removing(scene.ref, scene.ann))
    (removed,) = await waiting(db)
    second = asyncio.create_task(teller.tell(removed))
    stream = streams.find(BLOG)
    assert stream is not None
    while not second.done() and not stream.telling._waiters:  # noqa: SLF001 it has to wait for the first
        await asyncio.sleep(0.005)
    slow.set()
    await asyncio.gather(first, second)

    assert [name for name, _ in await ears.hear()][-1] == "removed"


async def test_an_edit_and_a_withdrawal(db: Database, scene: Scene, ears: Ears) -> None:
    edit = partial(edit_comment, ref=scene.ref, draft=a_draft("Better"), acting=scene.river)
    await db.act(partial(edit, now=NOON))
    ((name, data),) = await ears.hear()
    assert (name, data["comment"]["text"]) == ("changed", "Better")

    await db.act(partial(withdraw_comment, ref=scene.ref, acting=scene.river, now=NOON))
    assert await ears.hear() == [
        ("removed", {"count": 0, "id": scene.first.id, "comment": None, "root": None})
    ]


async def test_nothing_that_waits_is_told(db: Database, scene: Scene, ears: Ears) -> None:
    held = partial(post, by=scene.reed, text="Held", verdict=found(Outcome.HOLD))
    await db.act(held)
    edit = partial(edit_comment, ref=scene.ref, acting=scene.river, now=NOON)
    await db.act(partial(edit, draft=a_draft("Held edit", verdict=found(Outcome.HOLD))))

    assert await ears.hear() == []


async def test_votes_are_told_together(
    db: Database, scene: Scene, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "COUNTING", 0.01)

    def body(tx: sa.Connection) -> None:
        for name in ("Ash", "Birch"):
            voter = a_person(tx, name)
            cast_vote(tx, scene.ref, agree=True, acting=voter, now=NOON)

    await db.act(body)
    heard = await ears.hear()
    while not heard:
        await asyncio.sleep(0.005)
        heard = await ears.hear()

    assert heard == [("counts", {"count": 1, "votes": {scene.first.id: 2}})]


async def test_a_very_long_one_is_to_be_read_on_the_page(
    db: Database, scene: Scene, ears: Ears
) -> None:
    await db.act(partial(post, by=scene.reed, text="👩‍👩‍👧‍👦" * (LARGEST // 30)))

    assert await ears.hear() == [("again", {"why": "changed"})]


async def test_a_change_of_the_whole_is_to_be_read_again(
    scene: Scene, ears: Ears, teller: Teller
) -> None:
    teller.tell_site(NOTEBOOK)

    assert await ears.hear() == [("again", {"why": "changed"})]


async def test_what_nobody_follows_costs_nothing(
    db: Database, scene: Scene, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await db.act(partial(post, by=scene.reed))
    (told,) = await waiting(db)
    monkeypatch.setattr(db, "read", None)

    await teller.tell(told)
