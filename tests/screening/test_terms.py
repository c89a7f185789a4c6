import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.screening.model import Span
from gentie.screening.normal import tight_form, views_of
from gentie.screening.terms import Matcher
from tests.screening.build import a_list


def spans_of(text: str, *terms: str, allow: tuple[str, ...] = ()) -> list[str]:
    found = Matcher([a_list(*terms, allow=allow)]).findings(views_of(text), version="screening/2")
    return [text[span.start : span.end] for finding in found for span in finding.spans]


@pytest.mark.parametrize(
    ("text", "term", "highlighted"),
    [
        ("我要刷单赚钱", "刷单", "刷单"),
        ("我要刷 单赚钱", "刷单", "刷 单"),
        ("我要刷*-单", "刷单", "刷*-单"),
        ("我要刷\u200b单", "刷单", "刷\u200b单"),
        ("我要刷👍单", "刷单", "刷👍单"),
        ("我要刷\n单", "刷单", "刷\n单"),
        ("buy V I A G R A now", "viagra", "V I A G R A"),
        ("ｖｉａｇｒａ", "Viagra", "ｖｉａｇｒａ"),
        ("vіаgrа", "viagra", "vіаgrа"),  # Cyrillic
        ("viágra", "viagra", "viágra"),
        ("learn c++ here", "c++", "c++"),
        ("a hot   sale", "hot sale", "hot   sale"),
    ],
)
def test_finds_a_term_in_disguise(text: str, term: str, highlighted: str) -> None:
    assert spans_of(text, term) == [highlighted]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("that was sad", "ass"),
        ("she passes", "ass"),
        ("scunthorpe", "cunt"),
        ("c is a language", "c++"),
        ("12345", "234"),
        ("这很有意思", "意义"),
    ],
)
def test_finds_no_term_that_nobody_wrote(text: str, term: str) -> None:
    assert spans_of(text, term) == []


def test_a_phrase_that_makes_a_term_harmless() -> None:
    assert spans_of("敏感肌护理", "敏感", allow=("敏感肌",)) == []
    assert spans_of("敏感肌，很敏感", "敏感", allow=("敏感肌",)) == ["敏感"]


def test_overlapping_terms_are_all_found() -> None:
    assert spans_of("网络赌博平台", "网络赌博", "赌博", "赌博平台") == [
        "网络赌博",
        "赌博",
        "赌博平台",
    ]


def test_each_list_speaks_for_itself() -> None:
    lists = [a_list("刷单", id="a", class_id="spam"), a_list("刷单", "赌", id="b", class_id="law")]

    found = Matcher(lists).findings(views_of("赌和刷单"), version="screening/2")

    assert [(one.detector, one.class_id, one.spans) for one in found] == [
        ("terms:a", "spam", (Span(2, 4),)),
        ("terms:b", "law", (Span(0, 1), Span(2, 4))),
    ]


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=5),
    st.text(max_size=20),
    st.text(max_size=20),
    st.sampled_from(["", " ", "\u200b", "*", "\n"]),
)
def test_a_term_is_found_wherever_it_stands(
    term: str, before: str, after: str, between: str
) -> None:
    if not tight_form(term):
        return
    text = before + between.join(term) + after

    assert any(tight_form(term) in tight_form(hit) for hit in spans_of(text, term))


def test_no_list_finds_nothing() -> None:
    assert Matcher([]).findings(views_of("什么都没有"), version="screening/2") == []


def test_a_hundred_thousand_terms() -> None:
    terms = [f"词{number}语" for number in range(100_000)]

    assert spans_of("这里有词4 2语和词99999语", *terms) == ["词4 2语", "词99999语"]
