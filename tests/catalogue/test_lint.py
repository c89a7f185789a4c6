"""Each fault that the lint of regimes knows is planted once."""

from datetime import date
from typing import Any

import msgspec
import pytest

from gentie.catalogue.lint import faults_of
from gentie.catalogue.obligations import obligations
from gentie.catalogue.regimes import (
    BadRegime,
    Premoderation,
    Regime,
    Text,
    get_regime,
    read_regime,
    shipped_regimes,
)
from gentie.catalogue.sources import legal_sources

FINAL = get_regime("cn-2022-final")
NEUTRAL = get_regime("neutral")
ILLEGAL = FINAL.classes[0]
TIERS = FINAL.credit.tiers if FINAL.credit else ()
HARSH = msgspec.structs.replace(TIERS[-1], id="harsh", least=-1, takes=("read",))


def faults(regime: Regime) -> list[str]:
    return list(faults_of(regime, legal_sources(), obligations=obligations()))


@pytest.mark.parametrize("regime", shipped_regimes().values(), ids=lambda one: one.id)
def test_what_is_shipped_is_sound(regime: Regime) -> None:
    assert faults(regime) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"source": " "}, "source is empty"),
        ({"title": Text(zh="", en="x")}, "title.zh is empty"),
        ({"version": 0}, "version is not positive"),
        ({"forms": frozenset({"post", "reaction", "smoke"})}, "forms: smoke is unknown"),
        ({"forms": frozenset({"post"})}, "reaction is not among the forms"),
        ({"forms": frozenset()}, "forms: nothing is offered"),
        ({"measures": frozenset({"remove"})}, "measures: refuse is missing"),
        ({"measures": frozenset()}, "measures: remove is missing"),
        ({"measures": frozenset({"refuse", "remove", "shame"})}, "measures: shame is unknown"),
        ({"identity": {"required": False}}, "a vote would need an identity"),
        ({"identity": {"methods": frozenset()}}, "no method to verify"),
        ({"identity": {"methods": frozenset({"gossip"})}}, "identity.methods: gossip is unknown"),
        ({"identity": {"max_age_days": 0}}, "identity.max_age_days is not positive"),
        ({"premoderation": Premoderation.NONE}, "nothing is reviewed first"),
        ({"valid_to": date(2022, 12, 15)}, "valid_to is not after valid_from"),
        ({"windows": {"review_seconds": 0}}, "windows.review_seconds is not positive"),
        ({"windows": {"report_answer_days": -1}}, "windows.report_answer_days is not positive"),
        ({"windows": {"appeal_days": 183}}, "below six months"),
        ({"carries": ("2017-99",)}, "carries 2017-99: no row"),
        ({"carries": ("2023-*",)}, "carries 2023-*: no row"),
        ({"classes": ()}, "no ground"),
        ({"ladder": {"terms": ("suspend", "warn")}}, "ladder.terms: a later step is milder"),
        ({"ladder": {"illegal": ("exile",)}}, "ladder.illegal: exile is not offered"),
        ({"ladder": {"bar_days": 0}}, "ladder.bar_days is not positive"),
        ({"credit": {"terms": 40}}, "a milder ground costs more"),
        ({"credit": {"floor": 0}}, "credit.floor is not positive"),
        ({"credit": {"tiers": ()}}, "credit.tiers: not best first"),
        ({"credit": {"tiers": TIERS[1:]}}, "credit.tiers: the best takes something"),
        ({"credit": {"tiers": (*TIERS, HARSH)}}, "credit.tiers.harsh: read cannot be taken"),
        ({"classes": (ILLEGAL, ILLEGAL)}, f"class {ILLEGAL.id} is there twice"),
    ],
)
def test_a_fault_is_named(changes: dict[str, Any], fault: str) -> None:
    whole = {
        key: msgspec.structs.replace(getattr(FINAL, key), **value)
        if isinstance(value, dict)
        else value
        for key, value in changes.items()
    }

    found = faults(msgspec.structs.replace(FINAL, **whole))

    assert any(fault in said for said in found), found


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"clause": ""}, "no clause"),
        ({"title": Text(zh="甲", en="")}, "a text is empty"),
        ({"definition": Text(zh="", en="x")}, "a text is empty"),
        ({"legal_ref": ""}, "tier illegal needs a legal reference"),
        ({"legal_ref": "iis-99"}, "legal_ref iis-99 is not in the registry"),
        ({"legal_ref": "comments-2017"}, "was not in force while the regime was"),
        ({"legal_ref": "comments-2022-draft"}, "was not in force while the regime was"),
    ],
)
@pytest.mark.clause("2017-1", "2022-1")
def test_a_fault_of_a_class_is_named(changes: dict[str, Any], fault: str) -> None:
    planted = msgspec.structs.replace(ILLEGAL, **changes)

    found = faults(msgspec.structs.replace(FINAL, classes=(planted, *FINAL.classes[1:])))

    assert [said for said in found if fault in said] == [
        said for said in found if said.startswith(f"class {ILLEGAL.id}: ")
    ]
    assert found


class TestReadRegime:
    def pack(self) -> dict[str, Any]:
        body: dict[str, Any] = msgspec.to_builtins(NEUTRAL)
        return body

    def test_reads_back_what_it_wrote(self) -> None:
        assert read_regime(self.pack()) == NEUTRAL

    @pytest.mark.clause("2017-1")
    @pytest.mark.parametrize("key", ["due_process", "due_process.appeal"])
    def test_no_pack_touches_what_protects_people(self, key: str) -> None:
        with pytest.raises(BadRegime, match=rf"neutral: {key} is not for a pack to set"):
            read_regime({**self.pack(), key: False})

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"premoderate": "all"}, "neutral: .*unknown field `premoderate`"),
            ({"premoderation": "some"}, "neutral: .*some"),
            ({"windows": {"review_seconds": 1}}, "neutral: .*missing required field"),
            ({"class_sets": ["rumours"]}, "neutral: there is no class set 'rumours'"),
        ],
    )
    def test_an_unknown_or_missing_key_is_refused(
        self, changes: dict[str, object], says: str
    ) -> None:
        with pytest.raises(BadRegime, match=says):
            read_regime({**self.pack(), **changes})
