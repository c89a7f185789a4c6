"""Agree with a contribution, or take the agreement back."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import PosterFacts
from gentie.accounts.rules import require_good_standing, require_identity
from gentie.actions.guarding import pass_guardian
from gentie.actions.place import Change, Place, comment_changed, place_of
from gentie.actions.posting.gates import pass_open
from gentie.actions.standing import pass_standing
from gentie.catalogue import fulfils
from gentie.comments import rules, store
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.standing.model import Capability


class Voted(msgspec.Struct, frozen=True, kw_only=True):
    votes: int
    mine: bool


@fulfils("2017-7.2a", "2022f-2")
def cast_vote(
    tx: sa.Connection, ref: CommentRef, *, agree: bool, acting: Actor, now: datetime
) -> Voted:
    """Count one vote for each verified person where the regime knows persons, else per account.

    Twice the same changes nothing.

    Raises:
        MayNot, NoSuchComment, NotPublished, OwnComment, ReadOnly, FeatureOffline,
        AccountClosed, AccountRestricted, IdentityRequired, IdentityExpired, IdentityRevoked,
        MeasureInForce, Barred: nothing was changed.
    """
    acting.require("comment:vote")
    comment = store.get(tx, ref)
    acting.require("comment:vote", site=comment.site)
    rules.require_votable(comment, acting.account)
    place = place_of(tx, comment.thread, now=now)
    pass_open(tx, place, "comment.vote", now=now)
    poster = accounts.get_poster(tx, acting.account)
    voter = _voter(poster, place, now=now)
    pass_guardian(tx, poster)
    pass_standing(tx, place, poster, needs=[Capability.VOTE], now=now)
    if agree:
        changed = store.add_vote(tx, comment, voter=voter, account=acting.account, now=now)
    else:
        changed = store.drop_vote(tx, comment, voter=voter)
    if changed:
        counted = Change.COUNTED
        comment_changed(tx, place.thread, comment, change=counted, urgent=False, now=now)
    return Voted(votes=comment.votes + changed, mine=agree)


def _voter(poster: PosterFacts, place: Place, *, now: datetime) -> str:
    require_good_standing(poster)
    if not place.regime.reaction_identity:
        return f"account:{poster.account}"
    require_identity(poster, place.regime.identity, now=now)
    if poster.verification is None:
        return f"account:{poster.account}"
    return f"person:{poster.verification.person}"
