"""Threads as anyone reads them.

The same addresses are answered in front of the router from ready bytes. What arrives here is what
those could not answer, to be told what is wrong with it.
"""

from functools import partial
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from gentie.comments.model import Order
from gentie.comments.queries import MOST
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentRef, SiteId
from gentie.pages.keys import read_key
from gentie.pages.thread import ThreadAsked, load
from gentie.pages.views import ROOTS, load_branch
from gentie.storage.db import Database

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
Sort = Annotated[Order, QueryParameter()]
After = Annotated[str | None, QueryParameter()]
OPEN: dict[str, Any] = {"open_to_all": True}
PUBLIC = {"cache-control": "public, max-age=0, s-maxage=1", "access-control-allow-origin": "*"}


@get("/sites/{site:str}/threads/{key:str}/comments", opt=OPEN, operation_id="ReadThread")
async def read_thread(
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    sort: Sort = Order.NEWEST,
    limit: Limit = ROOTS,
    after: After = None,
) -> Response[Any]:  # a `PageView`: OpenAPI takes no union of untagged structs
    """A page of a thread: first comments, each with up to five answers.

    `key` is the page's own id, or `~` and the base64url of its address. `next` goes into `after`.
    A key that nobody has used yet answers an empty page. With ETag; may be shared. Anybody gets
    the same bytes: what is personal is under `mine`. 404 `no-such-site`, 400 `bad-cursor`,
    422 `bad-thread-key`.
    """
    asked = ThreadAsked(site=SiteId(site), key=read_key(key), sort=sort, after=after, limit=limit)
    loaded = await db.read(partial(load, asked=asked, now=clock()))
    return Response(loaded.view, headers=PUBLIC)


@get("/comments/{comment:str}/replies", opt=OPEN, operation_id="ReadBranch")
async def read_branch(
    comment: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    after: After = None,
) -> Response[Any]:  # a `Branch`, for the same reason
    """More answers of a branch, oldest first. 404 `no-such-comment`, 400 `bad-cursor`."""
    root = CommentRef.parse(comment)
    found = await db.read(partial(load_branch, root=root, after=after, most=ROOTS, now=clock()))
    return Response(found.view, headers=PUBLIC)


HANDLERS: list[Any] = [read_thread, read_branch]
