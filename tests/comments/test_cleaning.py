import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.comments.cleaning import LONGEST_BYTES, BadText, TextEmpty, TextTooLong, clean
from gentie.kernel.characters import MARKS, graphemes
from gentie.kernel.refusal import Refusal

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TRICKY = st.sampled_from(
    "ab的é e\n\t\r\u0301\u200d\u200c\ufe0f\u202e\u00adक्ஜ"
    "\U0001f468\U0001f3fd❤한가\u0344\u3164\u2028\u0600ي"
)


@pytest.mark.parametrize(
    "text",
    [
        "一条普通的评论，没有什么特别。",
        "two\n\nparagraphs\twith a tab",
        "    code first\nthen text",
        f"a family {FAMILY}, a heart ❤️, a keycap 3️⃣",
        "क्‍ष and می‌خواهم",
        "é ü ñ",
    ],
)
def test_leaves_alone_what_people_write(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("pay \u202egpj.exe\u202c", "pay gpj.exe"),
        ("\u2066isolate\u2069", "isolate"),
        ("加\u200b微\u2060信\ufeff", "加微信"),
        ("joined\u200dlatin\u200c", "joinedlatin"),
        ("a\ufe0fb\ufe01", "ab"),
        ("tag\U000e0041s", "tags"),
        ("hid\u3164den", "hidden"),
        ("\n \t\n  kept indent\n\n  \n", "  kept indent"),
    ],
)
def test_removes_what_a_reader_cannot_see(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfff", "\x1b[31m", "\x85", "\ufffe"])
def test_refuses_what_no_text_needs(text: str) -> None:
    with pytest.raises(BadText):
        clean(text)


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200b", "\u2800", "\u3164", "\u0301"])
def test_refuses_what_shows_nothing(text: str) -> None:
    with pytest.raises(TextEmpty):
        clean(text)


def test_counts_what_a_reader_counts() -> None:
    assert graphemes(clean(FAMILY * 5, longest=5)) == 5
    with pytest.raises(TextTooLong) as refused:
        clean(FAMILY * 6, longest=5)

    assert refused.value.facts == {"longest": 5, "graphemes": 6}


def test_a_megabyte_is_refused_by_its_bytes() -> None:
    with pytest.raises(TextTooLong) as refused:
        clean("a" * 1_000_000)

    assert refused.value.facts == {"longest_bytes": LONGEST_BYTES, "bytes": 1_000_000}


@pytest.mark.parametrize("mark", ["\u0301", "\u0300\u0323", "\u0488", "\u093c\u200d"])
def test_ten_thousand_marks_become_a_few(mark: str) -> None:
    cleaned = clean("a" + mark * 10_000 + " end")

    assert len(cleaned) <= 1 + MARKS + len(" end")
    assert cleaned.endswith(" end")


@given(st.one_of(st.text(), st.lists(TRICKY, max_size=30).map("".join)))
def test_cleaning_again_changes_nothing(text: str) -> None:
    try:
        cleaned = clean(text)
    except Refusal:
        return
    assert clean(cleaned) == cleaned
