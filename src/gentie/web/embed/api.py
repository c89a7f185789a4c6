"""The comment API: submit, edit, withdraw, vote."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import delete, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from gentie.actions.posting.cast_vote import Voted, cast_vote
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.catalogue import fulfils
from gentie.comments.model import State
from gentie.kernel.ids import CommentRef, SiteId
from gentie.pages.keys import read_key
from gentie.pages.statement import Answer
from gentie.web.embed.writing import Writing

Lang = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9-]{0,35}\Z")]


class NewComment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    parent: str | None = None
    """Id of the comment that this one answers."""
    attachments: tuple[str, ...] = ()
    """Ids of my own uploads, in the order in which they show. With them `text` may be empty."""
    lang: Lang = ""
    """Language of the page it was written on, for example "zh-CN"."""
    ask: bool = False
    """Say 409 `look-again` first if a rule found something, and do nothing yet."""


class NewText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str


class Vote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    value: Annotated[int, msgspec.Meta(ge=0, le=1)]
    """1: I agree. 0: I take it back."""


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    state: State


@post("/sites/{site:str}/threads/{key:str}/comments", operation_id="SubmitComment")
@fulfils("2017-2.1", "2022-2.2")
async def submit(
    site: FromPath[str],
    key: FromPath[str],
    data: JSONBody[NewComment],
    writing: NamedDependency[Writing],
) -> Answer:
    """Post a comment, or answer one with `parent`.

    201 also for what is held or refused: `state` says so, and a refusal brings its `reasons`. The
    `receipt` is given once and opens the statement of reasons without an account. Gates that say
    no, in this order: 404 `no-such-site`, 403 `form-not-offered`, `read-only`, `feature-offline`,
    `account-closed`, `account-restricted`, `identity-required`, `identity-expired`,
    `identity-revoked`, `agreement-required`, `part-not-offered`; for `attachments` 404
    `no-such-attachment`, 409 `attachment-taken`, `attachment-not-ready`, 422
    `too-many-attachments`; before them 401 `not-signed-in` and 429 `too-many`,
    and for the text 422 `bad-text`, `text-empty`, `text-too-long`. With `ask`, 409 `look-again`
    where a rule found something: what, and whether it would refuse. Sent without, it is taken.
    """
    writing.require_account()
    draft, counting = await writing.attempt("post", data.text, media=bool(data.attachments))
    if data.ask:
        await writing.look_again(draft, counting)
    submission = Submission(
        site=SiteId(site),
        key=read_key(key),
        draft=draft,
        parent=CommentRef.parse(data.parent) if data.parent else None,
        lang=data.lang,
        network=writing.origin(),
        media=data.attachments,
    )
    body = partial(submit_comment, submission=submission, acting=writing.acting, now=writing.now)
    return await writing.answer(await writing.act_once(body, Submitted, after=counting))


@patch("/comments/{comment:str}", operation_id="EditComment")
async def edit(
    comment: FromPath[str], data: JSONBody[NewText], writing: NamedDependency[Writing]
) -> Answer:
    """Change one's own comment. The public text stays until the new one has passed.

    Gates as for a new one; 403 `not-the-author`, 409 `wrong-state`.
    """
    writing.require_account()
    draft, counting = await writing.attempt("post", data.text)
    body = partial(
        edit_comment,
        ref=CommentRef.parse(comment),
        draft=draft,
        acting=writing.acting,
        now=writing.now,
        network=writing.origin(),
    )
    return await writing.answer(await writing.act(body, after=counting))


@delete("/comments/{comment:str}", operation_id="WithdrawComment", status_code=200)
async def withdraw(comment: FromPath[str], writing: NamedDependency[Writing]) -> Withdrawn:
    """Take one's own comment back. Answers of others stay. 409 `wrong-state`: it is gone."""
    writing.require_account()
    ref = CommentRef.parse(comment)
    body = partial(withdraw_comment, ref=ref, acting=writing.acting, now=writing.now)
    return Withdrawn(id=comment, state=await writing.act(body))


@put("/comments/{comment:str}/vote", operation_id="Vote")
async def vote(
    comment: FromPath[str], data: JSONBody[Vote], writing: NamedDependency[Writing]
) -> Voted:
    """Agree with a comment, or take it back. Twice the same changes nothing."""
    writing.require_account()
    await writing.count("vote")
    body = partial(
        cast_vote,
        ref=CommentRef.parse(comment),
        agree=data.value == 1,
        acting=writing.acting,
        now=writing.now,
    )
    return await writing.act(body)


HANDLERS: list[Any] = [submit, edit, withdraw, vote]
