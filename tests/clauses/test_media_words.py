"""Words that stand in a picture pass the same screening as words that somebody writes."""

from functools import partial

import pytest

from gentie.media.adapters.reader import scrub_and_read
from gentie.media.adapters.scrubber import scrub
from tests.clauses.build import Story, at
from tests.media.build import takes_media
from tests.media.scrubbing.build import a_picture
from tests.media.scrubbing.lettered import LANGUAGES, a_sign
from tests.newsroom import NOTEBOOK

UPLOADS = "/api/v1/uploads"


async def posted(story: Story, picture: bytes, languages: str = LANGUAGES) -> tuple[str, str]:
    """Sent where nobody has to look first. The state of the upload, and of what took it along."""
    files = {"file": ("sign.jpg", picture, "image/jpeg")}
    sent = await story.web.post(UPLOADS, data={"site": NOTEBOOK}, files=files, headers=story.lin)
    reads = partial(scrub_and_read, scrub=scrub, languages=languages)
    assert await story.whole.check_uploads(reads) == 1
    one = (await story.web.get(f"{UPLOADS}/{sent.json()['id']}", headers=story.lin)).json()
    made = await story.web.post(
        f"{at(NOTEBOOK, 'blog')}/comments",
        json={"text": "Look", "attachments": [one["id"]]},
        headers=story.lin,
    )
    assert made.status_code == 201, made.text
    return one["state"], made.json()["state"]


@pytest.fixture
async def open_to_media(story: Story) -> Story:
    await story.whole.db.act(partial(takes_media, site=NOTEBOOK, now=story.whole.now))
    return story


@pytest.mark.clause("2017-5.5d", "2022-4.4a", "2017-2.2b")
@pytest.mark.parametrize(
    ("words", "states"),
    [("王先生 13812345678", ("held", "held")), ("今晚渡口停航", ("ready", "published"))],
)
async def test_what_the_rules_hit_in_a_picture_is_held(
    words: str, states: tuple[str, str], open_to_media: Story
) -> None:
    assert await posted(open_to_media, a_sign(words, "JPEG")) == states


@pytest.mark.clause("2017-5.5d")
async def test_what_should_have_been_read_and_was_not_waits_for_a_person(
    open_to_media: Story,
) -> None:
    assert await posted(open_to_media, a_picture(), "nowhere_yet") == ("held", "held")
