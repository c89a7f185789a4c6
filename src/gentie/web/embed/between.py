"""Between people: whom I keep away, who may reply to me, protection in an attack."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from gentie.actions.posting.drop_evidence import drop_evidence
from gentie.actions.posting.keep_away import keep_away
from gentie.actions.posting.let_back import let_back
from gentie.actions.posting.lift_protection import lift_protection
from gentie.actions.posting.limit_all_replies import limit_all_replies
from gentie.actions.posting.limit_replies import limit_replies
from gentie.actions.posting.protect_account import Protected, protect_account
from gentie.boundaries.model import Keep, Replies
from gentie.boundaries.queries import evidence_body
from gentie.kernel.ids import AccountId, CommentRef, SiteId
from gentie.pages.boundaries import Mine, load_all, load_bundle
from gentie.sites.queries import get_site
from gentie.web.embed.writing import Writing

PRIVATE = {"cache-control": "no-store"}
ME: dict[str, Any] = {"tags": ["me"]}
Hours = Literal[1, 24]


class Distance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    keep: Literal["none", "muted", "blocked"]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """Of the author."""
    keep: str


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    who: Literal["everyone", "known", "nobody", "default"] = msgspec.field(name="from")
    """known: people I have replied to. default: what holds for all of my comments."""


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hours: Hours


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    replies_from: Replies


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    items: int
    sha256: str


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    until: datetime
    evidence: Saved


@put("/comments/{comment:str}/person", operation_id="KeepAway")
async def person(
    comment: FromPath[str], data: JSONBody[Distance], writing: NamedDependency[Writing]
) -> Kept:
    """Mute or block the author of a comment, or let them back. They are not told.

    403 `own-comment`, 409 `not-published`, `no-such-person`, `too-many-people`.
    """
    writing.require_account()
    await writing.count("between")
    keep = None if data.keep == "none" else Keep(data.keep)
    keeping = partial(keep_away, ref=CommentRef.parse(comment), keep=keep)
    name = await writing.act(partial(keeping, acting=writing.acting, now=writing.now))
    return Kept(name=name, keep=data.keep)


@put("/comments/{comment:str}/replies", operation_id="LimitReplies")
async def replies(
    comment: FromPath[str], data: JSONBody[Limit], writing: NamedDependency[Writing]
) -> Limit:
    """Say who may reply to one of my comments from now on. 403 `not-the-author`."""
    writing.require_account()
    await writing.count("between")
    who = None if data.who == "default" else Replies(data.who)
    limiting = partial(limit_replies, ref=CommentRef.parse(comment), replies=who)
    await writing.act(partial(limiting, acting=writing.acting, now=writing.now))
    return data


@post("/sites/{site:str}/protection", operation_id="Protect")
async def protect(
    site: FromPath[str], data: JSONBody[Term], writing: NamedDependency[Writing]
) -> Protection:
    """Keep strangers away for an hour or a day, and save what they wrote. On every site."""
    writing.require_account()
    await writing.count("protect")
    await writing.read(partial(get_site, site=SiteId(site)))
    load = partial(load_bundle, acting=writing.acting, now=writing.now)
    protecting = partial(
        protect_account, bundle=await writing.read(load), term=timedelta(hours=data.hours)
    )
    made: Protected = await writing.act(partial(protecting, acting=writing.acting, now=writing.now))
    saved = made.evidence
    kept = Saved(id=saved.id, items=saved.items, sha256=saved.sha256)
    return Protection(until=made.until, evidence=kept)


@delete("/sites/{site:str}/protection", operation_id="LiftProtection", status_code=204)
async def unprotect(site: FromPath[str], writing: NamedDependency[Writing]) -> None:
    """End it before its time. What was saved stays."""
    writing.require_account()
    await writing.read(partial(get_site, site=SiteId(site)))
    await writing.act(partial(lift_protection, acting=writing.acting, now=writing.now))


@get("/me/boundaries", operation_id="ReadBoundaries", **ME)
async def boundaries(writing: NamedDependency[Writing]) -> Response[Mine]:
    """Whom I keep away, who may reply to me, and what I saved."""
    writing.require_account()
    load = partial(load_all, acting=writing.acting, now=writing.now)
    return Response(await writing.read(load), headers=PRIVATE)


@put("/me/boundaries", operation_id="SetBoundaries", **ME)
async def set_boundaries(data: JSONBody[Defaults], writing: NamedDependency[Writing]) -> Defaults:
    """Who may reply to my comments, where one has no limit of its own."""
    writing.require_account()
    limiting = partial(limit_all_replies, replies=data.replies_from)
    await writing.act(partial(limiting, acting=writing.acting, now=writing.now))
    return data


@delete("/me/people/{person_id:str}", operation_id="LetBack", status_code=204, **ME)
async def back(person_id: FromPath[str], writing: NamedDependency[Writing]) -> None:
    """Let somebody back, by the id of `GET /me/boundaries`. 409 `no-such-person`."""
    writing.require_account()
    letting = partial(let_back, person=AccountId(person_id))
    await writing.act(partial(letting, acting=writing.acting, now=writing.now))


@get("/me/evidence/{evidence:str}", operation_id="ReadEvidence", **ME)
async def saved(
    evidence: FromPath[str], writing: NamedDependency[Writing]
) -> Response[Any]:  # a `Bundle`, byte for byte as it was saved
    """A saved bundle, byte for byte as its hash says. 404 `no-such-evidence`."""
    writing.require_account()
    account = writing.acting.account
    body = await writing.read(partial(evidence_body, account=account, evidence_id=evidence))
    name = f'attachment; filename="evidence-{evidence}.json"'
    return Response(
        body,
        media_type="application/json",
        headers={**PRIVATE, "content-disposition": name},
    )


@delete("/me/evidence/{evidence:str}", operation_id="DropEvidence", status_code=204, **ME)
async def drop(evidence: FromPath[str], writing: NamedDependency[Writing]) -> None:
    """Delete a saved bundle. A report that it went with keeps its copy."""
    writing.require_account()
    dropping = partial(drop_evidence, evidence=evidence)
    await writing.act(partial(dropping, acting=writing.acting, now=writing.now))


HANDLERS: list[Any] = [
    person,
    replies,
    protect,
    unprotect,
    boundaries,
    set_boundaries,
    back,
    saved,
    drop,
]
