"""Accounts under their pseudonyms. Who somebody is stands in the vault, which is not read here."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import AccountState, Consent
from gentie.accounts.tables import acceptances, accounts, consents, names, verifications
from gentie.cases.tables import cases
from gentie.comments.tables import comments, votes
from gentie.decisions.model import NoticeKind
from gentie.decisions.tables import decisions, notices
from gentie.kernel.ids import AccountId, CommentRef, NoSuchComment, SiteId
from gentie.moving.records.authors import (
    AcceptanceRecord,
    AuthorRecord,
    ClosingRecord,
    NameTaken,
    NoticeRecord,
    SaidConsent,
    SanctionRecord,
    VerificationRecord,
)
from gentie.privacy.model import Comments
from gentie.privacy.tables import closures
from gentie.sites.tables import site_regimes, threads
from gentie.standing.rows import sanction_of
from gentie.standing.tables import sanctions

AT_ONCE: Final = 200

_HERE = (  # scatter: a whole site on its way out
    sa.select(threads.c.thread_id)
    .where(threads.c.site_id == sa.bindparam("site"))
    .scalar_subquery()
)
_WHO = (  # scatter: a whole site on its way out
    sa.union(
        sa.select(comments.c.author_id).where(comments.c.site_id == sa.bindparam("site")),
        sa.select(decisions.c.author).where(decisions.c.site_id == sa.bindparam("site")),
        sa.select(votes.c.account).where(votes.c.thread_id.in_(_HERE)),
        sa.select(cases.c.filed_by).where(cases.c.site_id == sa.bindparam("site")),
    )
    .subquery()
    .c[0]
)
_ACCOUNTS = (
    sa.select(accounts)
    .where(accounts.c.account_id.in_(sa.select(_WHO)))
    .order_by(accounts.c.account_id)
)
_REGIMES = sa.select(site_regimes.c.regime).where(site_regimes.c.site_id == sa.bindparam("site"))
_THREADS = (  # scatter: a whole site on its way out
    sa.select(threads.c.thread_id).where(threads.c.site_id == sa.bindparam("site"))
)
_ONE = sa.select(accounts).where(accounts.c.account_id == sa.bindparam("account"))
_OF: sa.BindParameter[Any] = sa.bindparam("accounts", expanding=True)
_NAMES = sa.select(names).where(names.c.account_id.in_(_OF)).order_by(names.c.taken_at)
_VERIFICATIONS = (
    sa.select(verifications).where(verifications.c.account_id.in_(_OF)).order_by(verifications.c.id)
)
_ACCEPTANCES = (
    sa.select(acceptances).where(acceptances.c.account_id.in_(_OF)).order_by(acceptances.c.at)
)
_CONSENTS = sa.select(consents).where(consents.c.account_id.in_(_OF)).order_by(consents.c.id)
_NOTICES = sa.select(notices).where(notices.c.account_id.in_(_OF)).order_by(notices.c.id)
_SANCTIONS = sa.select(sanctions).where(sanctions.c.account_id.in_(_OF)).order_by(sanctions.c.id)
_CLOSINGS = sa.select(closures).where(closures.c.account_id.in_(_OF))
_PARTS = (_NAMES, _VERIFICATIONS, _ACCEPTANCES, _CONSENTS, _NOTICES, _SANCTIONS, _CLOSINGS)

_Is = Callable[[str], bool]


class _Concerns(msgspec.Struct, frozen=True):
    """What of a person's account concerns the site that moves."""

    regime: _Is
    comment: _Is
    site: _Is
    whole: bool = True
    """With who did it, which a person does not get."""


EVERYTHING: Final = _Concerns(lambda _: True, lambda _: True, lambda _: True, whole=False)


def authors_of(tx: sa.Connection, site: SiteId) -> Iterator[AuthorRecord]:
    """Whoever wrote, voted or filed something on a site. Imported authors have no account."""
    concerns = _concerning(tx, site)
    found = tx.execute(_ACCOUNTS, {"site": site}, execution_options={"yield_per": AT_ONCE})
    for some in found.partitions():
        yield from _records(tx, some, concerns)


def author_of(tx: sa.Connection, account: AccountId) -> AuthorRecord:
    """One account with everything, whichever site it concerns."""
    return next(_records(tx, tx.execute(_ONE, {"account": account}).all(), EVERYTHING))


