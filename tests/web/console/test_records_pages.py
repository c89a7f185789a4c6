"""What was decided, found again: the console without script."""

import hashlib
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.store import end_staff
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.posting.protect_account import protect_account
from gentie.comments.model import State
from gentie.decisions.queries import decisions_on
from gentie.kernel.actor import ANYONE
from gentie.kernel.ids import CommentRef
from gentie.pages.boundaries import load_bundle
from gentie.storage.db import Database
from tests import newsroom
from tests.newsroom import NOON
from tests.web.console.build import Room, desk_of
from tests.web.console.forms import (
    BEN,
    CLEO,
    GROUND,
    chosen_in,
    open_first,
    send,
    state_of,
    typed_in,
)


@pytest.mark.clause("2017-5.5d", "2017-7.1a")
class TestRecords:
    async def test_finds_removes_and_reverses(self, db: Database, room: Room) -> None:
        ref = room.first.id
        link = f"https://x.example/t/daily/article?comment={ref}#c-{ref}"
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            found = await client.get("/console/comment", params={"ref": link})
            gone = await send(client, "comment/remove", ref=ref, **GROUND)
            kept = await db.read(partial(decisions_on, **place_of(ref)))
            reverse = {"ref": ref, "decision": kept[-1].decision.id, "source": "appeal"}
            no = await send(client, "comment/reverse", BEN, **reverse)
            back = await send(client, "comment/reverse", CLEO, **reverse)

        assert "Buy at my shop" in found.text
        assert "Readers see a tombstone here" in gone.text
        assert no.status_code == 403
        assert 'class="state published"' in back.text

    async def test_nothing_is_removed_on_a_ground_that_nobody_chose(
        self, db: Database, room: Room
    ) -> None:
        ref, said = room.first.id, {"class": "", "facts": "Seen", "message": ""}
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            found = await client.get("/console/comment", params={"ref": ref})
            page = await send(client, "comment/remove", ref=ref, **said)

        assert [chosen_in(one.text) for one in (found, page)] == ["", ""]
        assert [typed_in(one.text, "facts") for one in (found, page)] == ["", "Seen"]
        assert [typed_in(one.text, "message") for one in (found, page)] == ["", ""]
        assert (page.status_code, "needs a class, facts" in page.text) == (422, True)
        assert await state_of(db, ref) is State.PUBLISHED

    @pytest.mark.clause("2017-6.2b")
    async def test_a_lone_reviewer_is_told_that_removals_end(
        self, db: Database, room: Room
    ) -> None:
        def alone(tx: sa.Connection) -> None:
            for colleague in (newsroom.BEN, newsroom.CLEO):
                end_staff(tx, colleague.id)

        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            page = {"ref": room.first.id}
            many = await client.get("/console/comment", params=page)
            await db.act(alone)
            lone = await client.get("/console/comment", params=page)

        assert "only reviewer" not in many.text
        assert "ends after 7 days" in lone.text

    async def test_what_names_no_comment_is_not_found(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            for rubbish in ("x", "'; --", "A" * 22, "https://x.example/#c-" + "A" * 21):
                page = await client.get("/console/comment", params={"ref": rubbish})
                told = "There is no such comment." in page.text
                assert (page.status_code, told) == (404, True), rubbish

    async def test_the_record_can_be_narrowed(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            await send(client, "comment/remove", ref=room.first.id, **GROUND)
            pages = {
                query: (await client.get(f"/console/decisions?{query}")).text
                for query in ("", "measure=remove", "class=spam", "site=notebook", "before=x")
            }

        rows = {query: page.count("<tr>") - 1 for query, page in pages.items()}
        assert rows == {
            "": 2, "measure=remove": 1, "class=spam": 1, "site=notebook": -1, "before=x": 2,
        }  # fmt: skip

    async def test_reports_wait_here_without_who_filed_them(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            report = Report(
                subject=CommentRef.parse(room.first.id), class_id="spam", statement="A shop again"
            )
            await db.act(partial(file_report, report=report, acting=ANYONE, now=NOON))
            page = await client.get("/console/reports")
            none = await client.get("/console/appeals")

        assert "A shop again" in page.text
        assert "Nothing waits here." in none.text

    async def test_what_a_reporter_saved_comes_along(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            held = await open_first(client, room)
            await send(client, "decide", measure="publish", **held)
            reporter = room.author
            bundle = await db.read(partial(load_bundle, acting=reporter, now=NOON))
            protecting = partial(protect_account, bundle=bundle, term=timedelta(hours=1))
            saved = await db.act(partial(protecting, acting=reporter, now=NOON))
            report = Report(
                subject=CommentRef.parse(room.first.id),
                class_id="spam",
                statement="Look",
                evidence=saved.evidence.id,
            )
            await db.act(partial(file_report, report=report, acting=reporter, now=NOON))
            page = await client.get("/console/reports")
            found = re.search(r'href="(/console/cases/\d+/evidence)"', page.text)
            assert found
            copy = await client.get(found[1])
            missing = [await client.get(f"/console/cases/{one}/evidence") for one in ("1", "x")]

        assert hashlib.sha256(copy.content).hexdigest() == saved.evidence.sha256
        assert [one.status_code for one in missing] == [404, 404]


def place_of(ref: str) -> dict[str, Any]:
    parsed = CommentRef.parse(ref)
    return {"thread": parsed.thread, "comment": parsed.comment}
