"""Sound and video as people record them: what comes out."""

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from gentie.media.limits import Limits
from tests.media.scrubbing.build import outcome_of, scrubbed
from tests.media.scrubbing.recorded import a_sound, a_video, a_wav, tracks_of, turned


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp3", "libmp3lame"),
        ("wav", "pcm_s16le"),
        ("flac", "flac"),
        ("ogg", "libopus"),
        ("mp4", "aac"),
        ("webm", "libopus"),
    ],
)
async def test_sound_becomes_opus_with_a_line(form: str, codec: str, tmp_path: Path) -> None:
    done = await scrubbed(a_sound(form, codec, seconds=2), tmp_path)

    assert done.kind == "audio"
    assert [one.name for one in done.variants] == ["audio"]
    assert list(tracks_of(done.variants[0].file)) == [("audio", "opus")]
    assert done.facts["seconds"] == pytest.approx(2, abs=0.1)
    line = done.facts["waveform"]
    assert 20 <= len(line) <= 120
    assert min(line) < 25
    assert 64 < max(line) <= 255


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(
    ("form", "codec", "sound"),
    [
        ("mp4", "libx264", "aac"),
        ("webm", "libvpx", "libopus"),
        ("webm", "libvpx-vp9", "libopus"),
        ("mov", "libx264", ""),
        ("matroska", "libvpx", ""),
    ],
)
async def test_video_becomes_vp9_with_a_poster_and_stills(
    form: str, codec: str, sound: str, tmp_path: Path
) -> None:
    done = await scrubbed(a_video(form, codec, sound=sound, seconds=5), tmp_path)

    assert done.kind == "video"
    assert [one.name for one in done.variants] == ["video", "poster"]
    heard = [("audio", "opus")] if sound else []
    assert sorted(tracks_of(done.variants[0].file)) == [*heard, ("video", "vp9")]
    assert done.facts["seconds"] == pytest.approx(5, abs=0.3)
    assert done.facts["has_sound"] is bool(sound)
    assert [one["seconds"] for one in done.facts["key_frames"]] == pytest.approx([0, 2, 4], abs=0.1)
    assert len(done.key_frames) == 3


async def test_sound_may_begin_long_before_the_picture(tmp_path: Path) -> None:
    """As browsers record it: both tracks have to be named before the first sound is written."""
    late = a_video("webm", "libvpx", sound="libopus", times=[0.6, 0.7, 0.8])

    done = await scrubbed(late, tmp_path)

    assert sorted(tracks_of(tmp_path / "out" / "video.webm")) == [
        ("audio", "opus"),
        ("video", "vp9"),
    ]
    assert done.facts["seconds"] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("degrees", "red"), [(90, "right"), (180, "bottom"), (270, "left")])
async def test_a_video_is_turned_upright(degrees: int, red: str, tmp_path: Path) -> None:
    """The red square of the first picture is at the upper left as the file stores it."""
    data = turned(a_video(size=(96, 64), times=[0.0, 0.1]), degrees)

    done = await scrubbed(data, tmp_path)

    assert (done.facts["width"], done.facts["height"]) == ((96, 64) if degrees == 180 else (64, 96))
    with Image.open(done.variants[1].file) as poster:
        seen = poster.convert("RGB")
        width, height = seen.size
        at = {
            "right": (width - 10, 6),
            "bottom": (width - 6, height - 10),
            "left": (10, height - 6),
        }[red]
        color = seen.getpixel(at)
    assert isinstance(color, tuple)
    assert color[0] > 180
    assert color[2] < 90


async def test_a_large_video_is_made_smaller_and_never_a_small_one_larger(tmp_path: Path) -> None:
    done = await scrubbed(a_video(size=(1920, 1080), times=[0.0, 0.1, 0.2]), tmp_path)

    assert (done.variants[0].width, done.variants[0].height) == (1280, 720)
    assert (done.facts["width"], done.facts["height"]) == (1920, 1080)


async def test_a_long_video_has_no_more_stills_than_somebody_looks_at(tmp_path: Path) -> None:
    data = a_video(times=[float(at) for at in range(0, 200, 2)])

    done = await scrubbed(data, tmp_path)

    assert 12 <= len(done.key_frames) <= 24
    times = [one["seconds"] for one in done.facts["key_frames"]]
    apart = {round(b - a) for a, b in pairwise(times)}
    assert len(apart) == 1


@pytest.mark.parametrize(
    ("limits", "data", "code"),
    [
        (Limits(sound_bytes=1000), a_wav(), "media-bytes"),
        (Limits(sound_seconds=0.5), a_wav(), "media-length"),
        (Limits(video_bytes=1000), a_video(), "media-bytes"),
        (Limits(video_seconds=0.5), a_video(), "media-length"),
        (Limits(video_side=90), a_video(), "media-pixels"),
        (Limits(video_pixels=90 * 64), a_video(), "media-pixels"),
        (Limits(decoded_pixels=96 * 64 * 4), a_video(), "media-heavy"),
        (Limits(streams=1), a_video(sound="aac"), "media-streams"),
    ],
)
async def test_each_limit_has_its_reason(
    limits: Limits, data: bytes, code: str, tmp_path: Path
) -> None:
    assert await outcome_of(data, tmp_path, limits) == code
