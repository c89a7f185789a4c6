"""Text in, verdict out."""

import msgspec

from gentie.screening.model import Outcome, Verdict


class CompiledRules(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the rules, ready to run. The first has no term list."""

    version: str


def screen(text: str, rules: CompiledRules) -> Verdict:
    """Look at a text under one version of the rules."""
    return Verdict(outcome=Outcome.PASS, findings=(), rule=rules.version, failed=())
