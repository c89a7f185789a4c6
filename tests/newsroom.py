"""A small newsroom for tests of acts: sites under each regime, people who may post, staff."""

from datetime import UTC, datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.agreement import write_agreement
from gentie.accounts.model import (
    Acceptance,
    AgreementVersion,
    Attested,
    Consent,
    Purpose,
    Role,
    Staff,
)
from gentie.accounts.roles import actor_of_account, actor_of_staff
from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.actions.posting.make_draft import Draft, make_draft
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.catalogue.regimes import get_regime
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.chance import new_account_id
from gentie.kernel.ids import ActorId, CommentRef, SiteId, StaffId
from gentie.screening.model import Action, Finding, Outcome, Span, Verdict
from gentie.screening.pipeline import compile_rules
from gentie.screening.rules import BUILT_IN
from gentie.sites.model import Declaration, Mode, Thread, ThreadClass

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAILY, NOTEBOOK = SiteId("daily"), SiteId("notebook")
RULES = compile_rules(BUILT_IN, now=NOON)
OPERATOR = Actor(
    id=ActorId("staff:0"),
    kind=Kind.STAFF,
    role="admin",
    scopes=frozenset({"site:manage", "thread:declare"}),
)
ATTESTED = Attested(
    framework="sandbox",
    level="high",
    method="id_number",
    verified_at=NOON - timedelta(days=10),
    valid_until=NOON + timedelta(days=700),
)
ANN = Staff(id=StaffId("1"), name="Ann", role=Role.MODERATOR, active=True, outside=False, site=None)
BEN = msgspec.structs.replace(ANN, id=StaffId("2"), name="Ben")
CLEO = msgspec.structs.replace(ANN, id=StaffId("3"), name="Cleo", role=Role.CHIEF_EDITOR)


def a_site(
    tx: sa.Connection,
    site: SiteId = DAILY,
    *,
    regime: str = "cn-2022-final",
    test: bool = False,
    origins: tuple[str, ...] = ("https://page.example",),
) -> None:
    """A site with its agreement, and threads `article` (news), `blog` and `guests`."""
    wanted = NewSite(
        id=site,
        name=site.title(),
        regime=regime,
        test=test,
        lang="en",
        origins=origins,
        assessment="assessment-1",
    )
    open_site(tx, wanted, acting=OPERATOR, now=NOON - timedelta(days=30))
    version = AgreementVersion(
        regime=regime,
        number=1,
        policy=get_regime(regime).policy,
        in_force_from=NOON - timedelta(days=30),
        text=write_agreement(get_regime(regime)),
    )
    if accounts.newest_agreement(tx, regime) is None:
        accounts.add_agreement(tx, version)
    for key, kind in (
        ("article", ThreadClass.NEWS),
        ("blog", ThreadClass.BLOG),
        ("guests", ThreadClass.GUESTBOOK),
    ):
        a_thread(tx, site, key, kind=kind)


def a_thread(
    tx: sa.Connection, site: SiteId, key: str, *, kind: ThreadClass, mode: Mode = Mode.POST
) -> Thread:
    declaration = Declaration(
        title=key.title(), url=f"https://page.example/{key}", kind=kind, mode=mode, owner=""
    )
    return declare_thread(tx, site, key, declaration, acting=OPERATOR, now=NOON)


def a_person(
    tx: sa.Connection,
    name: str = "River",
    *,
    verified: bool = True,
    regimes: tuple[str, ...] = ("cn-2022-final", "neutral"),
) -> Actor:
    """Somebody with an account, verified, who has accepted the agreements."""
    account = new_account_id()
    accounts.add_account(tx, account, name=name, now=NOON)
    if verified:
        said = Consent(purpose=Purpose.IDENTITY_CHECK, version=1, given=True, at=NOON)
        accounts.add_consent(tx, account, said)
        accounts.add_verification(
            tx, account, ATTESTED, provider="sandbox", person=f"person of {name}", now=NOON
        )
    for regime in regimes:
        accounts.add_acceptance(tx, account, Acceptance(regime=regime, number=1, at=NOON))
    return actor_of_account(account)


def staff(tx: sa.Connection, *members: Staff) -> list[Actor]:
    for member in members:
        accounts.add_staff(tx, member, now=NOON)
    return [actor_of_staff(member) for member in members]


def a_draft(text: str = "A kind word.", **changes: object) -> Draft:
    return msgspec.structs.replace(make_draft(text, RULES), **changes)


def found(outcome: Outcome, *, class_id: str = "spam", says: str = "Advertising") -> Verdict:
    """What screening says when it finds something in the first word."""
    action = Action.REFUSE if outcome is Outcome.REFUSE else Action.HOLD
    finding = Finding(
        detector="terms",
        version="1",
        class_id=class_id,
        action=action,
        spans=(Span(0, 1),),
        says=says,
        score=None,
    )
    return Verdict(outcome=outcome, findings=(finding,), rule=RULES.version, failed=())


def post(
    tx: sa.Connection,
    by: Actor,
    *,
    text: str = "A kind word.",
    site: SiteId = NOTEBOOK,
    key: str = "blog",
    to: Submitted | None = None,
    verdict: Verdict | None = None,
    now: datetime = NOON,
) -> Submitted:
    draft = a_draft(text) if verdict is None else a_draft(text, verdict=verdict)
    submission = Submission(
        site=site, key=key, draft=draft, parent=None if to is None else ref_of(to)
    )
    return submit_comment(tx, submission, acting=by, now=now)


def ref_of(submitted: Submitted) -> CommentRef:
    return CommentRef.parse(submitted.id)
