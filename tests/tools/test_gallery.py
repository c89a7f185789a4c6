"""The page of pictures shows every state that is taken, and nothing else."""

import re

from tools.gallery import FOLDER, SHOTS
from tools.pictures import LARGEST

PAGE = FOLDER.parents[1] / "widget.md"


def test_the_page_shows_every_picture_under_its_caption() -> None:
    shown = re.findall(r"!\[(.*)\]\(pictures/widget/(.*)\.webp\)", PAGE.read_text(encoding="utf-8"))

    assert shown == [(shot.says, shot.name) for shot in SHOTS]


def test_pictures_are_there_and_small() -> None:
    files = {file.stem: file.stat().st_size for file in FOLDER.iterdir()}

    assert files.keys() == {shot.name for shot in SHOTS}
    assert max(files.values()) <= LARGEST
