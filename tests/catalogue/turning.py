"""Keys of a regime turned over, and acts whose outcome shows it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.agreement import write_agreement
from gentie.accounts.lessons import get_lesson
from gentie.accounts.model import AgreementVersion, Role
from gentie.accounts.roles import actor_of_staff
from gentie.actions.grievances.file_appeal import file_appeal
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.identity.finish_lesson import finish_lesson
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.propose_measure import Wanted, propose_measure
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.actions.oversight.record_leak import LeakFound, record_leak
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.network import SealedOrigin
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import (
    ContentClass,
    Regime,
    Tier,
    get_regime,
    shipped_regimes,
)
from gentie.comments import queries
from gentie.decisions.model import Decision
from gentie.decisions.queries import get
from gentie.decisions.tables import decisions
from gentie.kernel.actor import ANYONE
from gentie.kernel.ids import CommentRef, SiteId
from gentie.pages.credit import load_credit
from gentie.review.queries import queue
from gentie.standing import store
from gentie.standing.model import Measure
from gentie.storage.outbox import messages
from gentie.vault.model import NETWORK_TOPIC
from tests.newsroom import (
    ANN,
    BEN,
    NOON,
    NOTEBOOK,
    OPERATOR,
    a_draft,
    a_person,
    post,
    ref_of,
    staff,
)
from tests.standing.build import LADDER, a_sanction

Act = Callable[[sa.Connection], object]
"""Says how the act came out, in a value that can be compared."""


Turn = Callable[[Regime], Regime]


SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")


def turned(**changes: object) -> Turn:
    return lambda regime: msgspec.structs.replace(regime, **changes)


def identity(**changes: object) -> Turn:
    return lambda regime: turned(identity=msgspec.structs.replace(regime.identity, **changes))(
        regime
    )


def windows(**changes: object) -> Turn:
    return lambda regime: turned(windows=msgspec.structs.replace(regime.windows, **changes))(regime)


def spam(**changes: object) -> Turn:
    def turn(one: ContentClass) -> ContentClass:
        return msgspec.structs.replace(one, **changes) if one.id == "spam" else one

    return lambda regime: turned(classes=tuple(map(turn, regime.classes)))(regime)


def also(*turns: Turn) -> Turn:
    def all_of(regime: Regime) -> Regime:
        for turn in turns:
            regime = turn(regime)
        return regime

    return all_of


def posting(key: str = "blog", *, verified: bool = True) -> Act:
    def act(tx: sa.Connection) -> object:
        made = post(tx, a_person(tx, verified=verified), key=key)
        kept = queries.get(tx, ref_of(made))
        return made.state, kept.regime, kept.policy

    return act


def removing(tx: sa.Connection) -> Decision:
    ann, _ = staff(tx, ANN, BEN)
    made = post(tx, a_person(tx))
    removed = remove_comment(tx, ref_of(made), SPAM, acting=ann, now=NOON)
    return get(tx, removed.decision).decision


def ground_of_removal(tx: sa.Connection) -> object:
    return removing(tx).ground


def tombstone(tx: sa.Connection) -> object:
    target = removing(tx).target
    stone = queries.get(tx, CommentRef.parse(target.ref)).tombstone
    return stone and stone.class_id


def appeal_window(tx: sa.Connection) -> object:
    return removing(tx).appeal_before


def appealing_act(tx: sa.Connection) -> object:
    decision = removing(tx)
    author = accounts_actor(decision)
    filed = file_appeal(tx, decision.id, statement="", receipt="", acting=author, now=NOON)
    return filed.due


def accounts_actor(decision: Decision) -> Any:
    from gentie.accounts.roles import actor_of_account  # noqa: PLC0415 used here alone

    return actor_of_account(decision.target.author)


def reporting(tx: sa.Connection) -> object:
    made = post(tx, a_person(tx))
    report = Report(subject=ref_of(made), class_id="abuse", statement="")
    return file_report(tx, report, acting=ANYONE, now=NOON).due


def finding_a_leak(tx: sa.Connection) -> object:
    compliance = actor_of_staff(msgspec.structs.replace(BEN, role=Role.COMPLIANCE))
    found = LeakFound(
        found_at=NOON,
        happened_at=None,
        data=("account",),
        accounts=None,
        **dict.fromkeys(("cause", "harm", "measures", "advice", "contact"), "words"),
    )
    leak = record_leak(tx, found, acting=compliance, now=NOON)
    return leak.authority_before, leak.people_before


def recording(tx: sa.Connection) -> object:
    origin = SealedOrigin(reference="r-1", blob=b"sealed")
    submission = Submission(site=NOTEBOOK, key="blog", draft=a_draft(), network=origin)
    submit_comment(tx, submission, acting=a_person(tx), now=NOON)
    sent = tx.scalar(sa.select(messages.c.body).where(messages.c.topic == NETWORK_TOPIC))
    return msgspec.json.decode(sent or b"")["expires_at"]


def ladder(**changes: object) -> Turn:
    return turned(ladder=msgspec.structs.replace(LADDER, **changes))


def sanctioning(
    measure: Measure = Measure.WARN, *, known: int = 0, days: int = 0, tier: str = "terms"
) -> Act:
    """A measure that rests on a removal, `days` after it, when `known` measures stand."""

    def act(tx: sa.Connection) -> object:
        removed = removing(tx)
        account = removed.target.author
        for n in range(known):
            told = NOON - timedelta(days=20)
            store.add(tx, a_sanction(account=account, site=NOTEBOOK, id=str(n + 1), starts_at=told))
        tx.execute(decisions.update().values(tier=tier))
        on = msgspec.structs.replace(removed.ground, tier=tier) if removed.ground else None
        record = msgspec.json.encode(msgspec.structs.replace(removed, ground=on))
        tx.execute(decisions.update().values(record=record))
        acting, now = actor_of_staff(ANN), NOON + timedelta(days=days)
        wanted = Wanted(rests_on=removed.id, measure=measure, message="Please.")
        made = propose_measure(tx, wanted, acting=acting, now=now)
        if made.proposal:
            confirming = actor_of_staff(msgspec.structs.replace(BEN, role=Role.CHIEF_EDITOR))
            made = confirm_measure(tx, made.proposal, acting=confirming, now=now)
        return made.measure, made.until

    return act


def voting(tx: sa.Connection) -> object:
    made = post(tx, a_person(tx))
    reed = a_person(tx, "Reed", verified=False)
    return cast_vote(tx, ref_of(made), agree=True, acting=reed, now=NOON).votes


def queueing(tx: sa.Connection) -> object:
    post(tx, a_person(tx), key="article")
    return queue(tx, NOTEBOOK)[0].due_at


def posting_after_a_new_agreement(tx: sa.Connection) -> object:
    newer = AgreementVersion(
        regime="neutral",
        number=2,
        policy="neutral/2",
        in_force_from=NOON - timedelta(days=3),
        text=write_agreement(get_regime("neutral")),
    )
    accounts.add_agreement(tx, newer)
    return posting()(tx)


def opening(tx: sa.Connection) -> object:
    wanted = NewSite(
        id=SiteId("another"),
        name="Another",
        regime="neutral",
        test=False,
        lang="en",
        origins=(),
        assessment="assessment-1",
    )
    open_site(tx, wanted, acting=OPERATOR, now=NOON)
    return "opened"


CREDIT = next(one.credit for one in shipped_regimes().values() if one.credit)


FLAT = CREDIT.tiers[:1]
"""Whatever the score, nothing is taken."""


def credit(**changes: object) -> Turn:
    return turned(credit=msgspec.structs.replace(CREDIT, **changes))


def crediting(tier: str = "terms", *, times: int = 1, days: int = 0, lessons: int = 0) -> Act:
    """What the person sees of their credit after so many removals, lessons and days."""

    def act(tx: sa.Connection) -> object:
        ann, _ = staff(tx, ANN, BEN)
        river = a_person(tx)
        for _ in range(times):
            remove_comment(tx, ref_of(post(tx, river)), SPAM, acting=ann, now=NOON)
        answers = tuple(one.right for one in get_lesson("after-measure").questions)
        for n in range(lessons):
            learnt = partial(finish_lesson, tx, "after-measure", answers, site=NOTEBOOK)
            learnt(acting=river, now=NOON + n * timedelta(days=10))
        later = NOON + timedelta(days=days)
        (seen,) = load_credit(tx, acting=river, now=later) or (None,)
        made = post(tx, river, now=later)
        return seen and seen.score, made.state

    return act


def graver(tier: Tier) -> Turn:
    return also(spam(tier=tier, legal_ref="csl"), credit())
