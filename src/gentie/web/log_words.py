"""Codes of the public log as people read them."""

from functools import cache

from gentie.decisions.model import Measure
from gentie.kernel.texts import in_lang
from gentie.ledger import Kind


@cache
def measures_in(lang: str) -> dict[str, str]:
    """What was done to a comment or an account. Other entries have codes of their own."""
    return {
        Measure.PUBLISH: in_lang("Published", lang),
        Measure.REFUSE: in_lang("Refused", lang),
        Measure.REMOVE: in_lang("Removed", lang),
        Measure.RESTORE: in_lang("Restored", lang),
        Measure.RECALL: in_lang("Recalled", lang),
        Measure.WARN: in_lang("Warning", lang),
        Measure.RESTRICT: in_lang("Functions restricted", lang),
        Measure.SUSPEND: in_lang("Posting suspended", lang),
        Measure.CLOSE: in_lang("Account closed", lang),
        Measure.BAR_REREGISTRATION: in_lang("Closed, and no new registration", lang),
        Measure.LIFT: in_lang("Measure lifted", lang),
    }


@cache
def kinds_in(lang: str) -> dict[Kind, str]:
    """What an entry is about."""
    return {
        "published": in_lang("Publication", lang),
        "decision": in_lang("Refusal or removal", lang),
        "reversal": in_lang("Reversal", lang),
        "sanction": in_lang("Measure against an account", lang),
        "appeal": in_lang("Appeal", lang),
        "switch": in_lang("Switch", lang),
        "rule": in_lang("Screening rules", lang),
        "policy": in_lang("Service rules", lang),
        "pin": in_lang("Pinned comment", lang),
        "assessment": in_lang("Security assessment", lang),
        "order": in_lang("Order of an authority", lang),
        "deletion": in_lang("Deletion of personal data", lang),
        "disclosure": in_lang("Sealed identities opened", lang),
        "register": in_lang("Entry of a register", lang),
        "check_run": in_lang("Check of the duties", lang),
        "checkpoint_note": in_lang("Note about the log itself", lang),
    }
