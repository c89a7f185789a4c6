"""The same story in the shapes in which other tools, versions and hands write it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.cli.imports.fields import moment, number, zone_of
from gentie.cli.imports.formats import formats_like
from gentie.cli.imports.json_pull import Pull
from gentie.cli.imports.model import BadExport, OldComment, Standing
from gentie.cli.imports.opening import ExportFile
from tests.cli.imports.build import (
    ARTRANS,
    COMMENTO,
    DISQUS,
    TWIKOO,
    WALINE,
    WALINE_CSV,
    WALINE_ROWS,
    as_lines,
    comments_of,
    staged,
    staging_of,
)
from tests.cli.imports.test_fuzz import Dribble
from tests.cli.imports.test_wxr import a_comment, an_export

NINE = datetime(2024, 3, 1, 9, tzinfo=UTC)
PMA = [
    {"type": "header", "version": "5.2.1", "comment": "Export to JSON plugin for PHPMyAdmin"},
    {"type": "database", "name": "waline"},
    {
        "type": "table",
        "name": "wl_Users",
        "database": "waline",
        "data": [{"id": "7", "display_name": "Li", "password": "$2$x"}],
    },
    {
        "type": "table",
        "name": "wl_Comment",
        "database": "waline",
        "data": [{**WALINE_ROWS[0], "objectId": "2"}, {**WALINE_ROWS[1], "user_id": "7"}],
    },
]
LOKI = {
    "filename": "db.json",
    "collections": [
        {"name": "config", "data": [{"_id": "x", "SMTP_PASS": "secret", "comment": "no"}]},
        {"name": "comment", "data": [{**one, "$loki": 1} for one in TWIKOO], "idIndex": [1]},
    ],
    "databaseVersion": 1.5,
}
TWIKOO_CSV = (
    "\ufeff_id;comment;created;href;ip;isSpam;like;link;mail;mailMd5;nick;pid;rid;uid;url\r\n"
    '65e1;"<p>Fine; ""tea""</p>";1709283600000;;192.0.2.4;false;"[]";;;x;Li;;;u1;/a/1\r\n'
    "65e2;<p>Reply</p>;1.7092839E+12;;;false;;;;x;Ann;65e1;65e1;;/a/1\r\n"
    "65e3;<p>Buy</p>;1709284000000;;;true;;;;x;Spam;;;;/a/1\r\n"
)


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    data = content if isinstance(content, str | bytes) else json.dumps(content)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def told(file: Path) -> dict[str, OldComment]:
    return {one.id: one for one in comments_of(file)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("artrans.text", json.dumps(json.dumps(ARTRANS))),
        ("artrans.envelope", {"success": True, "data": {"data": json.dumps(ARTRANS)}}),
        ("artrans.data", {"data": json.dumps(ARTRANS, ensure_ascii=False)}),
        ("artrans.lines", as_lines(ARTRANS)),
        ("waline.phpmyadmin", PMA),
        ("waline.bom", "\ufeff" + json.dumps(WALINE)),
        ("waline.semicolons", WALINE_CSV.replace(",,/a/1", "\t\t/a/1").replace(",", "\t")),
        ("twikoo.loki", LOKI),
        ("twikoo.semicolons", TWIKOO_CSV),
    ],
)
def test_reads_the_same_story_however_it_is_wrapped(
    tmp_path: Path, name: str, content: Any
) -> None:
    file = written(tmp_path, name, content)
    found = told(file)
    li = next(one for one in found.values() if "Fine" in one.text)
    ann = next(one for one in found.values() if "Reply" in one.text)

    assert (li.created_at, ann.parent, ann.author) == (NINE, li.id, "Ann")
    assert name.partition(".")[0] in formats_like(ExportFile(file).head())
    assert "secret" not in repr(found)


def test_what_is_null_in_a_table_is_nothing(tmp_path: Path) -> None:
    row = "3,NULL,Third,2024/3/1 9:06,\\N,NULL,NULL,Bo,NULL,NULL,0,NULL,0,,/a/1\r\n"
    one = told(written(tmp_path, "waline.csv", WALINE_CSV + row))["3"]

    assert (one.parent, one.person, one.standing) == ("", "", Standing.PUBLIC)
    assert one.created_at == datetime(2024, 3, 1, 9, 6, tzinfo=UTC)


def test_spam_of_valine_stays_spam(tmp_path: Path) -> None:
    rows = [{**WALINE_ROWS[1], "isSpam": True, "status": None}]
    assert told(written(tmp_path, "waline.json", rows))["1"].standing is Standing.SPAM


def test_nobody_is_nobody_also_in_zeros(tmp_path: Path) -> None:
    for nobody in ("anonymous", "0" * 64, None):
        said = {**COMMENTO, "comments": [{**COMMENTO["comments"][0], "commenterHex": nobody}]}
        (one,) = told(written(tmp_path, "commento.json", said)).values()
        assert (one.author, one.person) == ("", "")


def test_blank_lines_before_xml_are_forgiven(tmp_path: Path) -> None:
    for name, content in (("wxr", an_export(a_comment(1))), ("disqus", DISQUS.encode())):
        assert comments_of(written(tmp_path, f"{name}.xml", b"\n \r\n" + content))


def test_a_later_wxr_is_read_too(tmp_path: Path) -> None:
    later = an_export(a_comment(1)).replace(b"export/1.2/", b"export/1.3/")
    assert len(comments_of(written(tmp_path, "wxr.xml", later))) == 1


def test_two_threads_of_one_address_are_one_place(tmp_path: Path) -> None:
    twins = DISQUS.replace("https://news.example/gone", "https://news.example/a/1?x=2")
    twins = twins.replace("<isDeleted>true</isDeleted></thread>", "</thread>")
    staging = staging_of(written(tmp_path, "disqus.xml", twins))

    assert (staging.page_count, staging.wanted) == (1, 3)
    assert {one.key for one in staged(staging)} == {"https://news.example/a/1?x=2"}


@pytest.mark.parametrize(
    "said",
    [
        "2024-03-01 17:00:00 +0800 CST",
        "2024-03-01 17:00:00 +0800 +0800",
        "2024-03-01 09:00:00 +0000 UTC",
        "2024-03-01 17:00:00.000000000 +0800 CST m=+0.000001",
        "Fri Mar 01 2024 17:00:00 GMT+0800 (China Standard Time)",
        "Fri, 01 Mar 2024 09:00:00 GMT",
        "2024/3/1 17:00",
        "2024-3-1 17:00:00",
        "2024-03-01T09:00:00.000Z",
        "2024-03-01 09:00:00 UTC",
        1709283600,
        1709283600000,
        "1709283600000000",
        "1.7092836E+12",
        {"$date": {"$numberLong": "1709283600000"}},
        {"$numberDouble": "1709283600000.0"},
        {"__type": "Date", "iso": "2024-03-01T09:00:00.000Z"},
    ],
)
def test_a_time_is_a_time_however_it_is_written(said: Any) -> None:
    assert moment(said, zone_of("Asia/Shanghai")) == NINE


@pytest.mark.parametrize("said", ["", "NULL", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "x/y"])
def test_what_is_no_time_is_none(said: str) -> None:
    assert moment(said, UTC) is None


def test_nobody_counts_so_far() -> None:
    assert number("9223372036854775296") is None
    assert number({"$numberInt": "3"}) == number("3.0") == 3


@given(rows=st.lists(st.text(), max_size=5), step=st.integers(1, 9), plain=st.booleans())
def test_json_inside_of_json_is_read_through(rows: list[str], step: int, plain: bool) -> None:  # noqa: FBT001 drawn
    said = json.dumps([{"content": one} for one in rows], ensure_ascii=not plain)
    whole = json.dumps(said, ensure_ascii=not plain).encode("utf-8", "replace")
    outer = Pull(Dribble(whole, step))
    inner = Pull(outer.inside())
    read = [inner.value()["content"] for _ in inner.items()]

    assert read == [one.encode("utf-8", "replace").decode() for one in rows]
    assert (inner.kind(), outer.kind()) == ("", "")


@pytest.mark.parametrize(
    ("inside", "says"),
    [(r'"[\"\ud83d\",\"\u00e9\\n\"]"', ["\ufffd", "é\n"]), (r'"[\"a', None)],
)
def test_half_a_character_inside_is_mended(inside: str, says: list[str] | None) -> None:
    pull = Pull(Pull(Dribble(inside.encode(), 5)).inside())
    if says is None:
        with pytest.raises(BadExport, match="cut off"):
            pull.value()
    else:
        assert pull.value() == says
