"""Write a new version of the screening rules. Nothing is screened by it before it is approved."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.screening import rules, store
from gentie.screening.model import RuleSet, RuleSetVersion, State


def draft_screening_rules(
    tx: sa.Connection, drafted: RuleSet, *, acting: Actor, now: datetime
) -> RuleSetVersion:
    """Keep `drafted` as the next version, a draft.

    Raises:
        MayNot, BadRules, DraftTaken: nothing was changed.
    """
    acting.require("rules:draft")
    rules.require_usable(drafted)
    draft = RuleSetVersion(
        version=store.next_version(tx),
        rules=drafted,
        state=State.DRAFT,
        author=acting.id,
        drafted_at=now,
    )
    store.add_draft(tx, draft)
    return draft
