"""Artrans and WXR: what other services, and our own importers, make of them."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from msgspec.structs import replace

from gentie.cli.imports.model import Ignored, OldComment, Reading
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.readers.gentie import read_gentie
from gentie.main.instance import Instance
from gentie.moving.file import lines_of, read_records
from gentie.moving.records.threads import CommentRecord
from gentie.moving.wxr import as_data, as_text
from tests.moving.test_commands import told

WP = "{http://wordpress.org/export/1.2/}"
_COMMENT = {
    "comment_id",
    "comment_author",
    "comment_author_email",
    "comment_author_url",
    "comment_author_IP",
    "comment_date",
    "comment_date_gmt",
    "comment_content",
    "comment_approved",
    "comment_type",
    "comment_parent",
    "comment_user_id",
}


@pytest.fixture(scope="module")
def moved(old_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the newsroom in it."""
    data = tmp_path_factory.mktemp("moved") / "news"
    Instance(data=data, log_origin="new.example/log").migrate()
    assert told(data, "restore-site", old_place / "daily.jsonl").exit_code == 0
    return data


def written(moved: Path, form: str, tmp_path: Path) -> Path:
    file = tmp_path / f"daily.{form}"
    done = told(moved, "export", "--site", "daily", "--format", form, "--to", file)
    assert done.exit_code == 0, done.output
    return file


def shown(data: Path) -> Iterator[tuple[str, str, str, str]]:
    """Author, words, time and the words that it answers, of all that is public or waits."""
    asked = """
        SELECT json_extract(c.author, '$.name'), r.plain, c.created_at, coalesce(p.plain, '')
        FROM comment c
        JOIN revision r ON r.thread_id = c.thread_id AND r.comment_id = c.id
          AND r.number = CASE WHEN c.state = 'held' THEN c.latest ELSE c.revision END
        LEFT JOIN comment up ON up.thread_id = c.thread_id AND up.id = c.parent_id
        LEFT JOIN revision p ON p.thread_id = up.thread_id AND p.comment_id = up.id
          AND p.number = CASE WHEN up.state = 'held' THEN up.latest ELSE up.revision END
        WHERE c.state IN ('published', 'held')
    """
    with closing(sqlite3.connect(data / "gentie.db")) as tx:
        for author, plain, at, above in tx.execute(asked):
            yield author, squeezed(plain), at[:19], squeezed(above)


def pages_of(data: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(data / "gentie.db")) as tx:
        return set(
            tx.execute(
                "SELECT DISTINCT thread.title, thread.url"
                " FROM thread JOIN comment USING (thread_id) WHERE comment.state = 'published'"
            )
        )


def squeezed(words: str) -> str:
    """Blank space and marks of lists are not the same in every markup."""
    return re.sub(r"(^|\s+)(\d+\. |[-•] )?", " ", words).strip()


class TestArtrans:
    @pytest.fixture
    def items(self, moved: Path, tmp_path: Path) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(written(moved, "artrans", tmp_path).read_bytes())
        return found

    def test_every_value_is_a_string(self, items: list[dict[str, Any]]) -> None:
        assert {type(value) for item in items for value in item.values()} == {str}
        assert {item["email"] + item["ip"] + item["ua"] + item["link"] for item in items} == {""}

    def test_answers_name_what_is_there(self, items: list[dict[str, Any]]) -> None:
        ids = [item["id"] for item in items]
        assert len(set(ids)) == len(ids)
        assert {item["rid"] for item in items} - {"0"} <= set(ids)
        pages = {item["id"]: item["page_key"] for item in items}
        assert all(pages[one["rid"]] == one["page_key"] for one in items if one["rid"] != "0")

    def test_holds_what_is_public_or_waits(self, moved: Path, items: list[dict[str, Any]]) -> None:
        authors = sorted(author for author, *_ in shown(moved))
        assert sorted(item["nick"] for item in items) == authors
        assert {item["is_pending"] for item in items} == {"true", "false"}
        assert all(re.fullmatch(r"[\d-]{10} [\d:]{8} \+0000", item["created_at"]) for item in items)


class TestWxr:
    def test_has_the_shape_that_wordpress_writes(self, moved: Path, tmp_path: Path) -> None:
        channel = fromstring(written(moved, "wxr", tmp_path).read_bytes()).find("channel")
        assert channel is not None
        assert channel.findtext(f"{WP}wxr_version") == "1.2"
        items = channel.findall("item")
        numbers = [one.findtext(f"{WP}comment_id") for one in channel.iter(f"{WP}comment")]
        assert len(set(numbers)) == len(numbers) == len(list(shown(moved)))
        for item in items:
            assert item.findtext(f"{WP}post_type") == "post"
            here = {one.findtext(f"{WP}comment_id") for one in item.findall(f"{WP}comment")}
            for comment in item.findall(f"{WP}comment"):
                assert {one.tag.removeprefix(WP) for one in comment} == _COMMENT
                assert comment.findtext(f"{WP}comment_parent") in here | {"0"}
                assert comment.findtext(f"{WP}comment_approved") in {"0", "1"}
                assert not comment.findtext(f"{WP}comment_author_email")

    def test_characters_that_xml_or_its_sections_cannot_hold(self) -> None:
        made = f"<a>{as_text('x<&>' + chr(1) + chr(0xFFFE))}{as_data('1]]>2' + chr(0))}</a>"
        assert "".join(fromstring(made).itertext()) == "x<&>1]]>2"


@pytest.mark.parametrize("form", ["wxr", "artrans", "gentie"])
def test_our_own_importers_read_them_back(moved: Path, tmp_path: Path, form: str) -> None:
    file, data = written(moved, form, tmp_path), tmp_path / "third"
    Instance(data=data).migrate()
    opened = ("--name", "B", "--regime", "neutral", "--assessment", "a-1")
    told(data, "site", "add", "blog", *opened)
    told(data, "site", "online", "blog", "comment.danmaku", "--assessment", "a-2")
    done = told(data, "import", form, file, "--site", "blog", "--json")

    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(moved / "gentie.db")) as tx:
        ((waiting,),) = tx.execute("SELECT count(*) FROM comment WHERE state = 'held'")
    before, after = list(shown(moved)), list(shown(data))
    if form == "gentie":
        assert pages_of(data) == pages_of(moved)
        assert json.loads(done.stdout)["ignored"] == {"picture": 1}
        assert len({one[:3] for one in after}) > 100
    assert len(after) == len(before) - waiting
    assert {one[:3] for one in after} <= {one[:3] for one in before}
    above = {one[:3]: one[3] for one in before}
    assert [one for one in after if one[3] and above[one[:3]] and one[3] != above[one[:3]]] == []


def test_files_stay_behind_and_nobody_is_left_to_guess(old_place: Path, tmp_path: Path) -> None:
    """One that is nothing but a file is left out, with a word on what would bring its bytes."""
    records = list(read_records(old_place / "daily.jsonl"))
    (seen,) = (one for one in records if isinstance(one, CommentRecord) and _files(one))
    bare = replace(seen, revisions=tuple(replace(one, text="") for one in seen.revisions))
    file = tmp_path / "bare.jsonl"
    file.write_bytes(b"".join(lines_of(bare if one is seen else one for one in records)))

    read = list(read_gentie(ExportFile(file), Reading()))

    assert [one.what for one in read if isinstance(one, Ignored)] == ["picture"]
    (left,) = (one for one in read if isinstance(one, OldComment) and one.id == seen.ref)
    assert left.why_not == "nothing but files, which `gentie restore-site` brings"


def _files(record: CommentRecord) -> bool:
    return any(one.parts for one in record.revisions)
