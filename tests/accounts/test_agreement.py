from datetime import UTC, datetime

import msgspec
import pytest

from gentie.accounts.agreement import (
    MEASURES,
    as_text,
    changes_between,
    laws_of,
    write_agreement,
)
from gentie.accounts.model import AgreementText, AgreementVersion
from gentie.catalogue.regimes import Regime, get_regime, shipped_regimes


def whole(text: AgreementText, lang: str) -> str:
    paragraphs = [p.text for section in text.sections for p in section.paragraphs]
    return "\n".join(one.in_lang(lang) for one in (*text.summary, *paragraphs))


@pytest.mark.clause("2017-6.1a")
@pytest.mark.parametrize("regime", shipped_regimes().values(), ids=lambda regime: regime.id)
@pytest.mark.parametrize("lang", ["zh", "en"])
class TestWriteAgreement:
    def test_names_every_ground_under_its_clause(self, regime: Regime, lang: str) -> None:
        text = write_agreement(regime)

        cited = {p.number: p.text for section in text.sections for p in section.paragraphs}
        for one in regime.classes:
            assert one.definition.in_lang(lang) in cited[one.clause].in_lang(lang)

    def test_says_every_measure_and_every_time(self, regime: Regime, lang: str) -> None:
        text = whole(write_agreement(regime), lang)

        for measure in regime.measures:
            assert MEASURES[measure].in_lang(lang) in text
        windows = regime.windows
        for number in (
            windows.appeal_days,
            windows.appeal_answer_days,
            windows.report_answer_days,
            windows.network_log_days,
            windows.content_record_days,
            windows.agreement_grace_days,
            windows.leak_people_hours,
        ):
            assert str(number) in text
        assert regime.policy in text

    def test_speaks_of_identity_only_where_it_is_asked(self, regime: Regime, lang: str) -> None:
        told = str(regime.identity.max_age_days) in whole(write_agreement(regime), lang)

        assert told == regime.identity.required


def test_leaves_no_gap_in_the_numbering() -> None:
    for section in write_agreement(get_regime("neutral")).sections:
        if section.number not in {"3", "4", "5"}:
            numbers = [p.number for p in section.paragraphs]
            assert numbers == [f"{section.number}.{n}" for n in range(1, len(numbers) + 1)]


def test_says_what_changed_and_nothing_else() -> None:
    regime = get_regime("cn-2022-final")
    old = write_agreement(regime)
    longer = msgspec.structs.replace(regime.windows, network_log_days=999)
    new = write_agreement(msgspec.structs.replace(regime, windows=longer))

    assert changes_between(old, old) == ()
    (one,) = changes_between(old, new)
    assert one.before
    assert one.after
    assert "184" in one.before.en
    assert "999" in one.after.en
    gone = msgspec.structs.replace(old, sections=old.sections[1:])
    assert {one.after for one in changes_between(old, gone)} == {None}


@pytest.mark.clause("2017-6.1b", "2022-6.b")
def test_names_every_law_that_a_ground_rests_on() -> None:
    regime = get_regime("cn-2022-final")
    said = whole(write_agreement(regime), "zh")
    assert laws_of(regime)
    for law in laws_of(regime):
        assert law.title.zh in said
    assert laws_of(get_regime("neutral")) == ()


@pytest.mark.clause("2017-6.1a")
def test_can_be_kept_as_plain_text() -> None:
    text = write_agreement(get_regime("cn-2022-final"))
    version = AgreementVersion(
        regime="cn-2022-final",
        number=3,
        policy="cn-2022-final/1",
        in_force_from=datetime(2026, 3, 1, tzinfo=UTC),
        text=text,
    )
    for lang in ("zh", "en"):
        kept = as_text(version, lang)
        assert kept.startswith("cn-2022-final / 3")
        for line in whole(text, lang).splitlines():
            assert line in kept


def test_another_regime_is_another_text() -> None:
    regime = get_regime("neutral")
    stricter = msgspec.structs.replace(regime, version=2)

    assert write_agreement(regime) == write_agreement(regime)
    assert write_agreement(regime) != write_agreement(stricter)
