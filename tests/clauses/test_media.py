"""A picture from the first byte to the page and out of it again, over HTTP."""

from functools import partial
from typing import Any

import pytest

from gentie.kernel.ids import SiteId
from tests.clauses.build import SPAM, Story, at, told
from tests.media.build import takes_media
from tests.media.scrubbing.build import a_picture
from tests.newsroom import DAILY, NOTEBOOK
from tests.whole import Headers, accept

UPLOADS = "/api/v1/uploads"
ALT = "A ferry at dusk"


async def sent(story: Story, site: SiteId, content: bytes, alt: str = ALT) -> dict[str, Any]:
    """Upload as a form and have it checked. Returns what its owner reads then."""
    answer = await story.web.post(
        UPLOADS,
        data={"site": site, "alt": alt},
        files={"file": ("ferry.jpg", content, "image/jpeg")},
        headers=story.lin,
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "checking"
    assert await story.whole.check_uploads() == 1
    return dict((await story.web.get(f"{UPLOADS}/{answer.json()['id']}", headers=story.lin)).json())


async def posted(story: Story, site: SiteId, media: str, by: Headers) -> dict[str, Any]:
    answer = await story.web.post(
        f"{at(site, 'blog')}/comments", json={"text": "", "attachments": [media]}, headers=by
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
async def open_to_media(story: Story) -> Story:
    for site in (DAILY, NOTEBOOK):
        await story.whole.db.act(partial(takes_media, site=site, now=story.whole.now))
    return story


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.3", "2017-5.5d")
async def test_a_picture_is_checked_reviewed_shown_and_removed(open_to_media: Story) -> None:
    story = open_to_media
    picture = await sent(story, DAILY, a_picture())
    preview = picture["previews"][0]["url"]
    bare = preview.partition("?")[0]

    assert (picture["state"], picture["kind"], picture["alt"]) == ("ready", "picture", ALT)
    assert (await story.web.get(preview)).content[:4] == b"RIFF"
    assert told(await story.web.get(bare)) == (404, "no-such-media")

    made = await posted(story, DAILY, picture["id"], story.lin)
    assert made["state"] == "held"
    assert (await story.web.get(preview)).status_code == 200
    assert told(await story.web.get(bare)) == (404, "no-such-media")

    await story.publish_all()
    (shown,) = await story.page(key="blog")
    (part,) = shown["parts"]
    assert (part["kind"], part["alt"], part["files"][0]["url"]) == ("picture", ALT, bare)
    answer = await story.web.get(bare)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"

    path = f"/api/v1/moderation/comments/{made['id']}/remove"
    removed = await story.web.post(path, json=SPAM, headers=story.desk)
    assert removed.status_code < 300, removed.text
    await story.whole.settle()
    for url in (bare, preview):
        gone = await story.web.get(url)
        assert told(gone) == (410, "media-gone")
        assert gone.json()["tombstone"]["by"] == "moderator"
    (left,) = await story.page(key="blog")
    assert "parts" not in left


@pytest.mark.clause("2017-2.2b")
async def test_where_nobody_has_to_look_first_it_is_public_at_once(open_to_media: Story) -> None:
    story = open_to_media
    picture = await sent(story, NOTEBOOK, a_picture("PNG"))

    made = await posted(story, NOTEBOOK, picture["id"], story.lin)

    assert made["state"] == "published"
    (shown,) = await story.page(NOTEBOOK, "blog")
    assert (shown["text"], len(shown["parts"])) == ("", 1)
    best = shown["parts"][0]["files"][0]["url"]
    plain = (await story.web.get("/t/notebook/blog")).text
    assert f'<a href="{best}"><img src="/media/' in plain
    assert f'alt="{ALT}"' in plain
    fragment = (await story.web.get("/embed/thread/notebook/blog.html")).text
    assert f"/media/{picture['id']}/" in fragment
    feed = (await story.web.get("/feeds/notebook.atom")).text
    assert f'rel="enclosure" type="image/webp" title="{ALT}"' in feed
    assert best in feed
    own = (await story.web.get("/api/v1/me/export", headers=story.lin)).json()
    assert [one["alt"] for one in own["uploads"]] == [ALT]


async def test_what_is_no_picture_is_refused_with_its_reason(open_to_media: Story) -> None:
    story = open_to_media
    drawing = await sent(story, NOTEBOOK, b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert drawing["state"] == "refused"
    assert drawing["reason"]["code"] == "media-drawing"
    answer = await story.web.post(
        f"{at(NOTEBOOK, 'blog')}/comments",
        json={"text": "See", "attachments": [drawing["id"]]},
        headers=story.lin,
    )
    assert told(answer) == (409, "attachment-not-ready")


async def test_nobody_gets_at_the_file_of_another(open_to_media: Story) -> None:
    story = open_to_media
    picture = await sent(story, NOTEBOOK, a_picture())
    other = await story.whole.sign_up(story.web, "Somebody")
    await accept(story.web, other, "neutral")

    assert told(await story.web.get(f"{UPLOADS}/{picture['id']}", headers=other)) == (
        404,
        "no-such-attachment",
    )
    answer = await story.web.post(
        f"{at(NOTEBOOK, 'blog')}/comments",
        json={"text": "Mine", "attachments": [picture["id"]]},
        headers=other,
    )
    assert told(answer) == (404, "no-such-attachment")
    await posted(story, NOTEBOOK, picture["id"], story.lin)
    again = await story.web.post(
        f"{at(NOTEBOOK, 'blog')}/comments",
        json={"text": "Twice", "attachments": [picture["id"]]},
        headers=story.lin,
    )
    assert told(again) == (409, "attachment-taken")
