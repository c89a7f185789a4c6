"""Files at the desk: shut until somebody asks, one by one, with what was found in them."""

import re
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.kernel.ids import CommentRef
from gentie.media import store
from gentie.media.model import Facts, Kind, Reading, Variant
from gentie.review.queries import queue
from gentie.storage.db import Database
from tests.media.build import digest, takes_media, uploaded
from tests.newsroom import DAILY, NOON, a_draft
from tests.web.console.build import Room, desk_of, open_room
from tests.web.console.forms import send

NUMBER = "13812345678"
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


async def test_files_stand_in_the_order_of_their_author(sqlite_db: Database) -> None:
    """And a reason that holds for all of them is given once."""
    room = await sqlite_db.act(open_room)

    def send_three(tx: sa.Connection) -> list[str]:
        takes_media(tx, DAILY)
        ids = sorted(uploaded(tx, room.author, site=DAILY) for _ in range(3))[::-1]
        draft, media = a_draft("Look"), tuple(ids)
        submission = Submission(site=DAILY, key="blog", draft=draft, media=media)
        submit_comment(tx, submission, acting=room.author, now=NOON)
        return ids

    ids = await sqlite_db.act(send_three)
    *_, item = (one.id for one in await sqlite_db.read(partial(queue, site=DAILY)))
    async with desk_of(sqlite_db, room) as client:
        page = (await send(client, "claim", item=item)).text

    assert re.findall(r'data-media="([^"]+)"', page) == ids
    signals = page.partition('<table class="sig">')[2].partition("</table>")[0]
    assert signals.count("A person looks at files like this first") == 1


@pytest.mark.clause("2017-5.5d")
@pytest.mark.parametrize("alt", ["A bell", "A bell, 13812345678", ""])
async def test_hits_stand_out_in_the_words_of_its_author(alt: str, sqlite_db: Database) -> None:
    """Screening reads a description and a transcript as one text: each has its own hits again."""
    room = await sqlite_db.act(open_room)
    said = "Ring 13812345678 for a place"
    asked = partial(uploaded, by=room.author, kind=Kind.AUDIO, site=DAILY, alt=alt, transcript=said)
    upload = await sqlite_db.act(asked)
    await sqlite_db.act(
        partial(store.attach, ids=[upload], comment=CommentRef.parse(room.second.id))
    )

    async with desk_of(sqlite_db, room) as client:
        page = (await send(client, "claim", item=room.items[1])).text
    assert "<bdi>Ring <mark>13812345678</mark> for a place</bdi>" in page
    assert f"<bdi>{alt.replace(NUMBER, f'<mark>{NUMBER}</mark>')}</bdi>" in page or not alt
    assert "“13812345678”" in page


async def test_a_sound_is_shown_as_a_line(sqlite_db: Database) -> None:
    """As high as its loudest, however quiet that is, and as long as it plays."""
    room = await sqlite_db.act(open_room)
    facts = Facts(seconds=61.6, waveform=(0, 10, 20))
    asked = partial(uploaded, by=room.author, kind=Kind.AUDIO, site=DAILY, facts=facts)
    upload = await sqlite_db.act(asked)
    await sqlite_db.act(
        partial(store.attach, ids=[upload], comment=CommentRef.parse(room.first.id))
    )

    async with desk_of(sqlite_db, room) as client:
        page = (await send(client, "claim", item=room.items[0])).text
    assert '<path d="M0.5 15.5v1.0M1.5 8.5v15.0M2.5 1.0v30.0"/>' in page
    assert ">1:02</span>" in page


async def test_what_is_read_in_a_picture_is_what_a_refusal_would_quote(
    sqlite_db: Database,
) -> None:
    room = await sqlite_db.act(open_room)
    ref = CommentRef.parse(room.second.id)
    asked = partial(uploaded, by=room.author, site=DAILY, text="加我 13812345678", facts=READ)
    upload = await sqlite_db.act(asked)
    await sqlite_db.act(partial(store.attach, ids=[upload], comment=ref))

    async with desk_of(sqlite_db, room) as client:
        page = (await send(client, "claim", item=room.items[1])).text
    assert "“13812345678”" in page
