"""What is personal, in requests of its own: never shared, never from ready bytes."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from gentie.actions.grievances.mark_notices_seen import mark_notices_seen
from gentie.kernel.ids import SiteId
from gentie.moving.person import load_person
from gentie.moving.records.own import PersonExport
from gentie.pages.keys import read_key
from gentie.pages.offers import Keeping
from gentie.pages.own import (
    Mine,
    NoticeView,
    OwnDecision,
    OwnPage,
    load_decisions,
    load_mine,
    load_notices,
    load_written,
)
from gentie.web.attaching import Attaching
from gentie.web.embed.writing import Writing

PRIVATE = {"cache-control": "no-store"}
AS_FILE = 'attachment; filename="gentie-export.json"'
After = Annotated[str | None, QueryParameter()]


@get("/sites/{site:str}/threads/{key:str}/mine", operation_id="ReadMine")
async def mine(
    site: FromPath[str],
    key: FromPath[str],
    writing: NamedDependency[Writing],
    attaching: NamedDependency[Attaching | None],
) -> Response[Mine]:
    """My items of a thread, held and refused ones too, and what I agree with."""
    writing.require_account()
    keeping = Keeping(largest=attaching.largest, key=attaching.key) if attaching else None
    load = partial(load_mine, site=SiteId(site), key=read_key(key), keeping=keeping)
    load = partial(load, acting=writing.acting, now=writing.now)
    return Response(await writing.read(load), headers=PRIVATE)


@get("/me/comments", operation_id="ReadMyComments", tags=["me"])
async def my_comments(writing: NamedDependency[Writing], after: After = None) -> Response[OwnPage]:
    """Everything I wrote, newest first. `next` goes into `after`."""
    writing.require_account()
    load = partial(load_written, after=after, acting=writing.acting)
    return Response(await writing.read(load), headers=PRIVATE)


@get("/me/decisions", operation_id="ReadMyDecisions", tags=["me"])
async def my_decisions(writing: NamedDependency[Writing]) -> Response[tuple[OwnDecision, ...]]:
    """What was refused, removed or restored of mine, newest first."""
    writing.require_account()
    load = partial(load_decisions, acting=writing.acting)
    return Response(await writing.read(load), headers=PRIVATE)


@get("/me/notices", operation_id="ReadMyNotices", tags=["me"])
async def my_notices(writing: NamedDependency[Writing]) -> Response[tuple[NoticeView, ...]]:
    """What I was told, newest first."""
    writing.require_account()
    load = partial(load_notices, acting=writing.acting)
    return Response(await writing.read(load), headers=PRIVATE)


class Read(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    upto: str
    """Id of the newest notice that was shown."""


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    marked: int
    """How many were new."""


@post("/me/notices/seen", operation_id="MarkMyNoticesSeen", status_code=200, tags=["me"])
async def notices_seen(data: JSONBody[Read], writing: NamedDependency[Writing]) -> Marked:
    """Mark what I was told as seen, up to one notice. Answers 404 `no-such-notice`."""
    writing.require_account()
    marking = partial(mark_notices_seen, upto=data.upto, acting=writing.acting, now=writing.now)
    return Marked(marked=await writing.act(marking))


@get("/me/export", operation_id="ExportMe", tags=["me"])
async def my_export(writing: NamedDependency[Writing]) -> Response[PersonExport]:
    """Everything that is kept about me, as one file: docs/moving-out.md explains each field.

    No identity (only that I was verified), and no password or session token. Answers 429.
    """
    writing.require_account()
    await writing.count("export")
    whole = await writing.read(partial(load_person, acting=writing.acting, now=writing.now))
    return Response(whole, headers={**PRIVATE, "content-disposition": AS_FILE})


HANDLERS: list[Any] = [mine, my_comments, my_decisions, my_notices, notices_seen, my_export]
