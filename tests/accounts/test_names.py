import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.accounts.names import BadName, clean_name, name_key

letters = st.text(st.characters(categories=["L", "N", "M", "P", "S", "Zs"]), max_size=30)


@pytest.mark.parametrize("name", ["林间小路", "Ada L.", "пётр", "حسن", "राम", "老王❤️", "90后"])
def test_leaves_ordinary_names_alone(name: str) -> None:
    assert clean_name(name) == name


def test_tidies_spaces_and_form() -> None:
    assert clean_name("  Zoe\u0308   \u3000Quill ") == "Zoë Quill"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("ad\u200bmin", "invisible"),
        ("\u202enimda", "invisible"),
        ("ad\u00admin", "invisible"),
        ("a\x00b", "characters"),
        ("a\ud800b", "characters"),
        ("a", "short"),
        ("", "short"),
        ("\u3164\u3164", "invisible"),
        ("长" * 25, "long"),
        ("x" * 5000, "long"),
        ("…!?…", "punctuation"),
        ("❤️❤️", "punctuation"),
    ],
)
def test_refuses_what_misleads(name: str, fault: str) -> None:
    with pytest.raises(BadName) as refused:
        clean_name(name)

    assert refused.value.facts["fault"] == fault


def test_a_pile_of_marks_stays_low() -> None:
    assert len(clean_name("Zal\u0301" + "\u0302" * 100 + "go")) <= 5 + 8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "Admin"),
        ("admin", "аdmіn"),  # Cyrillic a and i
        ("admin", "ＡＤＭＩＮ"),
        ("admin", "ad min."),
        ("admin", "ádmïn"),
        ("admin", "adm1n"),
        ("paypal", "PaypaI"),
        ("oscar", "οscαr"),  # Greek
        ("google", "g00gle"),
        ("straße", "STRASSE"),
        ("力工", "カエ"),  # Katakana
    ],
)
def test_names_that_look_alike_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("林间", "林問"), ("कि", "की"), ("ada", "adam"), ("가나", "기나")]
)
def test_names_that_differ_keep_their_own_key(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(letters)
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(letters)
def test_an_allowed_name_stays_allowed(name: str) -> None:
    try:
        shown = clean_name(name)
    except BadName:
        return
    assert clean_name(shown) == shown
    assert name_key(shown)
