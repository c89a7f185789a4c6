"""What screening says to an attachment: its owner's words, what a machine read, the bytes. Pure."""

from typing import Final

import msgspec

from gentie.catalogue import fulfils
from gentie.media.model import Attachment, Reading, State
from gentie.screening.model import Action, Finding, Outcome
from gentie.screening.pictures import listed
from gentie.screening.pipeline import CompiledRules, screen
from gentie.screening.rules import combine

READ: Final = "read:"
"""Before the name of a detector whose places are in what a machine read."""


@fulfils("2017-5.5d", "2022-4.4a")
def weighed(attachment: Attachment, rules: CompiledRules) -> Attachment:
    """A checked attachment with the verdict of these rules, and the state that follows.

    A machine that reads a picture can be wrong, so what it read may hold and never refuse. Where
    it should have read and broke down, nobody knows what is written there: that holds as well.
    """
    written, read = screen(attachment.written, rules), screen(attachment.text, rules)
    findings = [
        *written.findings,
        *(_as_read(one) for one in read.findings),
        *listed(attachment.sha256, attachment.facts.marks, rules),
    ]
    unread = ("reading",) if attachment.facts.reading is Reading.FAILED else ()
    failed = (*written.failed, *read.failed, *unread)
    verdict = combine(findings, failed=failed, rule=rules.version)
    passes = verdict.outcome is Outcome.PASS
    return msgspec.structs.replace(
        attachment,
        verdict=msgspec.json.encode(verdict),
        state=State.READY if passes else State.HELD,
    )


def _as_read(finding: Finding) -> Finding:
    action = Action.NOTE if finding.action is Action.NOTE else Action.HOLD
    return msgspec.structs.replace(finding, action=action, detector=f"{READ}{finding.detector}")
