"""The console as plain forms: everything works without script."""

import re
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from gentie.accounts.store import revoke_verifications
from gentie.comments.model import State
from gentie.decisions.queries import notices_of
from gentie.sites.model import Thread
from gentie.sites.queries import all_switches_of, find_thread
from gentie.storage.db import Database
from tests.actions.identity.build import PASSWORD
from tests.newsroom import DAILY, NOON
from tests.web.console.build import Room, desk_of
from tests.web.console.forms import (
    BEN,
    CLEO,
    GROUND,
    chosen_in,
    field,
    open_first,
    send,
    state_of,
    typed_in,
)
from tests.web.console.live import MODERATOR, code_now, live_desk


async def test_strangers_are_led_to_the_door_and_commenters_turned_away(
    db: Database, room: Room
) -> None:
    async with desk_of(db, room) as client:
        here = "/console/queue?site=daily"
        stranger = await client.get(here, headers={"x-who": ""}, follow_redirects=False)
        sent = await client.post(
            "/console/next", headers={"x-who": ""}, data={}, follow_redirects=False
        )
        commenter = await client.get(here, headers={"x-who": "author"})

    assert stranger.headers["location"] == (
        "/account/sign-in?next=%2Fconsole%2Fqueue%3Fsite%3Ddaily"
    )
    assert sent.headers["location"] == "/account/sign-in?next=%2Fconsole"
    assert (commenter.status_code, "no permission" in commenter.text) == (403, True)


