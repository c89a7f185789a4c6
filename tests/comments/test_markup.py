from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typing_extensions import override

from gentie.comments.markup import DEEPEST, MOST_NODES, parse, render_html
from gentie.comments.nodes import Body, Link, Node, Paragraph, Text, kinds_of

MARKUP = st.lists(
    st.sampled_from(
        [
            *"*_`[]()<>!\\~-+&#|:\"' \nab1.",
            "\n\n",
            "    ",
            "```",
            "**",
            "> ",
            "- ",
            "1. ",
            "[a](",
            "http://a.cn/x",
            "https://例.cn",
            "javascript:x",
            "mailto:a@b.cn",
            "](",
            "中文",
            "<b>",
        ]
    ),
    max_size=40,
).map("".join)
ANY_TEXT = st.one_of(st.text(), MARKUP)


def html(source: str) -> str:
    return render_html(parse(source).nodes)


def shape(source: str) -> object:
    return msgspec.json.decode(msgspec.json.encode(parse(source).nodes))


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("一条评论", "<p>一条评论</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("  a  \n  b", "<p>a<br>b</p>"),
        ("*a* **b** _c_", "<p><em>a</em> <strong>b</strong> <em>c</em></p>"),
        ("*a\nb*", "<p><em>a<br>b</em></p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\na\n  b\n```", "<pre><code>a\n  b</code></pre>"),
        ("    a = 1", "<pre><code>a = 1</code></pre>"),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("1. a\n2. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("1986. a good year", '<ol start="1986"><li><p>a good year</p></li></ol>'),
        ("a\\*b", "<p>a*b</p>"),
    ],
)
def test_renders_what_people_expect(source: str, rendered: str) -> None:
    assert html(source) == rendered


@pytest.mark.parametrize(
    "source",
    ["# a", "a\n===", "---", "<b>a</b>", "&amp; &#x202e;", "| a | b |", "~~a~~", "[a]: http://b"],
)
def test_everything_else_stays_the_text_that_was_typed(source: str) -> None:
    assert parse(source).plain == source
    assert "<p>" in html(source)


def test_an_entity_brings_no_hidden_character_back() -> None:
    assert parse("*a* &#x202e;&amp;&lt;").plain == "a &#x202e;&amp;&lt;"


REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("[a](http://b.cn/x)", f'<a href="http://b.cn/x" {REL}>a</a>'),
        ("![a](http://b.cn/x.png)", f'<a href="http://b.cn/x.png" {REL}>a</a>'),
        ("![](http://b.cn/)", f'<a href="http://b.cn/" {REL}>http://b.cn/</a>'),
        ("<http://b.cn>", f'<a href="http://b.cn" {REL}>http://b.cn</a>'),
        ("<me@b.cn>", f'<a href="mailto:me@b.cn" {REL}>me@b.cn</a>'),
        ("见http://b.cn/x?a=b。", f'见<a href="http://b.cn/x?a=b" {REL}>http://b.cn/x?a=b</a>。'),
        ("(http://b.cn/a_(b)).", f'(<a href="http://b.cn/a_(b)" {REL}>http://b.cn/a_(b)</a>).'),
        ('[*a*](https://b.cn "t") c', f'<a href="https://b.cn" {REL}><em>a</em></a> c'),
    ],
)  # fmt: skip
def test_links(source: str, rendered: str) -> None:
    assert html(source) == f"<p>{rendered}</p>"


@pytest.mark.parametrize(
    "source",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//b.cn)",
        "[a](/path)",
        "[a](http://bank.cn@evil.cn)",
        "[a](http://bank.cn:80@evil.cn)",
        "[a](https:\\\\evil.cn)",
        "[a](mailto:a@b.cn?bcc=everybody)",
        "<javascript:alert(1)>",
        "http://bank.cn@evil.cn",
        "[a](ftp://b.cn)",
        "[a]()",
    ],
)
def test_no_other_address_becomes_a_link(source: str) -> None:
    assert "<a" not in html(source)


def test_no_link_stands_in_a_link() -> None:
    assert html("[![a](http://b.cn)](http://c.cn)").count("<a ") == 1
    assert html("![[a](http://b.cn)](http://c.cn)").count("<a ") == 1
    assert html("[http://b.cn](http://c.cn)").count("<a ") == 1


