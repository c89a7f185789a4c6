"""What a comment said before, and what a text will look like."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from gentie.actions.posting.count_attempt import count_attempt
from gentie.kernel.ids import CommentRef, SiteId
from gentie.pages.history import History, load_history
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from gentie.web.embed.writing import Writing

FRESH = {"cache-control": "public, max-age=0, s-maxage=1", "access-control-allow-origin": "*"}
PRIVATE = {"cache-control": "no-store"}


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(max_length=100_000)]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it would be shown. Says nothing of what would be decided on it."""

    body: msgspec.Raw
    html: str
    text: str
    length: int
    """In characters of `text`."""


@get("/comments/{comment:str}/history", operation_id="ReadHistory", opt={"open_to_all": True})
async def history(comment: FromPath[str], db: NamedDependency[Database]) -> Response[History]:
    """Texts that were public before, oldest first. 404 `no-such-comment`.

    Only what its author replaced: what was taken down is not shown again.
    """
    found = await db.read(partial(load_history, ref=CommentRef.parse(comment)))
    return Response(found, headers=FRESH)


@post("/sites/{site:str}/preview", operation_id="Preview", status_code=200)
async def preview(
    site: FromPath[str], data: JSONBody[Text], writing: NamedDependency[Writing]
) -> Response[Preview]:
    """Markdown as a tree of nodes and as HTML. Nothing is kept.

    404 `no-such-site`, 422 `bad-text`, `text-empty`, `text-too-long`, 429 `too-many`.
    """
    counting = partial(count_attempt, attempted=writing.rates_of("preview"))
    await writing.act(partial(counting, acting=writing.acting, now=writing.now))
    await writing.read(partial(get_site, site=SiteId(site)))
    draft = await writing.draft(data.text)
    body = msgspec.Raw(draft.nodes)
    shown = Preview(body=body, html=draft.html, text=draft.plain, length=len(draft.plain))
    return Response(shown, headers=PRIVATE)


HANDLERS: list[Any] = [history, preview]
