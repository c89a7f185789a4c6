"""Our PDQ against the library of those who invented it, and against what people do to pictures."""

from io import BytesIO

import numpy as np
import pdqhash  # type: ignore[import-untyped]  # it has no types
import pytest
from PIL import Image

from gentie.media.scrubbing.fingerprints import pdq
from tests.media.scrubbing.build import a_photo

SAME = 31
"""Bits apart that still are the same picture."""


@pytest.mark.parametrize("size", [(512, 384), (1280, 900), (90, 200)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_hash_is_the_one_that_lists_are_kept_in(seed: int, size: tuple[int, int]) -> None:
    picture = a_photo(seed, size)
    bits, quality = pdqhash.compute(np.asarray(picture))
    theirs = int("".join(str(int(bit)) for bit in bits), 2)

    ours, our_quality = pdq(picture)

    assert apart(int(ours, 16), theirs) <= 20
    assert abs(our_quality - quality) <= 10


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: saved(picture, quality=30),
        lambda picture: picture.resize((256, 192)),
        lambda picture: picture.point(lambda value: min(255, int(value * 1.2))),
    ],
    ids=["saved badly", "made smaller", "made brighter"],
)
def test_what_people_do_to_a_picture_hardly_changes_it(change: object) -> None:
    assert callable(change)
    picture = a_photo(1)

    assert apart(int(pdq(picture)[0], 16), int(pdq(change(picture))[0], 16)) <= SAME


def test_other_pictures_are_far_away() -> None:
    assert apart(int(pdq(a_photo(1))[0], 16), int(pdq(a_photo(2))[0], 16)) > 2 * SAME


def test_one_colour_says_that_its_hash_is_worth_nothing() -> None:
    assert pdq(Image.new("RGB", (300, 200), "teal"))[1] == 0


def apart(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def saved(picture: Image.Image, *, quality: int) -> Image.Image:
    held = BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return Image.open(held).convert("RGB")
