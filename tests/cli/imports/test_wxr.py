import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gentie.cli.imports.fields import zone_of
from gentie.cli.imports.html_text import markdown_of, typed_text
from gentie.cli.imports.model import BadExport, Markup
from gentie.cli.imports.staging import Staged
from gentie.cli.imports.xml_records import LARGEST
from gentie.comments.markup import parse
from gentie.demo.content import read_old_site
from tests.cli.imports.build import staged, staging_of

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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wxr.xml"


def comments_in(file: Path, export: bytes) -> list[Staged]:
    """Those to bring in, with what they answer, in their order."""
    file.write_bytes(export)
    return [*staged(staging_of(file))]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_reads_every_version(file: Path, scheme: str, version: str) -> None:
    space = f"{scheme}://wordpress.org/export/{version}/"
    (one,) = comments_in(file, an_export(a_comment(1), space=space))

    assert (one.key, one.title, one.site) == (
        "https://blog.example/tea/",
        "Tea",
        "https://blog.example",
    )
    assert (one.id, one.parent, one.author, one.text) == ("1", "", "Li", "Fine tea")
    assert one.at == datetime(2024, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"comment_approved": "0"}, "pending"),
        ({"comment_approved": "spam"}, "spam"),
        ({"comment_approved": "trash"}, "trash"),
        ({"comment_approved": "post-trashed"}, "trash"),
        ({"comment_approved": "maybe"}, "not approved"),
        ({"comment_type": "pingback"}, "pingback"),
        ({"comment_type": "order_note"}, "order_note"),
        ({"comment_content": "  "}, "empty"),
        ({"comment_id": ""}, "no id"),
        ({"comment_date": "", "comment_date_gmt": "0000-00-00 00:00:00"}, "no date"),
    ],
)
def test_leaves_out_and_says_why(file: Path, fields: dict[str, str], reason: str) -> None:
    file.write_bytes(an_export(a_comment(2), a_comment(1, **fields)))
    staging = staging_of(file)

    assert staging.skipped() == {reason: 1}
    assert [one.id for one in staged(staging)] == ["2"]


def test_a_comment_is_read_once_and_another_under_its_id_too(file: Path) -> None:
    """Exports of two blogs in one file: their numbers meet."""
    again = a_comment(2)
    other = a_comment(2, comment_date_gmt="2020-01-01 00:00:00", comment_content="Another one")
    answer = a_comment(3, comment_parent="2")
    file.write_bytes(an_export(again, other, answer, again, other))
    staging = staging_of(file)

    assert staging.skipped() == {"repeated in the file": 2}
    first, *others = sorted(staged(staging), key=lambda one: one.id)
    assert (first.id, first.text) == ("2", "Fine tea")
    assert [one.text for one in others if one.id.startswith("2~")] == ["Another one"]
    assert [one.parent for one in others if one.id == "3"] == ["2"]
    assert {one.id for one in staged(staging_of(file))} == {one.id for one in (first, *others)}


@pytest.mark.parametrize(
    "printed", ["\ufeff", "\n \n", "`", "<br />\n<b>Warning</b>: tea in x.php\n"]
)
def test_what_was_printed_before_the_file_is_no_part_of_it(file: Path, printed: str) -> None:
    (one,) = comments_in(file, printed.encode() + an_export(a_comment(1)))

    assert one.text == "Fine tea"


@pytest.mark.parametrize(
    "item",
    ["<wp:status>draft</wp:status>", "<wp:post_password>secret</wp:post_password>"],
    ids=["draft", "password"],
)
def test_what_was_not_public_does_not_become_so(file: Path, item: str) -> None:
    assert comments_in(file, an_export(a_comment(1), item=item)) == []
    late = an_export(a_comment(1)).replace(b"</item>", item.encode() + b"</item>")
    assert comments_in(file, late) == []


def test_a_time_of_zeros_is_local_time(file: Path) -> None:
    zeros = "0000-00-00 00:00:00"
    told = comments_in(file, an_export(a_comment(1), a_comment(2, comment_date_gmt=zeros)))
    undated = comments_in(
        file,
        an_export(
            a_comment(1, comment_date=zeros, comment_date_gmt=zeros),
            item="<pubDate>Fri, 01 Mar 2024 08:00:00 +0000</pubDate>",
        ),
    )

    assert {one.at.hour for one in told} == {9}
    assert undated[0].at == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_the_operator_knows_the_zone_best(file: Path) -> None:
    file.write_bytes(an_export(a_comment(1, comment_date_gmt="0000-00-00 00:00:00")))

    assert [one.at.hour for one in staged(staging_of(file))] == [17]
    zone = zone_of("Asia/Tokyo")
    assert [one.at.hour for one in staged(staging_of(file, zone=zone))] == [8]


def test_parents_come_first_also_when_they_are_younger(file: Path) -> None:
    early = {"comment_date_gmt": "2024-03-01 08:00:00"}
    told = comments_in(file, an_export(a_comment(3, comment_parent="7", **early), a_comment(7)))

    assert [(one.id, one.parent) for one in told] == [("7", ""), ("3", "7")]


