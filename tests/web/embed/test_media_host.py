"""Media on a host of their own: asked for anywhere else, a browser is sent there."""

from dataclasses import replace

import pytest

from gentie.main.compose import ROUTES
from gentie.web.app import create_app
from tests.media.build import scrub_well, takes_media
from tests.newsroom import NOTEBOOK
from tests.web.account.build import BASE
from tests.whole import Client, Whole, accept, quick_hashes, whole

__all__ = ["quick_hashes", "whole"]

HOST = "https://media.example"


def moved(whole: Whole) -> None:
    """The operator names a host for media."""
    whole.app = create_app(replace(whole.services(), media_url=HOST), ROUTES)


async def a_preview(whole: Whole, web: Client) -> str:
    """Address of a file that somebody has sent, which only they may see."""
    bearer = await whole.sign_up(web, "Ferryman")
    await accept(web, bearer, "neutral")
    files = {"file": ("ferry.jpg", b"a picture", "image/jpeg")}
    sent = await web.post("/api/v1/uploads", data={"site": NOTEBOOK}, files=files, headers=bearer)
    await whole.check_uploads(scrub_well)
    kept = await web.get(f"/api/v1/uploads/{sent.json()['id']}", headers=bearer)
    return str(kept.json()["previews"][0]["url"])


@pytest.mark.clause("2017-2.2b")
async def test_bytes_come_from_there_and_from_nowhere_else(whole: Whole) -> None:
    await whole.db.act(lambda tx: takes_media(tx, NOTEBOOK, now=whole.now))
    moved(whole)
    async with whole.browser() as web:
        url = await a_preview(whole, web)
        sent = await web.get(url, follow_redirects=False)
        there = await web.get(url, headers={"host": "media.example"})

    assert (sent.status_code, sent.headers["location"]) == (307, f"{HOST}{url}")
    assert sent.content == b""
    assert (there.status_code, there.content) == (200, b"a picture")


async def test_pages_of_ours_may_show_what_comes_from_there(whole: Whole) -> None:
    """Also the page that another site frames: it has a policy of its own."""
    moved(whole)
    async with whole.browser() as web:
        for path in ("/t/notebook/blog", "/embed/frame/notebook/blog"):
            policy = (await web.get(path)).headers["content-security-policy"]
            assert f"img-src 'self' {HOST} data:;" in policy
            assert f"media-src 'self' {HOST};" in policy
            assert BASE not in policy
