import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.screening.normal import table_form, tight_form, views_of


@pytest.mark.parametrize(
    ("text", "table", "tight"),
    [
        ("加 微-信", "加 微-信", "加微信"),
        ("Ｖ\u200bＩＰ", "vip", "vip"),
        ("ПАУ", "пay", "пay"),
        ("раураl", "paypal", "paypal"),
        ("①③８", "138", "138"),
        ("١٢٣", "123", "123"),
        ("ﬁn", "fin", "fin"),
        ("n\u0336o\u0336", "no", "no"),
        ("Straße", "strasse", "strasse"),
        ("한국", "한국", "한국"),
        ("がぎ", "がぎ", "がぎ"),
        ("कि", "कि", "कि"),
    ],
)
def test_undoes_disguises(text: str, table: str, tight: str) -> None:
    assert table_form(text) == table
    assert tight_form(text) == "".join(char for char in tight if char.isalnum())


@given(st.text(max_size=60), st.data())
def test_what_is_highlighted_gives_what_was_found(text: str, data: st.DataObject) -> None:
    views = views_of(text)
    for view, form in ((views.table, table_form), (views.tight, tight_form)):
        if not view.text:
            continue
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        span = view.span(start, end)

        assert view.text[start:end] in form(text[span.start : span.end])
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(max_size=60))
def test_places_never_go_back(text: str) -> None:
    views = views_of(text)
    for view in (views.table, views.tight):
        assert len(view.places) == len(view.text)
        assert list(view.places) == sorted(view.places)
    assert views.table.text == table_form(text)
    assert views.tight.text == tight_form(text)


@given(st.characters(exclude_categories=["Cs"]))
def test_a_form_is_its_own_form(char: str) -> None:
    form = unicodedata.normalize("NFC", table_form(char))

    assert table_form(form) == form
