"""Hostile sound and video is refused with its reason, or made harmless, within the limits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gentie.media.adapters.program import NotScrubbed
from tests.media.scrubbing.build import scrubbed
from tests.media.scrubbing.hostile_recordings import FILES
from tests.media.scrubbing.recorded import tracks_of
from tests.media.scrubbing.test_hostile_pictures import name

TAKEN = [(made, kind) for made, kind in FILES.items() if not kind.startswith("media-")]
REFUSED = [(made, code) for made, code in FILES.items() if code.startswith("media-")]
CLEAN = {"audio": [("audio", "opus")], "video": [("video", "vp9")]}


@pytest.mark.clause("2022-2.2")
@pytest.mark.parametrize(("made", "code"), REFUSED, ids=name)
async def test_it_is_refused_and_says_why(
    made: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    with pytest.raises(NotScrubbed) as refused:
        await scrubbed(made(), tmp_path)

    assert refused.value.code == code


@pytest.mark.clause("2022-2.2")
@pytest.mark.parametrize(("made", "kind"), TAKEN, ids=name)
async def test_it_is_made_harmless(made: Callable[[], bytes], kind: str, tmp_path: Path) -> None:
    """One track comes out, and no label, cover, page or file of the machine."""
    done = await scrubbed(made(), tmp_path)

    assert done.kind == kind
    assert list(tracks_of(done.variants[0].file)) == CLEAN[kind]
    for one in (*done.variants, *done.key_frames):
        kept = one.file.read_bytes()
        assert b"EVIL" not in kept
        assert b"root:" not in kept
