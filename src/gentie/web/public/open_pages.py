"""What anybody may look up: the rules of a site, the log and its figures."""

from collections import Counter
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
from gentie.ledger.note import Checkpoint, read_checkpoint
from gentie.ledger.queries import NotInLog, entries_of, note_of
from gentie.pages.house import load_house
from gentie.pages.thread import ThreadAsked
from gentie.pages.views import ROOTS, load_branch
from gentie.web.account.asking import Asking
from gentie.web.public.showing import Page, show
from gentie.web.public.thread_html import path_of

Number = Annotated[int | None, QueryParameter(ge=0, le=1 << 53)]
Word = Annotated[str, QueryParameter(max_length=200)]
AT_ONCE = 2000
"""Entries read in one go."""


class Figures:
    """How often what stands in the log. Entries never change, so each is read once."""

    def __init__(self) -> None:
        self.size = 0
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        """By site, kind, measure and class."""

    def read_on(self, tx: sa.Connection) -> bool:
        """Count the next entries. False: those were all that are published."""
        end = min(_published(tx), self.size + AT_ONCE)
        for body in entries_of(tx, self.size, end):
            leaf = msgspec.json.decode(body, type=Leaf)
            self.counts[leaf.site, leaf.kind, leaf.measure, leaf.class_id] += 1
        more = end > self.size
        self.size = end
        return more


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
    head = await asking.read(_head)
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


@get("/transparency")
async def transparency(asking: NamedDependency[Asking], figures: NamedDependency[Figures]) -> Page:
    """Counts of what is in the log, so that anybody can recount them."""
    while await asking.read(figures.read_on):
        pass
    return show(
        asking, "transparency.html", counts=sorted(figures.counts.items()), size=figures.size
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


def _head(tx: sa.Connection) -> Checkpoint | None:
    """None: nothing has been published yet."""
    try:
        return read_checkpoint(note_of(tx))
    except NotInLog:
        return None


def _published(tx: sa.Connection) -> int:
    head = _head(tx)
    return head.size if head else 0


def _entry(tx: sa.Connection, index: int) -> bytes | None:
    if index >= _published(tx):
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


HANDLERS: list[Any] = [rules, log_page, transparency, branch]
