"""Pictures as people take them: what comes out, what does not."""

from pathlib import Path

import pytest
from PIL import Image, ImageCms

from gentie.media.limits import Limits
from tests.media.scrubbing.build import (
    a_photo,
    a_picture,
    an_animation,
    outcome_of,
    riff_chunks,
    scrubbed,
    written,
)

ALLOWED = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"}
"""Parts of a WebP that hold pixels. EXIF, XMP and ICCP are not among them."""


def exif(**tags: object) -> Image.Exif:
    names = {"orientation": 0x0112, "maker": 0x010F, "gps": 0x8825}
    made = Image.Exif()
    for name, value in tags.items():
        made[names[name]] = value
    return made


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_a_picture_comes_out_in_sizes_never_larger_than_it_was(
    form: str, tmp_path: Path
) -> None:
    done = await scrubbed(a_picture(form, (900, 450)), tmp_path)

    assert done.kind == "picture"
    assert [(one.name, one.width, one.height) for one in done.variants] == [
        ("1280", 900, 450),
        ("640", 640, 320),
        ("320", 320, 160),
    ]
    assert {one.content_type for one in done.variants} == {"image/webp"}
    assert (done.facts["width"], done.facts["height"]) == (900, 450)


async def test_a_small_picture_stays_as_small_as_it_is(tmp_path: Path) -> None:
    done = await scrubbed(a_picture("PNG", (40, 30)), tmp_path)

    assert [(one.name, one.width, one.height) for one in done.variants] == [("320", 40, 30)]


@pytest.mark.clause("2017-5.2b")
async def test_nothing_is_left_of_what_a_camera_and_a_person_wrote_into_it(tmp_path: Path) -> None:
    notes = exif(maker="SECRET-camera", gps={1: "N", 2: (30.0, 40.0, 0.0)})
    data = a_picture("JPEG", exif=notes, comment=b"SECRET-comment", xmp=b"<x>SECRET-xmp</x>")
    assert data.count(b"SECRET") == 3

    done = await scrubbed(data, tmp_path)

    for one in done.variants:
        kept = one.file.read_bytes()
        assert set(riff_chunks(kept)) <= ALLOWED
        assert b"SECRET" not in kept


@pytest.mark.parametrize("turn", range(1, 9))
async def test_a_picture_is_turned_upright(turn: int, tmp_path: Path) -> None:
    """The red corner of an upright picture is at its upper left, however the camera was held."""
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste("red", (0, 0, 16, 16))
    lying = Image.Transpose
    undo = {
        1: None, 2: lying.FLIP_LEFT_RIGHT, 3: lying.ROTATE_180, 4: lying.FLIP_TOP_BOTTOM,
        5: lying.TRANSPOSE, 6: lying.ROTATE_90, 7: lying.TRANSVERSE, 8: lying.ROTATE_270,
    }[turn]  # fmt: skip
    held = upright if undo is None else upright.transpose(undo)

    done = await scrubbed(written(held, "PNG", exif=exif(orientation=turn)), tmp_path)

    assert (done.facts["width"], done.facts["height"]) == (64, 32)
    with Image.open(done.variants[0].file) as seen:
        red, _, blue = seen.convert("RGB").getpixel((6, 6))  # type: ignore[misc]  # three, of RGB
        assert red > 200
        assert blue < 60


async def test_colours_of_a_profile_are_worked_out_and_the_profile_is_gone(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()

    done = await scrubbed(a_picture("PNG", icc_profile=profile), tmp_path)

    assert set(riff_chunks(done.variants[0].file.read_bytes())) <= ALLOWED


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_every_way_to_store_a_pixel_is_read(mode: str, tmp_path: Path) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("I;16", (64, 48), 40_000) if mode == "I;16" else a_photo().convert(mode)

    assert await outcome_of(written(picture, form), tmp_path) == "picture"


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
async def test_an_animation_stays_one_and_has_a_still(form: str, tmp_path: Path) -> None:
    done = await scrubbed(an_animation(form, 4), tmp_path)

    assert [one.name for one in done.variants] == ["160", "poster"]
    assert (done.facts["animated"], done.facts["frames"]) == (True, 4)
    assert done.facts["seconds"] == pytest.approx(0.2)
    with Image.open(done.variants[0].file) as moving:
        assert moving.n_frames == 4  # type: ignore[attr-defined]  # of a WebP
    with Image.open(done.variants[1].file) as still:
        assert still.n_frames == 1  # type: ignore[attr-defined]  # of a WebP


@pytest.mark.parametrize(
    ("limits", "data", "code"),
    [
        (Limits(picture_bytes=1000), a_picture(), "media-bytes"),
        (Limits(pixels=1000), a_picture(), "media-pixels"),
        (Limits(side=500), a_picture(), "media-pixels"),
        (Limits(frames=3), an_animation("GIF", 4), "media-frames"),
        (Limits(animated_pixels=64 * 48 * 3), an_animation("WEBP", 4), "media-frames"),
        (Limits(memory=200 * 2**20), a_picture("PNG", (6000, 6000)), "media-heavy"),
        (Limits(cpu_seconds=0), a_picture(), "media-heavy"),
        (Limits(wall_seconds=0.0), a_picture(), "media-heavy"),
    ],
)
async def test_each_limit_has_its_reason(
    limits: Limits, data: bytes, code: str, tmp_path: Path
) -> None:
    assert await outcome_of(data, tmp_path, limits) == code
