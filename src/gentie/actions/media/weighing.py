"""What screening says to an attachment: its owner's words, what a machine read, the bytes. Pure."""

import msgspec

from gentie.catalogue import fulfils
from gentie.media.model import Attachment, State
from gentie.screening.model import Action, Finding, Outcome
from gentie.screening.pictures import listed
from gentie.screening.pipeline import CompiledRules, screen
from gentie.screening.rules import combine


@fulfils("2017-5.5d", "2022-4.4a")
def weighed(attachment: Attachment, rules: CompiledRules) -> Attachment:
    """A checked attachment with the verdict of these rules, and the state that follows.

    A machine that reads a picture can be wrong, so what it read may hold and never refuse.
    """
    written, read = screen(attachment.written, rules), screen(attachment.text, rules)
    findings = [
        *written.findings,
        *(_at_most_hold(one) for one in read.findings),
        *listed(attachment.sha256, attachment.facts.marks, rules),
    ]
    verdict = combine(findings, failed=(*written.failed, *read.failed), rule=rules.version)
    passes = verdict.outcome is Outcome.PASS
    return msgspec.structs.replace(
        attachment,
        verdict=msgspec.json.encode(verdict),
        state=State.READY if passes else State.HELD,
    )


def _at_most_hold(finding: Finding) -> Finding:
    action = Action.NOTE if finding.action is Action.NOTE else Action.HOLD
    return msgspec.structs.replace(finding, action=action, detector=f"read:{finding.detector}")
