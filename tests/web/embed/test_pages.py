"""Pages without script: write, appeal, report, and look things up."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.operations.note_sampling import note_sampling
from gentie.comments.tables import comments, unsent
from gentie.danmaku.model import Stream, StreamKind
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import CommentRef
from gentie.ledger.keeping import HighWaterMark, Signer
from gentie.ledger.key import SigningKey
from gentie.screening.model import Outcome
from gentie.storage.db import Database
from gentie.web.public.routes import routes
from tests.danmaku.build import a_film
from tests.newsroom import ANN, NOON, OPERATOR, a_person, found, post, staff
from tests.web.account.build import Place
from tests.web.embed.build import Client, People, a_client, count, open_sites

Headers = dict[str, str]
BLOG = "/t/notebook/blog"


class Scene:
    """A refused comment of River's, a public one of Reed's."""

    def __init__(self, people: People, tx: sa.Connection) -> None:
        river, reed, new = a_person(tx), a_person(tx, "Reed"), a_person(tx, "New", regimes=())
        self.river, self.reed = people.add("river", river), people.add("reed", reed)
        self.new = people.add("new", new)
        self.refused = post(tx, river, text="Cheap pans", verdict=found(Outcome.REFUSE))
        self.public = post(tx, reed, text="A kind word.")


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
async def scene(sqlite_db: Database, people: People) -> Scene:
    await open_sites(sqlite_db)
    return await sqlite_db.act(partial(Scene, people))


@pytest.fixture
async def client(
    sqlite_db: Database, sqlite_vault: Database, people: People, scene: Scene, tmp_path: Path
) -> AsyncIterator[Client]:
    place = Place(sqlite_db, sqlite_vault, tmp_path)
    async with a_client(sqlite_db, people, *routes, people=place.people) as client:
        client.headers["origin"] = "http://gentie.test"
        client.headers["accept-language"] = "en"
        yield client


def sampled(tx: sa.Connection) -> None:
    """A live broadcast with a crowded minute."""
    film = a_film(tx)
    stream = Stream(kind=StreamKind.LIVE, started_at=NOON, delay=timedelta(seconds=20))
    declare_stream(tx, film.site, film.key, stream, acting=OPERATOR, now=NOON)
    for minute, one_in in ((0, 8), (1, 2)):
        at = NOON + timedelta(minutes=minute)
        note_sampling(tx, film.id, one_in, acting=SERVICE, now=at)


async def keep(client: Client, text: str, **more: str) -> httpx.Response:
    return await client.post(f"{BLOG}/compose", data={"text": text, **more}, follow_redirects=False)


class TestWriting:
    async def test_a_text_waits_until_its_author_has_an_account(
        self, client: Client, scene: Scene, sqlite_db: Database
    ) -> None:
        kept = await keep(client, "Half a *thought*")
        stranger = await client.get("/compose")
        signed_in = await client.get("/compose", headers=scene.river)
        sent = await client.post("/compose", headers=scene.river)
        again = await client.post("/compose", headers=scene.river)

        assert (kept.status_code, kept.headers["location"]) == (303, "/compose")
        assert "/account/sign-up?next=/compose" in stranger.text
        assert "<em>thought</em>" in signed_in.text
        assert "Send it" in signed_in.text
        assert "Everybody can read it now." in sent.text
        assert again.status_code == 404
        assert await sqlite_db.read(partial(count, table=unsent)) == 0

    async def test_pressing_twice_sends_once(
        self, client: Client, scene: Scene, sqlite_db: Database
    ) -> None:
        await keep(client, "Once only")
        cookie = {"cookie": f"gentie-draft={client.cookies['gentie-draft']}"}
        before = await sqlite_db.read(partial(count, table=comments))
        for _ in range(2):
            await client.post("/compose", headers={**scene.river, **cookie})

        assert await sqlite_db.read(partial(count, table=comments)) == before + 1

    async def test_a_gate_says_what_helps_and_keeps_the_text(
        self, client: Client, scene: Scene
    ) -> None:
        await keep(client, "Almost")
        sent = await client.post("/compose", headers=scene.new)

        assert "/account/agreement?" in sent.text
        assert "next=/compose" in sent.text
        assert "Almost" in (await client.get("/compose", headers=scene.new)).text

    async def test_a_reply_stands_under_what_it_answers(self, client: Client, scene: Scene) -> None:
        await keep(client, "Indeed", parent=scene.public.id)
        await client.post("/compose", headers=scene.river)

        page = await client.get("/api/v1/sites/notebook/threads/blog/comments")
        (root,) = page.json()["comments"]
        assert [one["text"] for one in root["replies"]] == ["Indeed"]

    async def test_a_form_of_another_page_changes_nothing(
        self, client: Client, scene: Scene
    ) -> None:
        headers = {**scene.reed, "cookie": "gentie=a-session"}
        path = f"/comment/{scene.public.id}/withdraw"

        answer = await client.post(path, data={"csrf": "guess"}, headers=headers)

        assert answer.status_code == 403
        assert "out of date" in answer.text


class TestOneComment:
    async def test_vote_edit_withdraw(self, client: Client, scene: Scene) -> None:
        path = f"/comment/{scene.public.id}"
        stranger = await client.get(path)
        voted = await client.post(f"{path}/vote", data={"value": "1"}, headers=scene.river)
        edited = await client.post(f"{path}/edit", data={"text": "Kinder."}, headers=scene.reed)
        gone = await client.post(f"{path}/withdraw", headers=scene.reed)

        assert "Sign in to agree" in stranger.text
        assert "Take my agreement back" in voted.text
        assert "1 agree so far" in voted.text
        assert "Kinder." in edited.text
        assert gone.status_code == 404
        assert "not public here" in gone.text

    async def test_a_refusal_is_said_on_the_page(self, client: Client, scene: Scene) -> None:
        path = f"/comment/{scene.public.id}"

        own = await client.post(f"{path}/vote", data={"value": "1"}, headers=scene.reed)

        assert "Nobody votes on their own comment." in own.text

    async def test_the_author_sees_what_was_refused_and_others_do_not(
        self, client: Client, scene: Scene
    ) -> None:
        path = f"/comment/{scene.refused.id}"

        assert f"/d/{scene.refused.decision}" in (await client.get(path, headers=scene.river)).text
        other = await client.get(path, headers=scene.reed)
        assert other.status_code == 404
        assert "Cheap pans" not in other.text


class TestRights:
    @pytest.mark.clause("2022-13.1a")
    async def test_a_report_in_two_steps(self, client: Client, scene: Scene) -> None:
        form = await client.get(f"/report?subject={scene.public.id}")
        data = {"subject": scene.public.id, "class": "spam", "statement": "Look"}
        filed = await client.post("/report", data=data)
        (link,) = set(re.findall(r'href="(/c/[^"]+)"', filed.text))
        state = await client.get(link)

        assert 'name="class" value="spam"' in form.text
        assert re.search(r"R-\w{4}-\w{4}", filed.text)
        assert "It waits for an answer." in state.text
        assert "than the one who decided" not in filed.text

    async def test_nothing_to_report(self, client: Client, scene: Scene) -> None:
        assert (await client.get(f"/report?subject={scene.refused.id}")).status_code == 409
        assert (await client.get("/report?subject=rubbish")).status_code == 404
        wrong = {"subject": scene.public.id, "class": "other"}
        said = await client.post("/report", data=wrong)
        assert "The regime of this site has no such ground." in said.text

    @pytest.mark.clause("2022-13.1a")
    async def test_a_report_begins_with_a_pasted_link(self, client: Client, scene: Scene) -> None:
        asked = await client.get("/report", headers={"accept-language": "zh-CN"})
        shown = scene.public.id
        for link in (
            f"http://gentie.test/t/notebook/blog?comment={shown}#c-{shown}",
            f" https://blog.test/page#gentie-{shown} ",
            f"/t/notebook/blog#c-{shown}",
            shown,
        ):
            form = await client.get("/report", params={"subject": link})
            assert (form.status_code, "A kind word." in form.text) == (200, True)
            assert f'name="subject" value="{shown}"' in form.text

        assert asked.status_code == 200
        assert "评论的永久链接" in asked.text

    @pytest.mark.parametrize(
        "link", ["rubbish", "http://gentie.test/t/notebook/blog", "http://[", '"><b>', "?comment="]
    )
    async def test_a_link_without_a_comment_is_asked_again(self, client: Client, link: str) -> None:
        answer = await client.get("/report", params={"subject": link})

        assert answer.status_code == 404
        assert "No comment can be found by this." in answer.text
        assert "<b>" not in answer.text

    @pytest.mark.clause("2017-7.1a", "2022-7.c")
    async def test_reasons_and_appeal(self, client: Client, scene: Scene) -> None:
        path = f"/d/{scene.refused.decision}?receipt={scene.refused.receipt}"
        page = await client.get(path)
        data = {"statement": "Good pans", "receipt": scene.refused.receipt}
        filed = await client.post(f"/d/{scene.refused.decision}/appeal", data=data)
        after = await client.get(path)

        for said in ("Cheap pans", "Yes: a rule decided", "You can appeal until", "about to enter"):
            assert said in page.text
        assert re.search(r"A-\w{4}-\w{4}", filed.text)
        assert "Another person than the one who decided" in filed.text
        assert "File the appeal" not in after.text

    async def test_reasons_are_not_for_others(self, client: Client, scene: Scene) -> None:
        path = f"/d/{scene.refused.decision}"

        for headers in ({}, scene.reed):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 404
            assert "Cheap pans" not in answer.text


class TestLog:
    async def test_a_tombstone_fits_its_entry_and_no_other(
        self, client: Client, scene: Scene, sqlite_db: Database, tmp_path: Path
    ) -> None:
        await sqlite_db.act(partial(take_down, made=scene.public.id))
        await publish(sqlite_db, tmp_path)
        page = (await client.get(f"{BLOG}?lang=en")).text
        (link,) = re.findall(r'href="(/log\?leaf=[^"]+)"', page)
        link = link.replace("&amp;", "&")

        fits = await client.get(link)
        other = await client.get(link.replace("revision=1", "revision=2"))
        rubbish = await client.get(re.sub("nonce=.*", "nonce=zz", link))

        assert "It fits." in fits.text
        assert "It does not fit." in other.text
        assert "It does not fit." in rubbish.text

    async def test_figures_are_those_of_the_log(
        self, client: Client, scene: Scene, sqlite_db: Database, tmp_path: Path
    ) -> None:
        await publish(sqlite_db, tmp_path)

        for lang, kind, measure in (
            ("en", "Refusal or removal", "Refused"),
            ("zh-CN", "未通过或删除", "未通过"),
        ):
            page = (await client.get("/transparency", headers={"accept-language": lang})).text
            cells = (
                "notebook",
                f"{kind} <code>decision</code>",
                f"{measure} <code>refuse</code>",
                "<code>spam</code>",
            )
            row = "".join(f"<td>{one}</td>" for one in cells)
            assert f'{row}<td class="num">1</td>' in page

    @pytest.mark.clause("2017-7.1a", "2022-4.4b")
    async def test_what_was_sent_of_danmaku_and_how_late(
        self, client: Client, scene: Scene, sqlite_db: Database
    ) -> None:
        await sqlite_db.act(sampled)

        (film,) = (await client.get("/transparency.json")).json()["danmaku"]
        shown = {
            lang: (await client.get("/transparency", headers={"accept-language": lang})).text
            for lang in ("en", "zh-CN")
        }

        told = ("one_in", "fewest", "changes", "since", "delay_ms", "text")
        assert [film[name] for name in told] == [
            *(2, 8, 2, "2026-03-01T12:01:00Z", 20_000, "/t/notebook/film/danmaku")
        ]
        for lang, words in (
            ("en", ("20 s", "about 1 in 2", "about 1 in 8")),
            ("zh-CN", ("20 秒", "约 1/2", "约 1/8")),
        ):
            assert all(f"<td>{one}</td>" in shown[lang] for one in words)

    async def test_figures_are_data_too(
        self, client: Client, scene: Scene, sqlite_db: Database, tmp_path: Path
    ) -> None:
        empty = await client.get("/api/v1/transparency")
        await publish(sqlite_db, tmp_path)
        asked = await client.get("/transparency", headers={"accept": "application/json"})
        named = await client.get("/transparency.json")
        api = await client.get("/api/v1/transparency")
        page = await client.get("/transparency")

        refused = {"site": "notebook", "kind": "decision", "measure": "refuse", "class": "spam"}
        told = api.json()
        assert empty.json() == {"size": 0, "counts": [], "danmaku": []}
        assert {**refused, "count": 1} in told["counts"]
        assert sum(one["count"] for one in told["counts"]) == told["size"]
        assert asked.json() == named.json() == told
        assert "accept" in asked.headers["vary"]
        assert "accept" in page.headers["vary"]
        assert api.headers.get_list("access-control-allow-origin") == ["*"]

    @pytest.mark.parametrize("path", ["/log?leaf=99999", "/log", "/rules/daily", "/rules/notebook"])
    async def test_pages_are_there(self, client: Client, path: str) -> None:
        assert (await client.get(path)).status_code == 200

    @pytest.mark.parametrize("place", [BLOG, "/embed/thread/notebook/blog.html"])
    @pytest.mark.parametrize(
        ("query", "status", "says"),
        [
            ("sort=worst", 400, "There is no such order of comments."),
            ("after=rubbish", 400, "This cursor was not made by this listing."),
            ("comment=rubbish", 404, "There is no such comment."),
        ],
    )
    async def test_a_thread_says_which_parameter_is_wrong(
        self, client: Client, place: str, query: str, status: int, says: str
    ) -> None:
        page = await client.get(f"{place}?{query}")
        data = await client.get(f"{place}?{query}", headers={"accept": "application/json"})

        assert (page.status_code, data.status_code) == (status, status)
        assert says in page.text
        assert f'<a href="{BLOG}">Back</a>' in page.text
        assert data.json()["detail"] == says

    async def test_a_language_that_there_is_none_of_is_the_sites_own(self, client: Client) -> None:
        assert (await client.get(f"{BLOG}?lang=de")).status_code == 200
        assert (await client.get(f"{BLOG}/?lang=de")).status_code == 200
        assert (await client.get("/embed/thread/notebook/blog")).status_code == 404

    @pytest.mark.parametrize("path", ["/rules/nowhere", "/c/guess", "/compose", "/branch/rubbish"])
    async def test_what_is_not_there_is_a_page_too(self, client: Client, path: str) -> None:
        answer = await client.get(path)

        assert answer.status_code == 404
        assert "That did not work" in answer.text


def take_down(tx: sa.Connection, made: str) -> None:
    (ann,) = staff(tx, ANN)
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    remove_comment(tx, CommentRef.parse(made), removal, acting=ann, now=NOON)


async def publish(db: Database, folder: Path) -> None:
    key = SigningKey.load_or_create(folder / "log.key", origin="gentie.test/log")
    await sequence_once(db, Signer(key, HighWaterMark(folder / "log.mark")), now=NOON)
