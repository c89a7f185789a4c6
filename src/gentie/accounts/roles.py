"""Who may do what: the scopes of commenters and of each staff role. One table, nothing implied."""

from gentie.accounts.model import Role, Staff
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.ids import AccountId, ActorId, SiteId, StaffId

STAFF_PREFIX = "staff:"

COMMENTER = frozenset(
    {
        "account:self",
        "archive:claim",
        "archive:erase",
        "archive:state",
        "attempt:count",
        "boundary:set",
        "case:file",
        "case:follow",
        "comment:edit",
        "comment:submit",
        "comment:vote",
        "decision:appeal",
        "identity:verify",
        "mail:answer",
        "rights:ask",
        "session:self",
        "site:connect",
    }
)
CLOSED = frozenset(
    {
        "account:self",
        "archive:erase",
        "attempt:count",
        "case:follow",
        "decision:appeal",
        "mail:answer",
        "rights:ask",
        "session:self",
    }
)
"""What is left to a person whose account is closed: to know, to contest, to have deleted."""
VISITOR = frozenset(
    {
        "attempt:count",
        "boundary:set",
        "case:file",
        "comment:edit",
        "comment:submit",
        "comment:vote",
        "visit:self",
    }
)
"""A commenter on a page of another site, whose script holds the token: never who they are, what
they agreed to, what was decided on them, nor their appeals."""
_STAFF = frozenset({"attempt:count", "mail:answer", "session:self"})
_MODERATOR = _STAFF | {
    "comment:remove",
    "measure:confirm",
    "measure:propose",
    "review:claim",
    "review:decide",
}
SCOPES = {
    Role.MODERATOR: _MODERATOR,
    Role.CHIEF_EDITOR: _MODERATOR
    | {
        "archive:approve",
        "disclosure:approve",
        "disclosure:ask",
        "leak:agree",
        "measure:senior",
        "review:reverse",
        "rules:draft",
        "site:manage",
        "site:switch",
        "thread:switch",
    },
    Role.COMPLIANCE: _STAFF
    | {
        "check:read",
        "disclosure:approve",
        "disclosure:ask",
        "deletion:hold",
        "identity:revoke",
        "impact:assess",
        "leak:agree",
        "leak:record",
        "rights:answer",
        "rules:approve",
        "rules:draft",
    },
    Role.ADMIN: _STAFF | {"disclosure:approve", "leak:agree", "site:manage", "staff:manage"},
}
"""Nobody who reviews may open identities, and nobody who administers may decide on content."""


def actor_of_account(account: AccountId) -> Actor:
    return Actor(id=ActorId(account), kind=Kind.ACCOUNT, scopes=COMMENTER)


def actor_of_closed(account: AccountId) -> Actor:
    return Actor(id=ActorId(account), kind=Kind.ACCOUNT, scopes=CLOSED)


def actor_of_visitor(account: AccountId, site: SiteId) -> Actor:
    """The same person on somebody else's page: on that site and nowhere else."""
    return Actor(id=ActorId(account), kind=Kind.ACCOUNT, scopes=VISITOR, site=site)


def actor_of_staff(staff: Staff) -> Actor:
    """Who has left has no scopes, whatever session they still hold."""
    return Actor(
        id=staff_actor_id(staff.id),
        kind=Kind.STAFF,
        scopes=SCOPES[staff.role] if staff.active else frozenset(),
        role=staff.role.value,
        site=staff.site,
    )


def staff_actor_id(staff: StaffId) -> ActorId:
    return ActorId(f"{STAFF_PREFIX}{staff}")


def staff_of(holder: ActorId) -> StaffId | None:
    """The staff member behind an actor id. None: it is an account."""
    return StaffId(holder.removeprefix(STAFF_PREFIX)) if holder.startswith(STAFF_PREFIX) else None
