"""Who is acting. Every act takes one; there is no anonymous change of state."""

import enum

import msgspec

from gentie.kernel.ids import AccountId, ActorId, SiteId
from gentie.kernel.refusal import Refusal


class MayNot(Refusal):
    code, says = "may-not", "You have no permission for this."


class Kind(enum.StrEnum):
    ANYONE = "anyone"
    """Somebody without an account: readers and complainants."""
    ACCOUNT = "account"
    STAFF = "staff"
    SITE = "site"
    """A publisher's own server, by site token."""
    SERVICE = "service"
    """Gentie itself: jobs and start-up."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    id: ActorId
    kind: Kind
    scopes: frozenset[str]
    role: str = ""
    """For staff: what the public log and notices may say, never the name ("moderator")."""
    site: SiteId | None = None
    """The only site this actor may touch; None: all of them."""

    @property
    def account(self) -> AccountId:
        """The commenter's account.

        Raises:
            MayNot: the actor is not a commenter.
        """
        if self.kind is not Kind.ACCOUNT:
            raise MayNot(scope="account")
        return AccountId(self.id)

    def require(self, scope: str, *, site: SiteId | None = None) -> None:
        """Let only holders of `scope` on. Acts ask this themselves: not every caller is a door.

        Raises:
            MayNot: nothing has been done.
        """
        if scope not in self.scopes or (site and self.site and site != self.site):
            raise MayNot(scope=scope)


ANYONE = Actor(
    id=ActorId("anyone"),
    kind=Kind.ANYONE,
    scopes=frozenset(
        {
            "account:open",
            "archive:erase",
            "archive:state",
            "attempt:count",
            "case:file",
            "case:follow",
            "decision:appeal",
            "mail:answer",
            "session:after",
            "visit:open",
        }
    ),
)
"""What everybody may do without an account. Reading needs no actor at all."""

SERVICE = Actor(
    id=ActorId("gentie"),
    kind=Kind.SERVICE,
    role="service",
    scopes=frozenset(
        {
            "agreement:publish",
            "attempt:count",
            "identity:answer",
            "job:run",
            "session:purge",
            "vault:keep",
        }
    ),
)
"""The service itself: what start-up and jobs do, and what an approved rule decided."""

VAULT = Actor(
    id=ActorId("vault"),
    kind=Kind.SERVICE,
    role="vault",
    scopes=frozenset({"identity:verify", "vault:bait", "vault:keep", "vault:open"}),
)
"""The process that opens, with what people entered into it. Nothing that serves acts as this."""

OPERATOR = Actor(
    id=ActorId("operator"),
    kind=Kind.SERVICE,
    role="operator",
    scopes=frozenset(
        {
            "archive:approve",
            "archive:claim-key",
            "archive:claim-link",
            "archive:import",
            "site:manage",
            "staff:manage",
            "thread:declare",
            "thread:merge",
            "vault:keep",
        }
    ),
)
"""Who runs commands on the machine itself. Decides on no content."""