def _concerning(tx: sa.Connection, site: SiteId) -> _Concerns:
    regimes = set(tx.scalars(_REGIMES, {"site": site}))
    here = set(tx.scalars(_THREADS, {"site": site}))

    def is_here(ref: str) -> bool:
        try:
            return CommentRef.parse(ref).thread in here
        except NoSuchComment:
            return False

    return _Concerns(regimes.__contains__, is_here, site.__eq__)


def _records(tx: sa.Connection, rows: Sequence[Any], concerns: _Concerns) -> Iterator[AuthorRecord]:
    of = {"accounts": [row.account_id for row in rows]}
    parts = [
        _by_account(tx, one, of)
        for one in (
            _NAMES,
            _VERIFICATIONS,
            _ACCEPTANCES,
            _CONSENTS,
            _NOTICES,
            _SANCTIONS,
            _CLOSINGS,
        )
    ]
    for row in rows:
        yield _author(row, [one.get(row.account_id, []) for one in parts], concerns)


def _by_account(tx: sa.Connection, statement: sa.Select[Any], of: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in tx.execute(statement, of):
        found[row.account_id].append(row)
    return found


def _author(row: Any, parts: list[list[Any]], concerns: _Concerns) -> AuthorRecord:
    taken, verified, accepted, consented, told, sanctioned, closed = parts
    return AuthorRecord(
        id=row.account_id,
        name=row.name,
        avatar=row.avatar,
        badges=tuple(row.badges),
        state=AccountState(row.state),
        opened_at=row.opened_at,
        names=tuple(sorted((_name(one) for one in taken), key=_by_time)),
        verifications=tuple(_verification(one) for one in verified),
        acceptances=tuple(
            sorted(
                (_acceptance(one) for one in accepted if concerns.regime(one.regime)), key=_first
            )
        ),
        consents=tuple(_consent(one) for one in consented),
        notices=tuple(_notice(one) for one in told if _is_told_here(one, concerns)),
        sanctions=tuple(
            _sanction(one, whole=concerns.whole) for one in sanctioned if concerns.site(one.site_id)
        ),
        closing=_closing(closed[0]) if closed and concerns.whole else None,
    )


def _closing(row: Any) -> ClosingRecord:
    return ClosingRecord(
        closed_at=row.closed_at, comments=Comments(row.comments), cleared_at=row.cleared_at
    )


def _name(row: Any) -> NameTaken:
    return NameTaken(key=row.name_key, taken_at=row.taken_at)


def _by_time(one: NameTaken) -> tuple[datetime, str]:
    return one.taken_at, one.key


def _acceptance(row: Any) -> AcceptanceRecord:
    return AcceptanceRecord(regime=row.regime, number=row.number, at=row.at)


def _first(one: AcceptanceRecord) -> tuple[datetime, str, int]:
    return one.at, one.regime, one.number


def _verification(row: Any) -> VerificationRecord:
    """Without `person`, which ties the accounts of one person together."""
    return msgspec.convert(row, VerificationRecord, from_attributes=True)


def _consent(row: Any) -> SaidConsent:
    return SaidConsent(id=row.id, said=msgspec.convert(row, Consent, from_attributes=True))


def _is_told_here(row: Any, concerns: _Concerns) -> bool:
    is_name = row.kind in (NoticeKind.NAME_CLAIMED, NoticeKind.NAME_ERASED)
    return concerns.site(row.about) if is_name else concerns.comment(row.about)


def _notice(row: Any) -> NoticeRecord:
    return NoticeRecord(
        id=row.id,
        decision=row.decision,
        notice=row.kind,
        about=row.about,
        code=row.code,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def _sanction(row: Any, *, whole: bool) -> SanctionRecord:
    """Without who confirmed it in what the person gets."""
    one = sanction_of(row)
    return SanctionRecord(
        id=one.id,
        site=one.site,
        measure=one.measure,
        decision=one.decision,
        rests_on=one.rests_on,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        confirm_before=one.confirm_before,
        confirmed_by=one.confirmed_by if whole else msgspec.UNSET,
        lifted_at=one.lifted_at,
        affirmed_at=one.affirmed_at,
    )
