import msgspec
import pytest

from gentie.catalogue.obligations import obligations
from gentie.catalogue.regimes import Premoderation, Tier, get_regime, shipped_regimes

LEFT_OUT_OF_FINAL = {
    "2017-4.b": "the assessment is no longer reported to the office",
    "2017-5.2d": "consent without the statutory exception of 2022-4.2c",
    "2017-5.6b": "anti-spam system no longer named",
    "2017-9.2a": "credit file of providers dropped",
    "2017-9.2b": "its evaluation dropped",
    "2017-10.2": "no sentence on inspecting how reports are handled",
    "2017-11.a": "interview dropped",
    "2017-11.b": "rectification dropped",
    "2017-12": "replaced by 2022f-15",
    "2017-13": "repealed",
    "2022-4.3": "the draft's 'page or platform'; the final keeps 2017-5.4",
    "2022-4.4b": "review of all comments replaced by 2022f-4.3",
    "2022-13.3": "as 2017-10.2",
    "2022-14": "replaced by 2022f-15",
    "2022-15": "the draft never was in force",
}
"""Rows of the older texts that the text in force does not continue, and why."""


def test_the_packs_are_there() -> None:
    assert set(shipped_regimes()) == {
        "cn-2017",
        "cn-2022-draft",
        "cn-2022-final",
        "neutral",
        "neutral-credit",
    }


def test_credit_is_switched_on_by_choosing_the_pack_that_has_it() -> None:
    neutral, with_credit = get_regime("neutral"), get_regime("neutral-credit")
    same = {"id": neutral.id, "title": neutral.title, "credit": None}
    assert neutral.credit is None
    assert with_credit.credit is not None
    assert msgspec.structs.replace(with_credit, **same) == neutral


@pytest.mark.clause("2017-13", "2022-15")
def test_only_what_is_in_force_may_be_chosen_by_a_live_site() -> None:
    assert {one.id for one in shipped_regimes().values() if one.test_only} == {
        "cn-2017",
        "cn-2022-draft",
    }
    assert get_regime("cn-2017").valid_to == get_regime("cn-2022-final").valid_from


@pytest.mark.parametrize(
    ("regime", "scope", "auto_clear"),
    [
        ("cn-2017", Premoderation.NEWS, False),
        ("cn-2022-draft", Premoderation.ALL, True),
        ("cn-2022-final", Premoderation.NEWS, False),
        ("neutral", Premoderation.NONE, True),
    ],
)
@pytest.mark.clause("2022f-4.3")
def test_what_is_reviewed_first(regime: str, scope: Premoderation, auto_clear: bool) -> None:  # noqa: FBT001 a table
    assert (get_regime(regime).premoderation, get_regime(regime).auto_clear) == (scope, auto_clear)


def test_every_row_is_carried_by_some_regime() -> None:
    regimes = shipped_regimes().values()

    assert [row for row in obligations() if not any(r.carries_row(row) for r in regimes)] == []


def test_the_text_in_force_carries_every_duty_that_continues() -> None:
    final = get_regime("cn-2022-final")

    assert {row for row in obligations() if not final.carries_row(row)} == set(LEFT_OUT_OF_FINAL)


@pytest.mark.clause("2022-1")
def test_tiers_are_those_of_the_text() -> None:
    tiers = {one.id: {ground.tier for ground in one.classes} for one in shipped_regimes().values()}

    assert tiers == {
        "cn-2017": {Tier.ILLEGAL, Tier.TERMS},
        "cn-2022-draft": set(Tier),
        "cn-2022-final": set(Tier),
        "neutral": {Tier.TERMS},
        "neutral-credit": {Tier.TERMS},
    }


def test_grounds_that_would_brand_or_expose_are_hidden_everywhere() -> None:
    for regime in shipped_regimes().values():
        assert {one.id for one in regime.classes if one.hidden} == {
            "privacy",
            "minors",
            "self_harm",
        }


def test_an_unknown_regime_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="no regime 'eu'; there are cn-2017"):
        get_regime("eu")
