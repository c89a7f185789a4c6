"""Threads for readers without script: the fragment and the page, in both languages."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.kernel.ids import CommentRef
from gentie.sites.model import SwitchKind
from gentie.storage.db import Database
from tests.newsroom import ANN, CLEO, NOON, NOTEBOOK, a_person, post, staff
from tests.web.embed.build import Client, People, a_client, hear, open_sites

PAGE = "/t/notebook/blog"


@pytest.fixture
async def client(sqlite_db: Database) -> AsyncIterator[Client]:
    await open_sites(sqlite_db)
    async with a_client(sqlite_db, People()) as client:
        yield client


def write(tx: sa.Connection) -> tuple[str, str]:
    river, reed = a_person(tx), a_person(tx, "Reed")
    root = post(tx, river, text="One **bold** <script>word</script>")
    return root.id, post(tx, reed, text="And an answer", to=root).id


@pytest.mark.clause("2022-4.1b")
async def test_the_page_reads_without_script(client: Client, sqlite_db: Database) -> None:
    root, answer = await sqlite_db.act(write)

    page = await client.get(f"{PAGE}?lang=en")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<strong>bold</strong>" in page.text
    assert "<script" not in page.text
    assert page.text.index(f'id="c-{root}"') < page.text.index(f'id="c-{answer}"')
    assert "2 in all" in page.text
    assert '<html lang="en">' in page.text


async def test_it_speaks_chinese(client: Client, sqlite_db: Database) -> None:
    await sqlite_db.act(write)

    page = (await client.get(f"{PAGE}?lang=zh-CN")).text

    assert "这里怎么管理" in page
    assert "How this place" not in page


async def test_the_fragment_has_neither_style_nor_form(client: Client, sqlite_db: Database) -> None:
    await sqlite_db.act(write)

    fragment = (await client.get("/embed/thread/notebook/blog.html")).text

    assert fragment.startswith('<section class="gentie-static"')
    assert not any(one in fragment for one in ("<form", "<style", "<link", "<script"))


async def test_the_fragment_looks_sound_without_any_style(
    client: Client, sqlite_db: Database
) -> None:
    """A host's page knows no class of ours: a picture without a size would fill the window."""
    await sqlite_db.act(write)

    fragment = (await client.get("/embed/thread/notebook/blog.html")).text

    assert '<svg viewBox="0 0 24 24" width="16" height="16" fill="none"' in fragment
    assert fragment.count("<svg") == fragment.count(' width="16"')
    assert 'class="av"' not in fragment
    assert fragment.count('class="body"') == fragment.count('dir="auto"')
    assert 'class="av"' in (await client.get(PAGE)).text


async def test_links_of_the_fragment_lead_home_and_words_stay(
    client: Client, sqlite_db: Database
) -> None:
    """It is read on pages of other hosts, where a link from the root would lead astray."""

    def body(tx: sa.Connection) -> str:
        return post(tx, a_person(tx), text='Say href="/x" to nobody').id

    made = await sqlite_db.act(body)

    fragment = (await client.get("/embed/thread/notebook/blog.html")).text

    assert 'href="/' not in fragment
    assert f'href="http://gentie.test/report?subject={made}"' in fragment
    assert "gentie.test/x" not in fragment
    assert 'href="/report' in (await client.get(PAGE)).text


async def test_a_permanent_link_shows_the_branch(client: Client, sqlite_db: Database) -> None:
    _, answer = await sqlite_db.act(write)

    page = (await client.get(f"{PAGE}?comment={answer}&lang=en")).text

    assert f'class="c reply marked" id="c-{answer}"' in page
    assert page.count('<article class="c') == 2


async def test_a_tombstone_leads_to_the_log_and_nothing_remains(
    client: Client, sqlite_db: Database
) -> None:
    def body(tx: sa.Connection) -> None:
        made = post(tx, a_person(tx), text="What nobody may read")
        (ann,) = staff(tx, ANN)
        removal = Removal(class_id="spam", facts="Seen", message="Not here")
        remove_comment(tx, CommentRef.parse(made.id), removal, acting=ann, now=NOON)

    await sqlite_db.act(body)
    page = (await client.get(f"{PAGE}?lang=en")).text

    assert "nobody may read" not in page
    assert "This comment was removed:" in page
    assert "It is about to enter the public log." in page
    assert "One person moderates here." in page


async def test_a_switch_is_said_with_its_reason(client: Client, sqlite_db: Database) -> None:
    await sqlite_db.act(write)
    await hear(client, sqlite_db)
    before = (await client.get(f"{PAGE}?lang=en")).text

    def body(tx: sa.Connection) -> None:
        wanted = SwitchWanted(
            site=NOTEBOOK,
            thread=None,
            kind=SwitchKind.READ_ONLY,
            reason="Moving <house>",
            until=NOON.replace(day=2),
        )
        set_switch(tx, wanted, acting=staff(tx, CLEO)[0], now=NOON)

    await sqlite_db.act(body)
    await hear(client, sqlite_db)
    page = (await client.get(f"{PAGE}?lang=en")).text

    assert "<textarea" in before
    assert "#reply" in before
    assert "#reply" not in page
    assert "0 agree so far" in page
    assert "Moving &lt;house&gt;" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("query", ["sort=hot", "comment=rubbish", "after=rubbish"])
async def test_rubbish_is_no_page(client: Client, query: str) -> None:
    assert (await client.get(f"{PAGE}?{query}")).status_code in {400, 404, 422}


async def test_nothing_of_a_person_but_the_name_is_on_it(
    client: Client, sqlite_db: Database
) -> None:
    def body(tx: sa.Connection) -> str:
        river = a_person(tx, "Canary")
        post(tx, river)
        return river.account

    account = await sqlite_db.act(partial(body))
    paths = (
        PAGE,
        "/embed/thread/notebook/blog.html",
        f"/api/v1/sites/{NOTEBOOK}/threads/blog/comments",
    )
    for path in paths:
        answer = await client.get(path)
        assert "Canary" in answer.text
        assert account not in answer.text
        assert "person of" not in answer.text
