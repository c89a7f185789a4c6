"""What anybody may look up: the rules of a site, the log and the rest of a branch."""

from functools import partial
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from gentie.catalogue import fulfils
from gentie.comments.model import Subject
from gentie.kernel.ids import CommentRef, SiteId
from gentie.ledger import Leaf, commitment
from gentie.ledger.key import PublicLog
from gentie.ledger.queries import entries_of
from gentie.pages.figures import find_head, published
from gentie.pages.house import load_house
from gentie.pages.thread import ThreadAsked
from gentie.pages.views import ROOTS, load_branch
from gentie.web.account.asking import Asking
from gentie.web.public.showing import Page, show
from gentie.web.public.thread_html import path_of

Number = Annotated[int | None, QueryParameter(ge=0, le=1 << 53)]
Word = Annotated[str, QueryParameter(max_length=200)]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A tombstone held against a leaf."""

    comment: str
    revision: int
    nonce: str
    made: str
    """The commitment that these make."""
    holds: bool


@get("/rules/{site:str}")
@fulfils("2022-7.a")
async def rules(site: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """Grounds, windows and the agreement of a site."""
    house = await asking.read(partial(load_house, site=SiteId(site), now=asking.now))
    return show(asking, "rules.html", house=house)


@get("/log")
@fulfils("2017-8.c")
async def log_page(
    asking: NamedDependency[Asking],
    log: NamedDependency[PublicLog | None],
    base_url: NamedDependency[str],
    leaf: Number = None,
    comment: Word = "",
    revision: Number = None,
    nonce: Word = "",
) -> Page:
    """The head of the log, one entry of it, and whether a tombstone belongs to that."""
    head = await asking.read(find_head)
    body = await asking.read(partial(_entry, index=leaf)) if leaf is not None else None
    found = msgspec.json.decode(body, type=Leaf) if body else None
    checked = _check(found, comment, revision or 0, nonce) if found and nonce else None
    return show(
        asking,
        "log.html",
        head=head,
        vkey=log.vkey if log else "",
        base_url=base_url,
        index=leaf,
        fields=msgspec.to_builtins(found) if found else {},
        checked=checked,
        subject=found.subject if found else "",
    )


@get("/branch/{comment:str}")
async def branch(comment: FromPath[str], asking: NamedDependency[Asking], after: Word = "") -> Page:
    """The rest of a branch."""
    root = CommentRef.parse(comment)
    load = partial(load_branch, root=root, after=after or None, most=ROOTS, now=asking.now)
    found = await asking.read(load)
    return show(
        asking,
        "branch.html",
        branch=found.view,
        comment=comment,
        thread=found.place.thread,
        link=partial(path_of, ThreadAsked(site=found.place.site.id, key=found.place.thread.key)),
    )


def _entry(tx: sa.Connection, index: int) -> bytes | None:
    if index >= published(tx):
        return None
    return entries_of(tx, index, index + 1)[0]


def _check(leaf: Leaf, comment: str, revision: int, nonce: str) -> Checked:
    """Make the commitment again from what the tombstone shows."""
    try:
        made = commitment(Subject(comment=comment, revision=revision), bytes.fromhex(nonce))
    except ValueError:
        made = ""
    return Checked(
        comment=comment,
        revision=revision,
        nonce=nonce,
        made=made,
        holds=bool(made) and made == leaf.subject,
    )


HANDLERS: list[Any] = [rules, log_page, branch]
