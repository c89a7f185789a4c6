import msgspec
import pytest

from gentie.accounts.agreement import MEASURES, write_agreement
from gentie.accounts.model import AgreementText
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


def test_another_regime_is_another_text() -> None:
    regime = get_regime("neutral")
    stricter = msgspec.structs.replace(regime, version=2)

    assert write_agreement(regime) == write_agreement(regime)
    assert write_agreement(regime) != write_agreement(stricter)
