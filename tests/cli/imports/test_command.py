"""`gentie import` as the operator uses it: previews, maps, contacts, names, threads."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gentie.actions.posting.make_draft import Draft, make_draft
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.main.instance import Instance
from gentie.screening.pipeline import CompiledRules
from gentie.vault.keys import load_private_key
from gentie.vault.opening import open_contact
from tests.cli.imports.build import DISQUS, exports
from tests.cli.test_operating import a_site, data, shown_in, told
from tests.comments.old_site import OldSite

__all__ = ["data"]
NEWER = """<parent dsq:id="25"/></post>
<post dsq:id="26"><message>Newer</message><createdAt>2024-03-02T09:00:00Z</createdAt>
<author><name>Li</name></author><thread dsq:id="11"/></post>"""


@pytest.fixture
def files(tmp_path: Path, data: Path) -> dict[str, Path]:
    a_site(data)
    return exports(tmp_path)


def brought(data: Path, form: str, file: Path, *options: str | Path) -> dict[str, Any]:
    answer = told(data, "import", form, file, "--site", "blog", "--json", *options)
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def rows(data: Path, query: str, file: str = "gentie.db") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / file)) as db:
        return db.execute(query).fetchall()


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("disqus.xml", 2),
        ("artrans.json", 2),
        ("waline.json", 1),
        ("waline.csv", 2),
        ("twikoo.json", 2),
        ("remark42.gz", 2),
        ("commento.json", 1),
        ("isso.json", 2),
        ("isso.db", 1),
    ],
)
def test_brings_in_every_format_once(
    data: Path, files: dict[str, Path], name: str, imported: int
) -> None:
    form = name.partition(".")[0]
    first, again = (brought(data, form, files[name]) for _ in range(2))

    assert (first["imported"], again["imported"]) == (imported, 0)
    assert again["duplicates"] == imported
    assert shown_in(data) == imported
    assert list((data / "imports").iterdir()) == []


def test_what_is_here_is_not_screened_again(
    data: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(data, "disqus", files["disqus.xml"])
    screened: list[str] = []

    def look(text: str, rules: CompiledRules) -> Draft:
        screened.append(text)
        return make_draft(text, rules)

    monkeypatch.setattr("gentie.cli.imports.ready.make_draft", look)
    again = told(data, "import", "disqus", files["disqus.xml"], "--site", "blog")
    longer = data.parent / "longer.xml"
    longer.write_text(DISQUS.replace('<parent dsq:id="25"/></post>', NEWER))
    more = brought(data, "disqus", longer, "--keep-contact")

    assert "left as they are, not screened again" in again.stdout
    assert screened == ["Newer"]
    assert (more["imported"], more["duplicates"], more["contacts"]) == (1, 2, 2)


def test_every_name_of_a_page_reaches_it(data: Path, tmp_path: Path) -> None:
    """Two threads of the old service had one address."""
    a_site(data)
    twins = DISQUS.replace("https://news.example/gone", "https://news.example/a/1?x=2")
    twins = twins.replace("<id/><forum>", "<id>a-2</id><forum>").replace(
        "<isDeleted>true</isDeleted></thread>", "</thread>"
    )
    file = tmp_path / "twins.xml"
    file.write_text(twins)
    brought(data, "disqus", file)

    keys = {key for (key,) in rows(data, "SELECT key FROM thread_key")}
    assert keys == {"https://news.example/a/1?x=2", "a-1", "a-2"}
    assert len(rows(data, "SELECT * FROM thread")) == 1


def test_a_preview_shows_where_pages_go_and_writes_nothing(
    data: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    rules = tmp_path / "map.toml"
    rules.write_text('key = "path"\nslash = "add"\nhosts = {"news.example" = "n.example"}\n')
    seen = brought(data, "disqus", files["disqus.xml"], "--preview-urls", "--map", rules)
    spoken = told(data, "import", "disqus", files["disqus.xml"], "--site", "blog", "--preview-urls")

    assert seen["urls"] == [
        {
            "old": "https://news.example/a/1?x=2&utm_source=mail",
            "key": "/a/1/?x=2",
            "url": "https://n.example/a/1/?x=2",
            "also": ["a-1", "https://n.example/a/1/?x=2"],
            "comments": 2,
        }
    ]
    assert "-> https://news.example/a/1?x=2 (also a-1): 2" in spoken.stdout
    assert rows(data, "SELECT * FROM comment") == []


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("slash = 3", "Expected `str`"),
        ("nonsense = 1", "unknown field"),
        ("= x", "is no map file"),
        ('paths = [{find = "(", to = "x"}]', "no regular expression"),
    ],
)
def test_a_wrong_map_is_named(
    data: Path, files: dict[str, Path], tmp_path: Path, rules: str, says: str
) -> None:
    file = tmp_path / "map.toml"
    file.write_text(rules)
    answer = told(data, "import", "disqus", files["disqus.xml"], "--site", "blog", "--map", file)

    assert answer.exit_code == 2
    assert says in answer.output


def test_says_what_the_file_looks_like(data: Path, files: dict[str, Path]) -> None:
    answer = told(data, "import", "waline", files["disqus.xml"], "--site", "blog")
    unknown = told(data, "import", "myspace", files["disqus.xml"], "--site", "blog")
    zone = told(data, "import", "isso", files["isso.json"], "--site", "blog", "--timezone", "Mars")

    assert (answer.exit_code, unknown.exit_code, zone.exit_code) == (2, 2, 2)
    assert "this looks like disqus, not waline: gentie import disqus FILE" in answer.output
    assert "there is no time zone 'Mars'" in zone.output


def test_contacts_are_dropped_unless_asked(data: Path, files: dict[str, Path]) -> None:
    brought(data, "disqus", files["disqus.xml"])
    everything = b"".join(file.read_bytes() for file in data.glob("*.db*"))

    assert b"li@example.org" not in everything
    assert b"192.0.2.4" not in everything
    assert rows(data, "SELECT * FROM archive_contact", "vault.db") == []


def test_contacts_are_sealed_when_asked(data: Path, files: dict[str, Path]) -> None:
    report = brought(data, "disqus", files["disqus.xml"], "--keep-contact")
    everything = b"".join(file.read_bytes() for file in data.glob("*.db*"))
    settings = Instance(data=data).settings
    private = load_private_key(settings.vault_private_key_path)
    opened = [
        open_contact(blob, private, tenant=settings.tenant, author=author)
        for author, blob in rows(data, "SELECT author, blob FROM archive_contact", "vault.db")
    ]

    assert report["contacts"] == 2
    assert b"li@example.org" not in everything
    assert {"email": "li@example.org", "address": "192.0.2.4"} in opened


def test_what_waited_goes_to_the_desk_when_asked(data: Path, files: dict[str, Path]) -> None:
    report = brought(data, "waline", files["waline.json"], "--pending")

    assert (report["imported"], report["for_review"]) == (2, 1)
    assert shown_in(data) == 1
    assert rows(data, "SELECT count(*) FROM review_item") == [(1,)]


def test_votes_of_the_old_service_are_kept_apart(data: Path, files: dict[str, Path]) -> None:
    brought(data, "waline", files["waline.json"])

    assert rows(data, "SELECT votes FROM archive_source") == [(2,)]
    assert rows(data, "SELECT votes FROM comment") == [(0,)]


def test_two_archives_of_one_name_are_noticed(data: Path, tmp_path: Path) -> None:
    a_site(data)
    one, two = tmp_path / "one.xml", tmp_path / "two.xml"
    one.write_text(DISQUS)
    two.write_text(DISQUS.replace("2024-", "2023-"))
    brought(data, "disqus", one)
    clash = told(data, "import", "disqus", two, "--site", "blog")
    named = brought(data, "disqus", two, "--source", "the other blog")

    assert "another old site, name it: --source NAME" in clash.stdout
    assert named["imported"] == 2


def test_a_pipe_gets_the_report_and_no_bar(data: Path, files: dict[str, Path]) -> None:
    answer = told(data, "import", "disqus", files["disqus.xml"], "--site", "blog", "--json")

    assert json.loads(answer.stdout)["imported"] == 2
    assert answer.stderr == ""


def test_names_and_links(data: Path, files: dict[str, Path]) -> None:
    brought(data, "disqus", files["disqus.xml"])
    told_of = told(data, "import", "names", "--site", "blog", "--find", "an", "--json")
    (ann,) = json.loads(told_of.stdout)
    made = told(data, "import", "claim-link", ann["author"])
    nobody = told(data, "import", "claim-link", "archive:none")

    assert (ann["name"], ann["comments"], ann["standing"]) == ("Ann", 1, "open")
    assert "/account/archive/" in made.stdout
    assert (nobody.exit_code, "no-such-archive-author" in nobody.output) == (1, True)
    listed = told(data, "import", "names", "--site", "blog").stdout
    assert f"{ann['author']} open, 1 comments as 'Ann' in disqus:demo\n" in listed


def test_an_old_site_is_trusted_by_its_key(data: Path, files: dict[str, Path]) -> None:
    brought(data, "disqus", files["disqus.xml"])
    old = OldSite(SiteId("blog"), "disqus:demo", utc_now())
    file, private = data.parent / "old.pem", data.parent / "old.key"
    file.write_text(old.pem)
    private.write_bytes(old.key.as_pem(private=True))
    trusting = ("import", "claim-key", "add", "--site", "blog", "--source", "disqus:demo")
    added = told(data, *trusting, file, "--where", "https://old.example/me")
    wrong = [
        told(data, *trusting, *more)
        for more in ((file,), (private,), (files["isso.db"],), (file, "--where", "javascript:x"))
    ]
    (known,) = json.loads(told(data, "import", "claim-key", "list", "--json").stdout)
    ended = told(data, "import", "claim-key", "end", old.kid)

    assert f"kid {old.kid}, iss disqus:demo, aud " in added.stdout
    assert known["aud"].endswith("/sites/blog")
    assert [one.exit_code for one in wrong] == [1, 1, 1, 2]
    assert "this is a private key" in wrong[1].output
    assert ended.exit_code == 0
    assert told(data, "import", "claim-key", "end", "none").exit_code == 1
    assert old.kid in told(data, "import", "claim-key", "list", "--site", "blog").stdout


def test_threads_are_named_and_merged(data: Path, files: dict[str, Path]) -> None:
    brought(data, "waline", files["waline.json"])
    brought(data, "isso", files["isso.db"], "--map", _map(data, 'base = "https://o.example"'))
    merged = told(data, "site", "merge-threads", "blog", "https://o.example/a/1", "/a/1")
    named = told(data, "site", "alias", "blog", "/a/1", "old")
    twice = told(data, "site", "merge-threads", "blog", "old", "/a/1")

    assert "1 comments moved" in merged.output, merged.output
    assert (named.exit_code, twice.exit_code) == (0, 1)
    keys = {key for (key,) in rows(data, "SELECT key FROM thread_key")}
    assert keys == {"/a/1", "https://o.example/a/1", "old"}
    assert len(rows(data, "SELECT * FROM thread")) == 1


def _map(data: Path, rules: str) -> Path:
    file = data.parent / "rules.toml"
    file.write_text(rules)
    return file


def test_another_process_may_not_import_the_same_file(
    data: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr("fcntl.flock", taken)
    answer = told(data, "import", "disqus", files["disqus.xml"], "--site", "blog")

    assert (answer.exit_code, "another process" in answer.output) == (1, True)
