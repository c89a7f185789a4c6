"""What each format says, in whatever shape it comes."""

import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from gentie.cli.imports.formats import FORMATS, formats_like
from gentie.cli.imports.model import BadExport, Contact, Ignored, OldComment, Reading, Standing
from gentie.cli.imports.opening import ExportFile
from tests.cli.imports.build import (
    ARTRANS,
    REMARK42,
    as_lines,
    comments_of,
    exports,
    records_of,
    staged,
    staging_of,
)

NINE = datetime(2024, 3, 1, 9, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
SHAPES = (
    "disqus.xml",
    "artrans.json",
    "waline.json",
    "waline.csv",
    "waline.jsonl",
    "waline.results.json",
    "twikoo.json",
    "twikoo.jsonl",
    "remark42.gz",
    "remark42.json",
    "commento.json",
    "isso.json",
    "isso.db",
    "dplayer.json",
    "dplayer.jsonl",
    "danmaku-xml.xml",
)
OVER_VIDEO = ("dplayer.json", "dplayer.jsonl", "danmaku-xml.xml")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return exports(tmp_path)


def test_every_format_has_a_file(files: dict[str, Path]) -> None:
    elsewhere = {"wxr", "gentie"}  # test_wxr.py, tests/moving
    assert {name.partition(".")[0] for name in SHAPES} | elsewhere == {*FORMATS}
    assert {*files} == {*SHAPES}


@pytest.mark.parametrize("shape", SHAPES)
def test_reads_the_same_story(files: dict[str, Path], shape: str) -> None:
    """In each of them Li wrote first, at nine, and Ann answered."""
    zone = {"zone": CHINA} if shape == "isso.json" else {}
    found = [one for one in comments_of(files[shape], **zone) if one.why_not == ""]
    li = next(one for one in found if "ine" in one.text or "First" in one.text)
    ann = next(one for one in found if "Reply" in one.text)

    assert li.created_at == NINE
    assert ann.created_at is not None
    assert ann.created_at.replace(microsecond=0) == NINE + timedelta(minutes=5)
    assert li.parent == ""
    assert (li.id, ann.id) == tuple(dict.fromkeys((li.id, ann.id)))
    if shape not in ("isso.json", "waline.results.json", *OVER_VIDEO):
        assert li.author == "Li"
    if shape not in ("isso.json", "disqus.xml", *OVER_VIDEO):
        assert ann.parent == li.id
    assert li.contact is None


@pytest.mark.parametrize("shape", SHAPES)
def test_is_known_by_its_looks(files: dict[str, Path], shape: str) -> None:
    assert formats_like(ExportFile(files[shape]).head()) == [shape.partition(".")[0]]


@pytest.mark.parametrize(
    ("shape", "standings"),
    [
        ("disqus.xml", {"22": "public", "25": "trash", "21": "public", "23": "spam"}),
        ("artrans.json", {"2": "pending", "1": "public", "3": "public"}),
        ("waline.json", {"2": "pending", "1": "public"}),
        ("twikoo.json", {"65e1": "public", "65e2": "public", "65e3": "spam"}),
        ("remark42.json", {"c2": "public", "c1": "public", "c3": "trash"}),
        ("commento.json", {"b2": "pending", "a1": "public"}),
        ("isso.db", {"1": "public", "2": "pending", "3": "trash"}),
    ],
)
def test_keeps_what_was_decided_there(
    files: dict[str, Path], shape: str, standings: dict[str, str]
) -> None:
    found = {one.id: one.standing for one in comments_of(files[shape])}

    assert {id_: Standing(said) for id_, said in standings.items()}.items() <= found.items()


@pytest.mark.parametrize(
    ("shape", "id_", "votes"),
    [
        ("artrans.json", "1", 2),
        ("waline.json", "1", 2),
        ("twikoo.json", "65e1", 2),
        ("remark42.json", "c2", -1),
        ("commento.json", "a1", 2),
        ("isso.db", "1", 2),
        ("disqus.xml", "21", None),
    ],
)
def test_votes_where_the_format_has_them(
    files: dict[str, Path], shape: str, id_: str, votes: int | None
) -> None:
    (one,) = [one for one in comments_of(files[shape]) if one.id == id_]
    assert one.votes == votes


@pytest.mark.parametrize(
    ("shape", "contact"),
    [
        ("disqus.xml", Contact(email="li@example.org", address="192.0.2.4")),
        ("artrans.json", Contact(email="li@example.org", address="192.0.2.4")),
        ("waline.csv", Contact(email="li@example.org", address="192.0.2.4")),
        ("twikoo.json", Contact(email="li@example.org", address="192.0.2.4")),
        ("commento.json", Contact(email="li@example.org")),
        ("isso.db", Contact(email="li@example.org", address="192.0.2.0")),
    ],
)
def test_contacts_only_when_asked(files: dict[str, Path], shape: str, contact: Contact) -> None:
    asked = comments_of(files[shape], contact=True)

    assert contact in [one.contact for one in asked]
    assert {one.contact for one in comments_of(files[shape])} == {None}


@pytest.mark.parametrize("shape", ["artrans.json", "waline.json", "twikoo.json", "remark42.json"])
def test_says_what_it_does_not_keep(files: dict[str, Path], shape: str) -> None:
    assert Ignored(what="pinned") in records_of(files[shape])


def test_names_of_accounts_come_from_their_own_table(files: dict[str, Path]) -> None:
    (li,) = [one for one in comments_of(files["waline.json"]) if one.id == "1"]
    assert (li.author, li.person) == ("Li", "user:7")


def test_passwords_go_nowhere(files: dict[str, Path]) -> None:
    assert "$2$x" not in repr(records_of(files["waline.json"], contact=True))


def test_old_sites_stay_apart(files: dict[str, Path]) -> None:
    staging = staging_of(files["artrans.json"])

    assert staging.sites() == {"Demo": 2, "Other": 1}
    assert {one.site for one in staged(staging)} == {"Demo", "Other"}
    assert {one.key for one in staged(staging)} == {"/a/1"}


def test_the_deleted_are_passed_through(files: dict[str, Path]) -> None:
    """A tombstone would be evidence of a decision in our log; there was none."""
    staging = staging_of(files["disqus.xml"])
    found = {one.id: one.parent for one in staged(staging)}

    assert found == {"21": "", "22": "21"}
    assert staging.skipped() == {"page deleted": 1, "spam": 1, "trash": 1}
    assert staging.counts("passed") == {"": 1}
    assert staging.counts("ignored") == {"thread closed there": 1}


def test_what_waited_comes_only_when_asked(files: dict[str, Path]) -> None:
    without, with_them = (
        staging_of(files["waline.json"], pending=pending) for pending in (False, True)
    )

    assert [one.id for one in staged(without)] == ["1"]
    assert [(one.id, one.pending) for one in staged(with_them)] == [("1", False), ("2", True)]


def test_tracking_is_no_part_of_a_page(files: dict[str, Path]) -> None:
    (page,) = [one for one in staging_of(files["disqus.xml"]).pages() if one.comments]

    assert page.key == "https://news.example/a/1?x=2"
    assert page.also == ("a-1",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_reads_other_encodings(tmp_path: Path, encoding: str) -> None:
    rows = [{**ARTRANS[1], "content": "喝茶 🍵"}]
    file = tmp_path / "artrans.json"
    file.write_bytes(json.dumps(rows, ensure_ascii=False).encode(encoding))

    assert [one.text for one in comments_of(file)] == ["喝茶 🍵"]


def test_reads_what_the_operator_says_it_is_written_in(tmp_path: Path) -> None:
    file = tmp_path / "artrans.json"
    file.write_bytes(
        json.dumps([{**ARTRANS[1], "content": "喝茶"}], ensure_ascii=False).encode("gbk")
    )
    export = ExportFile(file, encoding="gbk")
    found = [
        one for one in FORMATS["artrans"].read(export, Reading()) if isinstance(one, OldComment)
    ]

    assert found[0].text == "喝茶"
    with pytest.raises(BadExport, match="nobody knows the encoding"):
        ExportFile(file, encoding="klingon").head()


def test_reads_a_zip_of_one_file(tmp_path: Path) -> None:
    file = tmp_path / "artrans.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("__MACOSX/._x", b"")
        archive.writestr("comments.json", json.dumps(ARTRANS))
    assert len(comments_of(file)) == 3
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("more.json", "[]")
    with pytest.raises(BadExport, match="holds 2 files"):
        comments_of(file)


def test_an_isso_database_may_be_packed(files: dict[str, Path], tmp_path: Path) -> None:
    packed = tmp_path / "isso.packed"
    packed.write_bytes(gzip.compress(files["isso.db"].read_bytes()))

    assert len(comments_of(packed)) == 3


def test_refuses_a_version_it_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "remark42.json"
    file.write_bytes(as_lines([{**REMARK42[0], "version": 9}]))
    with pytest.raises(BadExport, match="version '9'"):
        comments_of(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("artrans", b'{"posts": [1, 2]}'),
        ("artrans", b'[{"name": "x"}]'),
        ("waline", b'{"data": {"Comment": [{"a": 1}]}}'),
        ("waline", b"a,b\n1,2\n"),
        ("twikoo", b'[{"a": 1}]'),
        ("remark42", b'{"a": 1}'),
        ("commento", b'{"a": 1}'),
        ("commento", b"[]"),
        ("disqus", b"<feed/>"),
        ("wxr", b"<feed/>"),
        ("isso", b"{}"),
        ("isso", b"SQLite format 3\0" + b"x" * 200),
    ],
)
def test_says_when_a_file_is_something_else(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / f"{name}.file"
    file.write_bytes(content)
    with pytest.raises(BadExport) as refused:
        comments_of(file)
    assert "\n" not in str(refused.value)
