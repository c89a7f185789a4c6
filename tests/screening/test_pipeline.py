import logging
from datetime import timedelta

import pytest

from gentie.comments.cleaning import TextTooLong, clean
from gentie.screening.model import Action, Finding, Outcome
from gentie.screening.normal import Views
from gentie.screening.pipeline import PHASES, CompiledRules, Screener, compile_rules, screen
from gentie.screening.rules import BUILT_IN
from tests.screening.build import NOON, a_finding, a_list, a_version, compiled

BUILT = compile_rules(BUILT_IN, now=NOON)


def broken(_: Views, __: CompiledRules) -> list[Finding]:
    raise RuntimeError("the secret text")


@pytest.mark.clause("2017-5.5d")
class TestScreen:
    def test_a_clean_text_passes_and_names_the_rules(self) -> None:
        verdict = screen("今天的新闻很有意思", BUILT)

        assert (verdict.outcome, verdict.rule, verdict.findings, verdict.failed) == (
            Outcome.PASS, "screening/1", (), (),
        )  # fmt: skip

    def test_the_operators_terms_may_refuse(self) -> None:
        rules = compiled(a_list("刷单", action=Action.REFUSE))

        assert screen("来刷单吧", rules).outcome is Outcome.REFUSE
        assert screen("来聊天吧", rules).outcome is Outcome.PASS

    def test_a_pattern_only_holds(self) -> None:
        assert screen("打13812345678", BUILT).outcome is Outcome.HOLD

    @pytest.mark.parametrize("name", [name for name, _ in PHASES])
    def test_a_phase_that_breaks_needs_a_person(
        self, name: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        phases = tuple((one, broken if one == name else phase) for one, phase in PHASES)

        with caplog.at_level(logging.ERROR):
            verdict = screen("今天的新闻很有意思", BUILT, phases=phases)

        assert (verdict.outcome, verdict.failed) == (Outcome.HOLD, (name,))
        assert "RuntimeError in broken" in caplog.text
        assert "secret" not in caplog.text

    def test_the_phases_that_stand_still_count(self) -> None:
        rules = compiled(a_list("刷单", action=Action.REFUSE))
        phases = (*PHASES, ("extra", broken))

        verdict = screen("来刷单吧", rules, phases=phases)

        assert (verdict.outcome, verdict.failed) == (Outcome.REFUSE, ("extra",))

    def test_a_text_that_cannot_even_be_read_needs_a_person(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(_: str) -> Views:
            raise ValueError

        monkeypatch.setattr("gentie.screening.pipeline.views_of", unreadable)

        verdict = screen("什么", BUILT)

        assert (verdict.outcome, verdict.failed) == (Outcome.HOLD, ("normal",))

    def test_a_statistical_detector_never_refuses(self) -> None:
        phases = (("guess", lambda *_: [a_finding(action=Action.REFUSE, score=0.99)]),)

        assert screen("什么", BUILT, phases=phases).outcome is Outcome.HOLD

    def test_piles_of_marks_and_long_texts_go_through(self) -> None:
        assert (
            screen(clean("加" + "\u0301" * 10_000 + "微信：abc123"), BUILT).outcome is Outcome.HOLD
        )
        with pytest.raises(TextTooLong):
            clean("啊" * 1_000_000)


def test_a_screener_uses_what_was_put_in_last() -> None:
    screener = Screener(BUILT)
    before = screener.screen("来刷单吧")

    screener.use(compiled(a_list("刷单")))
    after = screener.screen("来刷单吧")

    assert (before.outcome, before.rule) == (Outcome.PASS, "screening/1")
    assert (after.outcome, after.rule) == (Outcome.HOLD, "screening/2")


class TestCompileRules:
    def test_uses_only_lists_in_force_and_says_until_when(self) -> None:
        hour = timedelta(hours=1)
        source = a_version(
            a_list("现在", id="now", valid_to=NOON + 2 * hour),
            a_list("将来", id="later", valid_from=NOON + hour),
            a_list("过去", id="past", valid_to=NOON),
        )
        text = "现在、将来、过去"

        now = compile_rules(source, now=NOON)
        then = compile_rules(source, now=NOON + hour)

        assert [one.detector for one in screen(text, now).findings] == ["terms:now"]
        assert now.good_until == NOON + hour
        assert [one.detector for one in screen(text, then).findings] == ["terms:now", "terms:later"]
        assert compile_rules(source, now=NOON + 2 * hour).good_until is None
