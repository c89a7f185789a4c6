"""What the composer is told: which files I may add here, and if none, why."""

from functools import partial
from typing import Any

import pytest

from gentie.kernel.ids import SiteId
from tests.clauses.build import Story, at, told
from tests.media.build import takes_media
from tests.media.scrubbing.build import a_picture
from tests.newsroom import DAILY, NOTEBOOK

UPLOADS = "/api/v1/uploads"


async def mine(story: Story, site: SiteId = DAILY) -> dict[str, Any]:
    return dict((await story.web.get(f"{at(site, 'blog')}/mine", headers=story.lin)).json())


@pytest.mark.clause("2017-2.2b")
async def test_files_are_offered_where_the_site_takes_them(story: Story) -> None:
    assert (await mine(story))["files"] is None
    await story.whole.db.act(partial(takes_media, site=DAILY, now=story.whole.now))

    offer = (await mine(story))["files"]

    assert offer["kinds"] == ["picture", "audio", "video"]
    assert (offer["each"], offer["why"]) == (4, "")
    assert offer["largest"] > 0


@pytest.mark.clause("2017-2.2b")
async def test_my_own_files_are_shown_to_me_before_they_are_public(story: Story) -> None:
    await story.whole.db.act(partial(takes_media, site=DAILY, now=story.whole.now))
    files = {"file": ("ferry.jpg", a_picture(), "image/jpeg")}
    sent = await story.web.post(UPLOADS, data={"site": DAILY}, files=files, headers=story.lin)
    await story.whole.check_uploads()
    taken = {"text": "Look", "attachments": [sent.json()["id"]]}
    await story.web.post(f"{at(DAILY, 'blog')}/comments", json=taken, headers=story.lin)

    (held,) = (await mine(story))["items"]
    url = held["parts"][0]["files"][0]["url"]
    assert (await story.web.get(url)).content[:4] == b"RIFF"
    assert told(await story.web.get(url.partition("?")[0])) == (404, "no-such-media")

    await story.publish_all()
    (shown,) = (await mine(story))["items"]
    assert shown["parts"][0]["files"][0]["url"] == url.partition("?")[0]


async def test_a_page_of_another_site_offers_nothing_of_this_one(story: Story) -> None:
    await story.whole.db.act(partial(takes_media, site=DAILY, now=story.whole.now))

    assert (await mine(story, NOTEBOOK))["files"] is None