@pytest.mark.clause("2017-5.5a")
class TestQueue:
    async def test_shows_what_is_needed_to_judge_and_nobody(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            page = await send(client, "claim", item=room.items[0])

        for said in ("<mark>B</mark>uy at my shop", "3.4 Advertising", "River", "stays sealed"):
            assert said in page.text
        assert room.author.id not in page.text
        assert "person of" not in page.text
        assert page.headers["cache-control"] == "no-store"

    async def test_publishes_goes_on_and_takes_back(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            after = await send(client, "decide", measure="publish", **held)
            published = await state_of(db, room.first.id)
            decision = re.search(r'name="decision" value="(\d+)"', after.text)
            assert decision
            undone = await send(client, "recall", decision=decision.group(1))

        assert published is State.PUBLISHED
        assert field(after.text, "item") == room.items[1]
        assert undone.status_code == 200
        assert "the public log says that it was reversed" in undone.text
        assert await state_of(db, room.first.id) is State.HELD

    async def test_refuses_and_undoes(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            after = await send(client, "decide", measure="refuse", **held, **GROUND)
            back = await send(client, "undo", item=room.items[0], leaving=room.items[1])
            late = await send(client, "undo", item=room.items[0])

        assert "takes effect in" in after.text
        assert field(back.text, "item") == room.items[0]
        assert (late.status_code, "over" in late.text) == (409, True)

    async def test_keeps_what_was_typed_when_something_is_missing(
        self, db: Database, room: Room
    ) -> None:
        said = {**GROUND, "facts": "", "message": "Dear <author>"}
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            page = await send(client, "decide", measure="refuse", **held, **said)

        assert page.status_code == 422
        assert "Dear &lt;author&gt;" in page.text
        assert "needs a class, facts and a message" in page.text

    async def test_suggests_a_ground_only_where_something_was_found(
        self, db: Database, room: Room
    ) -> None:
        async with desk_of(db, room) as client:
            marked = await send(client, "claim", item=room.items[0])
            plain = await send(client, "claim", item=room.items[1], leaving=room.items[0])

        assert chosen_in(marked.text) == "spam"
        assert "Suggested by a signal" in marked.text
        assert "The passage" in typed_in(marked.text, "facts")
        assert "paragraph 3.4" in typed_in(marked.text, "message")
        assert chosen_in(plain.text) == ""
        assert "Suggested by a signal" not in plain.text
        assert [typed_in(plain.text, name) for name in ("facts", "message")] == ["", ""]
        assert "Choose a ground to see how it was applied before." in plain.text

    async def test_nobody_refuses_on_a_ground_that_nobody_chose(
        self, db: Database, room: Room
    ) -> None:
        said = {"class": "", "facts": "Seen <twice>", "message": "Dear author"}
        held: dict[str, str] = {}
        async with desk_of(db, room) as client:
            for item in room.items:
                opened = await send(client, "claim", item=item)
                held = {name: field(opened.text, name) for name in ("item", "version", "upto")}
                page = await send(client, "decide", measure="refuse", **held, **said)

                assert page.status_code == 422
                assert "needs a class, facts and a message" in page.text
                assert chosen_in(page.text) == ""
                assert typed_in(page.text, "facts") == "Seen &lt;twice&gt;"
                assert typed_in(page.text, "message") == "Dear author"
                assert field(page.text, "item") == item
            published = await send(client, "decide", measure="publish", **held, **said)

        assert published.status_code == 200
        assert await state_of(db, room.first.id) is State.HELD
        assert await state_of(db, room.second.id) is State.PUBLISHED

    async def test_who_comes_second_is_told_who_was_first(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            busy = await send(client, "claim", BEN, item=room.items[0])
            await send(client, "decide", measure="publish", **held)
            late = await send(client, "claim", BEN, item=room.items[0])
            deciding = await send(client, "decide", BEN, measure="refuse", **held, **GROUND)

        assert "A colleague is working on this item." in busy.text
        assert "Moderator was first: Published." in late.text
        assert deciding.status_code == 409
        assert "This item has been decided already." in deciding.text
        assert "Moderator was first: Published." in deciding.text

    async def test_next_gives_back_and_skips_what_others_do(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            await send(client, "claim", BEN, item=room.items[0])
            mine = await send(client, "next")
            paused = await send(client, "pause", leaving=room.items[1])
            taken = await send(client, "claim", BEN, item=room.items[1], leaving=room.items[0])

        assert field(mine.text, "item") == room.items[1]
        assert "Paused" in paused.text
        assert field(taken.text, "item") == room.items[1]

    async def test_later_arrivals_are_counted_and_not_listed(
        self, db: Database, room: Room
    ) -> None:
        async with desk_of(db, room) as client:
            page = await client.get("/console/queue", params={"upto": room.items[0]})

        assert "1 new: load with N" in page.text
        assert page.text.count('class="r1"') == 1

    @pytest.mark.clause("2017-5.1c")
    async def test_says_when_the_author_may_not_publish_any_more(
        self, db: Database, room: Room
    ) -> None:
        author = room.author.account
        await db.act(partial(revoke_verifications, account=author, why="issuer", now=NOON))
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            page = await send(client, "decide", measure="publish", **held)

        assert (page.status_code, "may not publish at the moment" in page.text) == (409, True)
        assert len(await db.read(partial(notices_of, account=author))) == 1


async def test_rubbish_in_addresses_and_forms_breaks_nothing(db: Database, room: Room) -> None:
    rubbish = ("\0", "²", "9" * 5000, "-1", "\u202e", "%", "<b>")
    names = ("site", "upto", "done", "item", "leaving", "version", "decision", "ref", "before")
    paths = ("claim", "next", "pause", "decide", "undo", "recall", "comment/reverse")
    async with desk_of(db, room) as client:
        for bad in rubbish:
            form = dict.fromkeys(names, bad)
            told = [
                await client.get(f"/console/{page}", params=form)
                for page in ("queue", "comment", "decisions", "reports")
            ]
            told += [await send(client, path, **form) for path in paths]
            told += [
                await send(client, f"sites/daily/{path}", CLEO, thread=bad, switch=bad)
                for path in ("class", "switch", "lift")
            ]
            assert max(one.status_code for one in told) < 500, bad

    assert await state_of(db, room.first.id) is State.HELD


class TestChiefEditor:
    async def test_moderators_do_not_get_there(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            queue = await client.get("/console/queue")
            answers = [await client.get(f"/console/{path}") for path in ("sites", "sites/daily")]

        assert "/console/sites" not in queue.text
        assert [one.status_code for one in answers] == [403, 403]

    async def test_switches_on_and_lifts(self, db: Database, room: Room) -> None:
        form = {"kind": "read_only", "reason": "Maintenance", "until": "2026-03-01T18:00"}
        async with desk_of(db, room) as client:
            on = await send(client, "sites/daily/switch", CLEO, **form)
            switch = re.search(r'name="switch" value="(\d+)"', on.text)
            assert switch
            off = await send(client, "sites/daily/lift", CLEO, switch=switch.group(1))
            never = await send(client, "sites/daily/switch", CLEO, **{**form, "until": "soon"})

        assert "not in the public log yet" in on.text
        assert "None." in off.text
        assert (never.status_code, 'value="Maintenance"' in never.text) == (422, True)
        assert await db.read(partial(all_switches_of, site=DAILY, now=NOON)) == []

    @pytest.mark.clause("2017-5.3")
    async def test_sets_the_class_of_a_thread(self, db: Database, room: Room) -> None:
        def blog(tx: sa.Connection) -> Thread:
            found = find_thread(tx, DAILY, "blog")
            assert found
            return found

        form = {"thread": (await db.read(blog)).id, "class": "news", "mode": "pre"}
        async with desk_of(db, room) as client:
            silent = await send(client, "sites/daily/class", CLEO, **form, reason=" ")
            said = await send(client, "sites/daily/class", CLEO, **form, reason="It is news now")

        assert (silent.status_code, said.status_code) == (422, 200)
        found = await db.read(blog)
        assert (found.kind.value, found.mode.value) == ("news", "pre")


async def test_a_form_of_another_session_changes_nothing(
    db: Database, vault: Database, tmp_path: Path
) -> None:
    async with live_desk(db, vault, tmp_path) as live, httpx.AsyncClient() as client:
        client.headers["origin"] = live.url
        form = {"name": MODERATOR, "password": PASSWORD, "code": code_now()}
        await client.post(f"{live.url}/account/sign-in", data=form)
        page = await client.get(f"{live.url}/console/queue")
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found
        answers = [
            await client.post(f"{live.url}/console/next", data=data, headers=headers)
            for data, headers in (
                ({"csrf": "x"}, {}),
                ({"csrf": found.group(1)}, {"origin": "https://elsewhere.example"}),
                ({"csrf": found.group(1)}, {}),
            )
        ]

    assert [one.status_code for one in answers] == [403, 403, 303]