class Reader(HTMLParser):
    ALLOWED = frozenset(
        ["p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED
        given = dict(attrs)
        if tag == "a":
            assert given.pop("rel") == "nofollow ugc noopener"
            assert str(given.pop("href")).lower().startswith(("http://", "https://", "mailto:"))
            assert "a" not in self.open
        elif tag == "ol":
            assert str(given.pop("start", "1")).isdigit()
        assert not given
        if tag != "br":
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    @override
    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    @override
    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


@given(ANY_TEXT)
@example("\r*a*\r\n\r`b`")
@example("<script>alert(1)</script>")
@example('[a](http://b.cn/"onmouseover="alert(1))')
@example('![a](http://b.cn/x" onerror=alert(1))')
def test_no_text_gets_out_of_its_tags(source: str) -> None:
    reader = Reader()
    reader.feed(html(source))
    reader.close()
    assert reader.open == []


def test_a_tree_from_elsewhere_gets_no_further() -> None:
    forged: tuple[Node, ...] = (Paragraph((Link("javascript:alert(1)", (Text("<b>"),)),)),)

    assert render_html(forged) == "<p>&lt;b&gt;</p>"


@given(ANY_TEXT)
def test_json_gives_the_same_body_back(source: str) -> None:
    body = parse(source)

    assert msgspec.json.decode(msgspec.json.encode(body), type=Body) == body


def test_json_is_what_the_widget_reads() -> None:
    assert shape("> *a* `b`\n\n1. [c](http://d.cn)\n\n```\ne\n```\nf\ng") == [
        {"type": "quote", "children": [
            {"type": "paragraph", "children": [
                {"type": "emphasis", "children": [{"type": "text", "text": "a"}]},
                {"type": "text", "text": " "}, {"type": "code", "text": "b"}]}]},
        {"type": "list", "ordered": True, "items": [[
            {"type": "paragraph", "children": [
                {"type": "link", "href": "http://d.cn",
                 "children": [{"type": "text", "text": "c"}]}]}]]},
        {"type": "code_block", "text": "e"},
        {"type": "paragraph", "children": [
            {"type": "text", "text": "f"}, {"type": "break"}, {"type": "text", "text": "g"}]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("*a* **b**\n\n> c\n> d", "a b\n\nc\nd"),
        ("- a\n- b", "a\nb"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("[a](http://b.cn)b", "a (http://b.cn)b"),
        ("<http://b.cn>", "http://b.cn"),
    ],
)
def test_plain_text_keeps_what_a_reader_reads(source: str, plain: str) -> None:
    assert parse(source).plain == plain


@pytest.mark.parametrize(
    "source",
    [
        "plain",
        "  two  \n  lines \n\n \n third",
        "**a** b *a*",
        "> - `a` b  \n>   c\n> + *d*",
        "a\\*b\\\\ c",
        "[a](b) [ab](http://b.cn 't') b",
        "x `` a`b `` y ` z `",
        "```py\nx = 1\n\n  y\n```\nafter",
        "    code\n\ttab\n\nafter",
        "<http://b.cn> x <a@b.cn> y",
        "![a *b*](http://c.cn/d.png) *b*",
        "- a\n\n  b\n- c",
    ],
)
def test_every_letter_is_found_where_it_was_typed(source: str) -> None:
    body = parse(source)
    shown = body.plain.replace(" (http://b.cn)", "·" * 14).replace(" (http://c.cn/d.png)", "·" * 20)

    wrong = [
        (at, char, source[offset : offset + 1])
        for at, (char, offset) in enumerate(zip(shown, body.offsets, strict=True))
        if not char.isspace() and char != "·" and source[offset] != char
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ('[y](http://b.cn "x) y") y', 24),
        ("[y](<http://b.cn/y>) y", 21),
        ("`y` y", 4),
        ("\\*y\\* y", 6),
        ("> y\n> > y", 8),
    ],
)
def test_what_is_not_shown_is_stepped_over(source: str, after: int) -> None:
    body = parse(source)

    assert source[after] == body.plain[-1] == "y"
    assert body.offsets[-1] == after


@given(ANY_TEXT)
def test_each_character_has_its_place(source: str) -> None:
    body = parse(source)

    assert len(body.offsets) == len(body.plain)
    assert all(0 <= offset <= len(source) for offset in body.offsets)


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=40), st.data())
def test_repeated_letters_are_not_mixed_up(words: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(words)), max_size=4)))
    pieces = [words[a:b] for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    source = "".join(f"**{p.strip()}** " if p.strip() else "" for p in pieces)
    body = parse(source)

    assert all(
        source[offset] == char
        for char, offset in zip(body.plain, body.offsets, strict=True)
        if not char.isspace() and char != "*"
    )
    if "*" not in body.plain:
        assert list(body.offsets) == sorted(set(body.offsets))


def count(nodes: object) -> int:
    if isinstance(nodes, list):
        return sum(count(node) for node in nodes)
    if isinstance(nodes, dict):
        return ("type" in nodes) + sum(count(value) for value in nodes.values())
    return 0


def depth(nodes: object) -> int:
    if isinstance(nodes, list):
        return max((depth(node) for node in nodes), default=0)
    if isinstance(nodes, dict):
        return 1 + max(depth(value) for value in nodes.values())
    return 0


@pytest.mark.parametrize(
    "unit",
    [
        *[
            "[",
            "![",
            ">",
            "> ",
            "*",
            "_a",
            "`",
            "``a`",
            "<",
            "- ",
            "1. ",
            "[a](",
            "*a **b ",
            "\\",
            "a\n",
        ],
        *["[*a ", "> a\nb\n", "- a\n", "http://a.cn ", "~~~\n", "]", "[a](http://b.cn)", "**x** "],
    ],
)
def test_hostile_text_stays_small_and_complete(unit: str) -> None:
    source = (unit * 10_000)[:20_000].strip()
    body = parse(source)

    assert count(shape(source)) <= MOST_NODES
    assert depth(shape(source)) <= 2 * DEEPEST + 2
    assert body.plain.count("a") >= source.count("a")


def test_too_deep_a_nest_is_shown_as_it_was_typed() -> None:
    assert html("> " * DEEPEST + "a").count("<blockquote>") == DEEPEST
    assert parse("> " * (DEEPEST + 1) + "a").plain == "> " * (DEEPEST + 1) + "a"
    assert parse("> " * 40 + "end of it").plain.endswith("end of it")


@pytest.mark.clause("2017-2.2b")
@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("好的", {"text"}),
        ("好的。", {"text", "symbol"}),
        ("+1", {"text", "symbol"}),
        ("！！", {"symbol"}),
        ("👍", {"emoji"}),
        ("❤️", {"emoji"}),
        ("赞👍", {"text", "emoji"}),
        ("$ ❤️ a", {"text", "symbol", "emoji"}),
    ],
)
def test_tells_the_kinds_of_content(source: str, kinds: set[str]) -> None:
    assert kinds_of(parse(source)) == kinds
