"""Words in pictures, read by the real program; what becomes of a picture it cannot read."""

from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from gentie.media import refusals
from gentie.media.adapters import reader
from gentie.media.adapters.program import NotScrubbed
from gentie.media.adapters.reader import missing, read_words, scrub_and_read
from gentie.media.adapters.scrubber import Scrubbed, scrub
from gentie.media.limits import Limits
from gentie.media.model import Reading
from tests.media.scrubbing.build import a_picture, an_animation
from tests.media.scrubbing.lettered import LANGUAGES, a_sign
from tests.media.scrubbing.recorded import a_sound, slides


async def sent(data: bytes, folder: Path, languages: str = LANGUAGES) -> Scrubbed:
    """As the job does it."""
    (folder / "upload").write_bytes(data)
    (folder / "out").mkdir()
    reads = partial(scrub_and_read, scrub=scrub, languages=languages)
    return await reads(folder / "upload", folder / "out", Limits())


@pytest.mark.clause("2017-5.5d")
@pytest.mark.parametrize(
    ("words", "form"),
    [("加我详聊 13812345678", "JPEG"), ("Cheap tickets\nring 555 0199", "PNG")],
)
async def test_print_is_read(words: str, form: str, tmp_path: Path) -> None:
    made = await sent(a_sign(words, form), tmp_path)

    assert made.reading is Reading.DONE
    assert made.text.replace(" ", "") == words.replace(" ", "")


@pytest.mark.clause("2017-5.5d")
async def test_what_a_video_says_later_is_read_too(tmp_path: Path) -> None:
    """Its poster shows but one of them; each line stands there once."""
    signs = [Image.open(BytesIO(a_sign(words))) for words in ("今天天气好", "加我详聊 13812345678")]
    made = await sent(slides(*signs), tmp_path)

    assert made.reading is Reading.DONE
    assert made.text.replace(" ", "").splitlines() == ["今天天气好", "加我详聊13812345678"]


async def test_a_picture_without_words_was_read_all_the_same(tmp_path: Path) -> None:
    made = await sent(an_animation(), tmp_path)

    assert (made.reading, made.text) == (Reading.DONE, "")


async def test_sound_has_nothing_to_read(tmp_path: Path) -> None:
    assert (await sent(a_sound(), tmp_path)).reading is Reading.NONE


async def test_a_reader_that_is_missing_costs_nobody_their_picture(tmp_path: Path) -> None:
    made = await sent(a_picture(), tmp_path, "nowhere_yet")

    assert (made.reading, made.text, made.kind) == (Reading.FAILED, "", "picture")
    assert "nowhere_yet" in await missing("nowhere_yet", tmp_path)
    assert await missing(LANGUAGES, tmp_path) == ""


@pytest.mark.parametrize("said", [(b"", -6), (b"[1]", 0), (b'{"words": 1}', 0)])
async def test_what_is_no_answer_is_not_believed(
    said: tuple[bytes, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def says(*asked: object, **how: object) -> tuple[bytes, int]:
        return said

    monkeypatch.setattr(reader, "hear", says)

    with pytest.raises(NotScrubbed) as failed:
        await read_words([tmp_path / "640.webp"], LANGUAGES, Limits())
    assert failed.value.code == refusals.UNCHECKED
