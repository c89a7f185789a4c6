"""What is held against the operator's lists: a picture, and every still of a video."""

import pytest

from gentie.jobs.media import marks_of


@pytest.mark.clause("2017-2.2b")
def test_every_still_of_a_video_is_looked_up_and_black_is_not() -> None:
    stills = [
        {"seconds": 0.0, "pdq": "00", "pdq_quality": 0},
        {"seconds": 2.0, "pdq": "a1", "pdq_quality": 80},
        {"seconds": 4.0, "pdq": "b2", "pdq_quality": 50},
        {"seconds": 6.0, "pdq": "a1", "pdq_quality": 90},
    ]

    assert marks_of({"seconds": 8.0, "key_frames": stills}) == ("a1", "b2")


def test_a_picture_has_one_and_sound_none() -> None:
    assert marks_of({"pdq": "a1", "pdq_quality": 90}) == ("a1",)
    assert marks_of({"pdq": "a1", "pdq_quality": 10}) == ()
    assert marks_of({"seconds": 3.0, "waveform": [1, 2]}) == ()
