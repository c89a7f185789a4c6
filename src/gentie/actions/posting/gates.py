"""The gates before a contribution, cheap first. Each is one pure rule of its room, one refusal.

A gate's no is no decision: nothing is stored, and no leaf is written.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import AgreementHead, PosterFacts
from gentie.accounts.rules import require_agreement, require_good_standing, require_identity
from gentie.actions.guarding import pass_guardian
from gentie.actions.place import Place
from gentie.actions.posting.make_draft import Draft
from gentie.assessments.queries import require_online
from gentie.boundaries import queries as boundaries
from gentie.boundaries.rules import asks_who_is_known, require_reply
from gentie.catalogue import fulfils
from gentie.comments.model import Comment
from gentie.comments.parts import NO_PARTS
from gentie.comments.people.queries import has_answered
from gentie.kernel.actor import Actor
from gentie.sites.rules import require_writable
from gentie.standing import queries as standing
from gentie.standing.model import Capability
from gentie.standing.rules import require_undertaking


def pass_open(tx: sa.Connection, place: Place, feature: str, *, now: datetime) -> None:
    """Site and thread are open, and the function is online.

    Raises:
        ReadOnly, FeatureOffline: nothing was changed.
    """
    require_writable(place.switches, now=now)
    require_online(tx, place.site.id, feature, now=now)


def pass_parent(tx: sa.Connection, parent: Comment | None, *, acting: Actor, now: datetime) -> None:
    """The author of what is answered takes replies from this person.

    Raises:
        RepliesLimited: nothing was changed, and which of the author's reasons it is stays theirs.
    """
    if parent is None or parent.author.id == acting.account:
        return
    author = parent.author.id
    facts = boundaries.reply_facts(tx, to=author, comment=parent.ref, by=acting.account)
    known = asks_who_is_known(facts, now=now) and has_answered(tx, author, acting.account)
    require_reply(facts, known=known, now=now)


@fulfils("2017-2.2a", "2017-5.1c", "2017-6.1a", "2022-4.1c")
def pass_poster(
    tx: sa.Connection, place: Place, *, acting: Actor, now: datetime
) -> tuple[PosterFacts, AgreementHead]:
    """Good standing, verified identity, accepted agreement: the same for every client and form.

    Raises:
        AccountClosed, AccountRestricted, IdentityRequired, IdentityExpired, IdentityRevoked,
        GuardianRequired, AgreementRequired: nothing was changed.
    """
    poster = accounts.get_poster(tx, acting.account)
    require_good_standing(poster)
    require_identity(poster, place.regime.identity, now=now)
    pass_guardian(tx, poster)
    agreement = accounts.head_in_force(tx, place.regime.id, now)
    grace = timedelta(days=place.regime.windows.agreement_grace_days)
    require_agreement(poster, agreement, grace=grace, now=now)
    return poster, agreement


@fulfils("2017-6.2a")
def pass_undertaking(
    tx: sa.Connection, place: Place, poster: PosterFacts, *, now: datetime
) -> None:
    """Nobody goes on writing after a measure as if there had been none.

    Raises:
        UndertakingDue: with the page on which the promise is given anew.
    """
    require_undertaking(standing.sanctions_of(tx, poster.account), place.site.id, now=now)


def needed_for(draft: Draft) -> tuple[Capability, ...]:
    """What an account must be left to post this."""
    more = ((draft.links, Capability.LINKS), (draft.parts != NO_PARTS, Capability.MEDIA))
    return (Capability.POST, *(one for needed, one in more if needed))
