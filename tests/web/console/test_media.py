"""Files at the desk: shut until somebody asks, one by one, with what was found in them."""

import re
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.kernel.ids import CommentRef
from gentie.media import store
from gentie.media.model import Facts, Kind, Reading, Variant
from gentie.storage.db import Database
from tests.media.build import digest, uploaded
from tests.newsroom import DAILY
from tests.web.console.build import Room, desk_of, open_room
from tests.web.console.forms import send

UNREAD = "No machine has read the words in it."
READ = Facts(reading=Reading.DONE)
STILL = {"content_type": "image/webp", "sha256": digest(b"still"), "size": 7, "width": 320}


def with_files(tx: sa.Connection, room: Room) -> None:
    """A picture with words in it, and a video with two stills, under the first that waits."""
    stills = tuple(Variant(name=f"frame-{at}", **STILL) for at in range(2))  # type: ignore[arg-type]  # of several types
    film = Variant(name="video", content_type="video/webm", sha256=digest(b"film"), size=9)
    ids = [
        uploaded(tx, room.author, site=DAILY, text="加我详聊 13812345678", facts=READ),
        uploaded(
            tx,
            room.author,
            Kind.VIDEO,
            site=DAILY,
            transcript="Mind the rope!",
            variants=(film, *stills),
            facts=Facts(seconds=8.0),
        ),
    ]
    store.attach(tx, ids, CommentRef.parse(room.first.id))


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.5a")
async def test_each_is_shut_until_it_is_asked_for_by_its_key(db: Database, room: Room) -> None:
    await db.act(lambda tx: with_files(tx, room))
    async with desk_of(db, room) as client:
        page = (await send(client, "claim", item=room.items[0])).text

    shut = re.findall(r"<details class=\"media\"[^>]*>", page)
    assert len(shut) == 2
    assert not [one for one in shut if " open" in one]
    assert re.findall(r'<summary data-key="(\d)" aria-keyshortcuts="(\d)">', page) == [
        ("1", "1"),
        ("2", "2"),
    ]
    outside = re.sub(r"<details class=\"media\".*?</details>", "", page, flags=re.DOTALL)
    assert page.count("<img") == 3
    assert not re.search("<(img|video|audio)", outside)
    for said in ("加我详聊 <mark>13812345678</mark>", "Mind the rope!", UNREAD):
        assert said in page


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        (Reading.NONE, UNREAD),
        (Reading.DONE, "A machine found no words in it."),
        (Reading.FAILED, "The machine that reads words in pictures failed."),
    ],
)
async def test_it_says_whether_a_machine_has_read_it(
    reading: Reading, says: str, sqlite_db: Database
) -> None:
    room = await sqlite_db.act(open_room)
    facts, ref = Facts(reading=reading), CommentRef.parse(room.first.id)
    upload = await sqlite_db.act(partial(uploaded, by=room.author, site=DAILY, facts=facts))
    await sqlite_db.act(partial(store.attach, ids=[upload], comment=ref))

    async with desk_of(sqlite_db, room) as client:
        assert says in (await send(client, "claim", item=room.items[0])).text
