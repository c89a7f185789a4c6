"""Hostile pictures are refused with their reason, or made harmless, within the limits."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gentie.media.adapters.program import NotScrubbed
from gentie.media.refusals import REASONS, sentence_of
from tests.media.scrubbing.build import riff_chunks, scrubbed
from tests.media.scrubbing.hostile_pictures import FILES, HARMLESS
from tests.media.scrubbing.test_pictures import ALLOWED

TAKEN = [made for made, code in FILES.items() if code == HARMLESS]
REFUSED = [(made, code) for made, code in FILES.items() if code != HARMLESS]


def name(one: object) -> str:
    return getattr(one, "__name__", str(one))


@pytest.mark.clause("2022-2.2")
@pytest.mark.parametrize(("made", "code"), REFUSED, ids=name)
async def test_it_is_refused_and_says_why(
    made: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    with pytest.raises(NotScrubbed) as refused:
        await scrubbed(made(), tmp_path)

    assert refused.value.code == code
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.clause("2022-2.2")
@pytest.mark.parametrize("made", TAKEN, ids=name)
async def test_it_is_made_harmless(made: Callable[[], bytes], tmp_path: Path) -> None:
    """Nothing but pixels comes out: no second half, nothing that was written into it."""
    done = await scrubbed(made(), tmp_path)

    for one in done.variants:
        kept = one.file.read_bytes()
        assert set(riff_chunks(kept)) <= ALLOWED
        assert b"EVIL" not in kept
        assert b"PK\x03\x04" not in kept
        assert b"%PDF" not in kept


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 30


def test_each_reason_has_a_sentence_in_both_languages() -> None:
    for code in REASONS:
        assert sentence_of(code, "en") != sentence_of(code, "zh-CN")


WEIGHED = """
import asyncio, resource, sys, tempfile
from pathlib import Path
from gentie.media.adapters.program import NotScrubbed
from tests.media.scrubbing import hostile_pictures
from tests.media.scrubbing.build import scrubbed
for name in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(scrubbed(getattr(hostile_pictures, name)(), Path(folder)))
        except NotScrubbed:
            pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A process of its own: what other tests have started does not count."""


def test_none_takes_more_memory_than_is_allowed() -> None:
    """The program that held most while all of them were looked at (KiB)."""
    names = [name(made) for made in FILES]
    weighed = subprocess.run(  # noqa: S603 our own code
        [sys.executable, "-c", WEIGHED, *names], check=True, capture_output=True, text=True
    )

    assert 20 * 1024 < int(weighed.stdout) < 400 * 1024
