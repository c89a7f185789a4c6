"""What the composer is told: which files I may add here, and if none, why."""

import base64
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


async def test_a_file_goes_up_in_the_way_that_the_widget_sends_it(story: Story) -> None:
    """Begin under a key, pieces, look where it is, go on: `widget/src/media/sending.ts`."""
    await story.whole.db.act(partial(takes_media, site=DAILY, now=story.whole.now))
    data, tus = a_picture(), {"tus-resumable": "1.0.0", "accept": "application/json"}
    site = base64.b64encode(DAILY.encode()).decode()
    begin = {**story.lin, **tus, "upload-length": str(len(data)), "idempotency-key": "a" * 32}
    begin |= {"upload-metadata": f"site {site}"}

    first = (await story.web.post(UPLOADS, headers=begin)).json()
    again = (await story.web.post(UPLOADS, headers=begin)).json()
    assert first["id"] == again["id"]
    here = f"{UPLOADS}/{first['id']}"
    kind = {"content-type": "application/offset+octet-stream"}
    for at_, piece in ((0, data[:1000]), (1000, data[1000:])):
        assert (await story.web.get(here, headers=story.lin)).json()["offset"] == at_
        sent = {**story.lin, **tus, **kind, "upload-offset": str(at_)}
        answer = await story.web.patch(here, content=piece, headers=sent)
        assert answer.status_code == 204, answer.text
    assert (await story.web.get(here, headers=story.lin)).json()["state"] == "checking"
    await story.whole.check_uploads()
    done = (await story.web.get(here, headers=story.lin)).json()

    assert done["state"] == "ready"
    assert done["previews"][-1]["type"] == "image/webp"
    words = {"alt": "The ferry"}
    assert (await story.web.patch(here, json=words, headers=story.lin)).json()["alt"] == "The ferry"
