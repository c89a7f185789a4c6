"""Danmaku of other services: its moments come along, and nothing that is hostile."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gentie.cli.imports.model import BadExport
from gentie.danmaku.model import Mode
from tests.cli.imports.build import (
    DANMAKU_XML,
    DPLAYER_ANSWER,
    comments_of,
    exports,
    records_of,
    staging_of,
)
from tests.cli.test_operating import a_site, data, told

__all__ = ["data"]
RED, SKY = 0xFF6B6B, 0x74C0FC


@pytest.fixture
def files(tmp_path: Path, data: Path) -> dict[str, Path]:
    a_site(data)
    return exports(tmp_path)


def online(data: Path) -> None:
    answer = told(data, "site", "online", "blog", "comment.danmaku", "--assessment", "a-1")
    assert answer.exit_code == 0, answer.output


def brought(data: Path, form: str, file: Path) -> dict[str, Any]:
    answer = told(data, "import", form, file, "--site", "blog", "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "gentie.db")) as db:
        return db.execute(query).fetchall()


LINES = """
SELECT k.key, d.t_ms, d.mode, d.colour, d.shown, c.form, c.origin, c.plain
FROM danmaku d JOIN comment c ON c.thread_id = d.thread_id AND c.id = d.id
JOIN thread_key k ON k.thread_id = d.thread_id ORDER BY d.t_ms
"""


@pytest.mark.parametrize(
    ("name", "colour"), [("dplayer.json", RED), ("dplayer.jsonl", RED), ("danmaku-xml.xml", SKY)]
)
def test_lines_keep_their_moments_and_come_once(
    data: Path, files: dict[str, Path], name: str, colour: int
) -> None:
    online(data)
    form = name.partition(".")[0]
    first, again = (brought(data, form, files[name]) for _ in range(2))

    assert (first["imported"], again["imported"], again["duplicates"]) == (2, 0, 2)
    assert first["skipped"]["not in the video"] == 1
    archived = ("danmaku", "archive")
    assert rows(data, LINES) == [
        ("film-7", 61_500, "top", colour, 1, *archived, "Fine <b> tea"),
        ("film-7", 130_250, "scroll", 0xFFFFFF, 1, *archived, "Reply"),
    ]
    assert rows(data, "SELECT number, count FROM danmaku_segment ORDER BY number") == [
        (0, 1),
        (1, 1),
    ]
    assert rows(data, "SELECT kind FROM danmaku_stream") == [("recorded",)]


def test_not_before_its_assessment(data: Path, files: dict[str, Path]) -> None:
    before = brought(data, "dplayer", files["dplayer.json"])
    online(data)
    after = brought(data, "dplayer", files["dplayer.json"])

    assert (before["imported"], before["skipped"]["feature-offline"]) == (0, 2)
    assert after["imported"] == 2


def test_an_answer_to_a_player_is_named_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "dplayer.json"
    file.write_text(json.dumps(DPLAYER_ANSWER))
    first, same = comments_of(file)

    assert (first.thread, first.author, first.text) == ("dplayer", "Li", "Fine")
    assert first.id.endswith(".1")
    assert same.id == first.id[:-1] + "2"
    assert [one.id for one in comments_of(file)] == [first.id, same.id]
    assert staging_of(file).wanted == 2


def test_what_cannot_be_shown_is_counted(tmp_path: Path) -> None:
    staging = staging_of(exports(tmp_path)["danmaku-xml.xml"])
    assert staging.skipped() == {
        "moved by a script": 1,
        "not in the video": 1,
        "unreadable: a line without time, mode, size and colour": 1,
    }


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE i [<!ENTITY a "aaaa">]><i><d p="1,1,25,0">&a;</d></i>',
        '<!DOCTYPE i SYSTEM "file:///etc/passwd"><i/>',
        "<i>" + "<x>" * 60,
        '<i><d p="1,1,25,0">cut',
        "<html><body>no</body></html>",
    ],
)
def test_hostile_xml_is_refused_in_one_line(tmp_path: Path, hostile: str) -> None:
    file = tmp_path / "danmaku-xml.xml"
    file.write_text(hostile)
    with pytest.raises(BadExport) as refused:
        records_of(file)
    assert "\n" not in str(refused.value)


def test_markup_stays_words(tmp_path: Path) -> None:
    file = tmp_path / "danmaku-xml.xml"
    text = "&lt;img src=x onerror=alert(1)&gt; **loud**"
    file.write_text(DANMAKU_XML.replace("Reply", text))
    (found,) = [one for one in comments_of(file) if one.id == "902"]

    assert found.text == "<img src=x onerror=alert(1)> **loud**"
    assert found.over is not None
    assert (found.over.t_ms, found.over.mode) == (130_250, Mode.SCROLL)
