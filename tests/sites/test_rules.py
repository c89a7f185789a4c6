from datetime import timedelta

import msgspec
import pytest

from gentie.catalogue.regimes import Premoderation, Regime, get_regime
from gentie.sites.model import (
    BadSiteId,
    BadThreadKey,
    Mode,
    ReadOnly,
    RegimeNotAllowed,
    SwitchKind,
    SwitchNeedsTerm,
    ThreadClass,
)
from gentie.sites.rules import (
    needs_person,
    require_allowed,
    require_site_id,
    require_term,
    require_thread_key,
    require_writable,
)
from tests.sites.build import NOON, a_switch, a_thread


def a_regime(**changes: object) -> Regime:
    return msgspec.structs.replace(get_regime("neutral"), **changes)


@pytest.mark.clause("2017-5.3", "2022-4.4b", "2022f-4.3")
class TestNeedsPerson:
    @pytest.mark.parametrize(
        ("scope", "auto_clear", "kind", "person"),
        [
            (Premoderation.NONE, True, ThreadClass.NEWS, False),
            (Premoderation.NEWS, True, ThreadClass.NEWS, True),
            (Premoderation.NEWS, True, ThreadClass.BLOG, False),
            (Premoderation.ALL, True, ThreadClass.NEWS, True),
            (Premoderation.ALL, True, ThreadClass.BLOG, False),
            (Premoderation.ALL, False, ThreadClass.BLOG, True),
        ],
    )
    def test_follows_the_regime(
        self, *, scope: Premoderation, auto_clear: bool, kind: ThreadClass, person: bool
    ) -> None:
        regime = a_regime(premoderation=scope, auto_clear=auto_clear)

        assert needs_person(a_thread(kind=kind), regime, [], now=NOON) is person

    def test_a_thread_may_ask_for_more_than_the_regime(self) -> None:
        assert needs_person(a_thread(mode=Mode.PRE), a_regime(), [], now=NOON)

    def test_a_switch_holds_everything_until_it_ends(self) -> None:
        switch = a_switch(until=NOON + timedelta(minutes=1))

        assert needs_person(a_thread(), a_regime(), [switch], now=NOON)
        later = NOON + timedelta(minutes=1)
        assert not needs_person(a_thread(), a_regime(), [switch], now=later)

    def test_a_lifted_switch_holds_nothing(self) -> None:
        assert not needs_person(a_thread(), a_regime(), [a_switch(lifted_at=NOON)], now=NOON)


def test_read_only_says_why_and_until_when() -> None:
    switch = a_switch(kind=SwitchKind.READ_ONLY, reason="Under attack")

    with pytest.raises(ReadOnly) as refused:
        require_writable([switch], now=NOON)
    assert refused.value.facts["reason"] == "Under attack"
    require_writable([switch], now=NOON + timedelta(hours=2))


@pytest.mark.clause("2017-2.1", "2017-13", "2022-15")
def test_a_regime_that_is_not_in_force_is_for_test_sites() -> None:
    historic = a_regime(test_only=True)

    require_allowed(historic, test=True, now=NOON)
    with pytest.raises(RegimeNotAllowed):
        require_allowed(historic, test=False, now=NOON)


@pytest.mark.parametrize(
    ("reason", "days"), [("", 1), ("  ", 1), ("attack", 0), ("attack", -1), ("attack", 31)]
)
def test_nothing_is_switched_without_reason_or_end(reason: str, days: int) -> None:
    with pytest.raises(SwitchNeedsTerm):
        require_term(reason, NOON + timedelta(days=days), now=NOON)


@pytest.mark.parametrize("text", ["", "A", "a b", "-a", "a" * 41, "日报", "a\n"])
def test_a_site_id_is_plain(text: str) -> None:
    with pytest.raises(BadSiteId):
        require_site_id(text)


@pytest.mark.parametrize("text", ["", "a\nb", "\x00", "\u202ea", "k" * 501, " ", "a ", "\ufffd a"])
def test_a_thread_key_hides_nothing(text: str) -> None:
    with pytest.raises(BadThreadKey):
        require_thread_key(text)