def test_who_answered_spam_answers_what_that_answered(file: Path) -> None:
    told = comments_in(
        file,
        an_export(
            a_comment(1),
            a_comment(2, comment_parent="1", comment_approved="spam"),
            a_comment(3, comment_parent="2"),
            a_comment(4, comment_parent="99"),
        ),
    )

    assert {one.id: one.parent for one in told} == {"1": "", "3": "1", "4": "99"}


def test_a_circle_of_answers_ends(file: Path) -> None:
    told = comments_in(
        file,
        an_export(
            a_comment(1, comment_parent="2"),
            a_comment(2, comment_parent="1"),
            a_comment(3, comment_parent="3"),
        ),
    )

    assert {one.id for one in told} == {"1", "2", "3"}
    assert sum(not one.parent for one in told) >= 2


def test_people_of_one_name_stay_apart(file: Path) -> None:
    told = comments_in(
        file,
        an_export(
            a_comment(1),
            a_comment(2, comment_author_email="LI@example.org"),
            a_comment(3, comment_author_email="other@example.org"),
            a_comment(4, comment_user_id="8"),
        ),
    )
    who = {one.id: one.person for one in told}

    assert who["1"] == who["2"]
    assert len({*who.values()}) == 3
    assert "example.org" not in repr(told)


def test_mends_what_old_blogs_let_through(file: Path) -> None:
    broken = "bell \x07 and &#8; and &#x1F; and &#x9;tab"
    told = comments_in(file, an_export(a_comment(1, comment_content=broken)))
    raw = an_export(a_comment(1, comment_content="caf?")).replace(b"caf?", b"caf\xe9")

    assert told[0].text == "bell  and  and  and \ttab"
    assert comments_in(file, raw)[0].text == "caf\ufffd"


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss>&a;</rss>'


@pytest.mark.parametrize(
    ("export", "says"),
    [
        (BOMB.encode(), "entities"),
        (FILE.encode(), "entities"),
        (BOMB.encode("utf-16"), "entities"),
        (an_export(a_comment(1))[:-40], "cut off"),
        (an_export(a_comment(1, comment_content="&nbsp;")), "undefined entity"),
        (b"", "broken"),
        (b"\x89PNG\r\n", "broken"),
        (b"<feed><entry/></feed>", "not an export"),
        (b"<rss>" + b"<a>" * 100, "too deep"),
        (
            an_export(a_comment(1, comment_content="x" * (LARGEST + 1))),
            "out of measure",
        ),
    ],
    ids=[
        "laughs",
        "external",
        "wide",
        "truncated",
        "entity",
        "empty",
        "picture",
        "atom",
        "deep",
        "huge",
    ],
)
def test_refuses_what_is_broken_or_hostile(file: Path, export: bytes, says: str) -> None:
    with pytest.raises(BadExport, match=says) as refused:
        comments_in(file, export)
    assert "\n" not in str(refused.value)


def test_refuses_what_unpacks_out_of_measure(file: Path) -> None:
    file.write_bytes(gzip.compress(b"<rss>" + b" " * 80_000_000))
    with pytest.raises(BadExport, match="a thousand times"):
        staging_of(file)
    file.write_bytes(gzip.compress(an_export(a_comment(1)))[:-20])
    with pytest.raises(BadExport, match="packed file is broken"):
        staging_of(file)


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


def test_controls_leave_every_markup() -> None:
    assert typed_text("a\x00b\x9f", Markup.MARKDOWN) == "ab"
    assert typed_text("1. *a*", Markup.PLAIN) == "1\\. \\*a\\*"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a<br>b <b>c</b> 1 < 2 > 0", "a\nb c 1 < 2 > 0"),
        ("![doge](https://e.example/d.png)", "doge (https://e.example/d.png)"),
        ("<script>x</script>", "x"),
        ("**bold** and :smile:", "bold and :smile:"),
    ],
)
def test_markdown_of_others_keeps_its_words(text: str, plain: str) -> None:
    assert parse(typed_text(text, Markup.MARKDOWN)).plain == plain


def test_links_lead_where_they_lead() -> None:
    round_about = "http://disq.us/url?url=https%3A%2F%2Fexample.org%2Fa%3Ahash&amp;cuid=1"
    assert markdown_of(f'<a href="{round_about}">b</a>') == "[b](https://example.org/a)"


def test_reads_the_old_site_of_the_demo(file: Path) -> None:
    file.write_bytes(read_old_site())
    staging = staging_of(file)

    assert staging.wanted == 34
    assert staging.skipped() == {"pending": 2, "pingback": 1, "spam": 3, "trash": 1}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not here")
def test_reads_a_real_export(file: Path) -> None:
    file.symlink_to((SHARED / "exports/themeunittestdata.wordpress.xml").absolute())
    staging = staging_of(file)

    assert {one.site for one in staged(staging)} == {"https://wpthemetestdata.wordpress.com"}
    assert staging.wanted == 24
    assert staging.skipped() == {
        "page not public": 1,
        "pending": 3,
        "pingback": 2,
        "trackback": 2,
    }
