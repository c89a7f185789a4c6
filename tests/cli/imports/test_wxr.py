import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gentie.cli.imports.html_text import markdown_of
from gentie.cli.imports.model import BadExport, Export, OldComment, skipped_in
from gentie.cli.imports.wxr import read_wxr
from gentie.comments.markup import parse
from gentie.demo.content import read_old_site

SHARED = Path(os.environ.get("GENTIE_SHARED_DATA") or Path(__file__).parents[4] / "shared/data")


def a_comment(number: int, **fields: str) -> str:
    told = {
        "comment_id": str(number),
        "comment_author": "Li",
        "comment_author_email": "li@example.org",
        "comment_author_IP": "192.0.2.4",
        "comment_date": "2024-03-01 17:00:00",
        "comment_date_gmt": "2024-03-01 09:00:00",
        "comment_content": "Fine tea",
        "comment_approved": "1",
        "comment_type": "",
        "comment_parent": "0",
    } | fields
    inside = "".join(f"<wp:{name}>{words}</wp:{name}>" for name, words in told.items())
    return f"<wp:comment>{inside}</wp:comment>"


def an_export(
    *comments: str, item: str = "", space: str = "http://wordpress.org/export/1.2/"
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="{space}"><channel><link>https://blog.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://blog.example</wp:base_site_url>
<item><title>Tea</title><link>https://blog.example/tea/</link>{item}{"".join(comments)}</item>
</channel></rss>""".encode()


def read(export: bytes) -> Export:
    return read_wxr(io.BytesIO(export))


def comments_in(export: bytes) -> list[OldComment]:
    return [one for page in read(export).pages for one in page.comments]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_reads_every_version(scheme: str, version: str) -> None:
    space = f"{scheme}://wordpress.org/export/{version}/"
    (page,) = read(an_export(a_comment(1), space=space)).pages

    assert (page.key, page.title, page.read) == ("https://blog.example/tea/", "Tea", 1)
    assert page.comments == (
        OldComment(
            id="1",
            parent="",
            author="Li",
            created_at=datetime(2024, 3, 1, 9, tzinfo=UTC),
            text="Fine tea",
        ),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"comment_approved": "0"}, "pending"),
        ({"comment_approved": "spam"}, "spam"),
        ({"comment_approved": "trash"}, "trash"),
        ({"comment_approved": "post-trashed"}, "trash"),
        ({"comment_type": "pingback"}, "pingback"),
        ({"comment_content": "  "}, "empty"),
        ({"comment_date": "", "comment_date_gmt": "0000-00-00 00:00:00"}, "no date"),
    ],
)
def test_leaves_out_and_says_why(fields: dict[str, str], reason: str) -> None:
    pages = read(an_export(a_comment(1, **fields), a_comment(2))).pages

    assert skipped_in(pages) == {reason: 1}
    assert [one.id for page in pages for one in page.comments] == ["2"]


@pytest.mark.parametrize(
    "item",
    ["<wp:status>draft</wp:status>", "<wp:post_password>secret</wp:post_password>"],
    ids=["draft", "password"],
)
def test_what_was_not_public_does_not_become_so(item: str) -> None:
    assert comments_in(an_export(a_comment(1), item=item)) == []


def test_a_time_of_zeros_is_local_time() -> None:
    zeros = "0000-00-00 00:00:00"
    told = comments_in(an_export(a_comment(1), a_comment(2, comment_date_gmt=zeros)))
    undated = an_export(
        a_comment(1, comment_date=zeros, comment_date_gmt=zeros),
        item="<pubDate>Fri, 01 Mar 2024 08:00:00 +0000</pubDate>",
    )

    assert {one.created_at.hour for one in told} == {9}
    assert comments_in(undated)[0].created_at == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_parents_come_first_also_when_they_are_younger() -> None:
    early = {"comment_date_gmt": "2024-03-01 08:00:00"}
    told = comments_in(an_export(a_comment(3, comment_parent="7", **early), a_comment(7)))

    assert [(one.id, one.parent) for one in told] == [("7", ""), ("3", "7")]


def test_who_answered_spam_answers_what_that_answered() -> None:
    told = comments_in(
        an_export(
            a_comment(1),
            a_comment(2, comment_parent="1", comment_approved="spam"),
            a_comment(3, comment_parent="2"),
            a_comment(4, comment_parent="99"),
        )
    )

    assert {one.id: one.parent for one in told} == {"1": "", "3": "1", "4": "99"}


def test_a_circle_of_answers_ends() -> None:
    told = comments_in(
        an_export(
            a_comment(1, comment_parent="2"),
            a_comment(2, comment_parent="1"),
            a_comment(3, comment_parent="3"),
        )
    )

    assert {one.id for one in told} == {"1", "2", "3"}
    assert sum(not one.parent for one in told) >= 2


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss>&a;</rss>'


@pytest.mark.parametrize(
    ("export", "says"),
    [
        (BOMB.encode(), "entities"),
        (FILE.encode(), "entities"),
        (an_export(a_comment(1))[:-40], "broken"),
        (an_export(a_comment(1, comment_content="bell \x07")), "broken"),
        (b"", "broken"),
        (b"\x89PNG\r\n", "broken"),
        (b"<feed><entry/></feed>", "not an export"),
    ],
    ids=["laughs", "external", "truncated", "control", "empty", "picture", "atom"],
)
def test_refuses_what_is_broken_or_hostile(export: bytes, says: str) -> None:
    with pytest.raises(BadExport, match=says) as refused:
        read(export)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("one<br />two\r\nthree", "one\ntwo\nthree"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("# no heading\n1. no list\n- nor this", "# no heading\n1. no list\n- nor this"),
        ("a &lt;b&gt; &amp;amp; &#8230;", "a <b> &amp; …"),
        ("<b>bold</b> <em>soft</em> <unknown>kept</unknown>", "bold soft kept"),
        ("<script>alert(1)</script>text", "text"),
        ('<a href="https://example.org/a">here</a>', "here (https://example.org/a)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<blockquote>said</blockquote>answer", "said\nanswer"),
        ("para\n\n    not code", "para\nnot code"),
    ],
)
def test_html_keeps_its_words(html: str, plain: str) -> None:
    read_again = parse(markdown_of(html)).plain

    assert [line for line in read_again.splitlines() if line] == plain.splitlines()


def test_a_dangerous_link_is_none() -> None:
    assert "javascript" not in markdown_of('<a href="javascript:alert(1)">here</a>')
    assert markdown_of('<a href="https://e.org/a">b</a>') == "[b](https://e.org/a)"


def test_reads_the_old_site_of_the_demo() -> None:
    pages = read(read_old_site()).pages

    assert sum(page.read for page in pages) == 41
    assert sum(len(page.comments) for page in pages) == 34
    assert skipped_in(pages) == {"pending": 2, "pingback": 1, "spam": 3, "trash": 1}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not here")
def test_reads_a_real_export() -> None:
    export = read((SHARED / "exports/themeunittestdata.wordpress.xml").read_bytes())

    assert export.source == "wxr:https://wpthemetestdata.wordpress.com"
    assert sum(page.read for page in export.pages) == 32
    assert sum(len(page.comments) for page in export.pages) == 24
    assert skipped_in(export.pages) == {
        "page not public": 1,
        "pending": 3,
        "pingback": 2,
        "trackback": 2,
    }
