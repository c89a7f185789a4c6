"""Writing without script: a text is kept, shown once more, then sent. And one comment's page."""

from functools import partial
from typing import Annotated, Any

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.keep_draft import keep_draft
from gentie.actions.posting.send_draft import send_draft
from gentie.actions.posting.submit_comment import Submission
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.comments import queries as comments
from gentie.comments.model import NothingWaiting, State, Unsent
from gentie.kernel.actor import Kind
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.ids import CommentRef, SiteId
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang
from gentie.pages.house import load_expectation
from gentie.pages.keys import read_key
from gentie.pages.own import load_own
from gentie.pages.thread import ThreadAsked
from gentie.pages.views import LoadedComment, load_comment
from gentie.screening.model import Action, Verdict
from gentie.web.account.asking import Asking
from gentie.web.embed.writing import Writing
from gentie.web.public.showing import Page, go, help_for, require_ours, show
from gentie.web.public.thread_html import path_of
from gentie.web.reader import lang_for

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
COOKIE = "gentie-draft"
DAY = 24 * 3600


@post("/t/{site:str}/{key:str}/compose")
async def compose(
    site: FromPath[str],
    key: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
) -> Page:
    """Keep the text; nothing is sent yet."""
    await writing.count("draft")
    await writing.draft(data.get("text", ""))
    secret = new_secret()
    waiting = Unsent(
        site=SiteId(site),
        key=read_key(key),
        parent=_parent(data),
        text=data.get("text", ""),
    )
    body = partial(keep_draft, waiting=waiting, secret=digest_of(secret))
    await writing.act(partial(body, acting=asking.acting, now=asking.now))
    return go("/compose", _cookie(asking, secret, DAY))


@get("/compose")
async def preview(asking: NamedDependency[Asking], writing: NamedDependency[Writing]) -> Page:
    """The kept text as it will look, and what is still missing."""
    waiting = await _waiting(asking)
    draft = await writing.draft(waiting.text)
    return _preview(asking, waiting, draft.html, verdict=draft.verdict)


@post("/compose")
async def confirm(
    data: Form, asking: NamedDependency[Asking], writing: NamedDependency[Writing]
) -> Page:
    """Send it, and say at once what became of it."""
    writing.require_account()
    require_ours(asking, data.get("csrf", ""))
    await writing.count("post")
    waiting = await _waiting(asking)
    draft = await writing.draft(waiting.text)
    submission = Submission(
        site=waiting.site,
        key=waiting.key,
        draft=draft,
        parent=CommentRef.parse(waiting.parent) if waiting.parent else None,
        lang=lang_for(asking.request),
        network=writing.origin(),
    )
    body = partial(send_draft, secret=digest_of(_secret(asking)), submission=submission)
    try:
        made = await writing.act(partial(body, acting=asking.acting, now=asking.now))
    except Refusal as no:
        return _preview(asking, waiting, draft.html, no=no)
    answer = await writing.answer(made)
    review = await writing.read(partial(load_expectation, site=waiting.site, now=asking.now))
    back, text = _back(waiting), draft.html
    page = show(asking, "sent.html", answer=answer, review=review, back=back, html=text)
    page.set_cookie(_cookie(asking, "", 0))
    return page


@get("/comment/{comment:str}")
async def one(comment: FromPath[str], asking: NamedDependency[Asking]) -> Page:
    """One comment, with everything a reader or its author can do."""
    return await _one(asking, comment)


@post("/comment/{comment:str}/vote")
async def vote(
    comment: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
) -> Page:
    writing.require_account()
    require_ours(asking, data.get("csrf", ""))
    await writing.count("vote")
    body = partial(cast_vote, ref=CommentRef.parse(comment), agree=data.get("value") == "1")
    return await _done(asking, comment, partial(body, acting=asking.acting, now=asking.now))


@post("/comment/{comment:str}/edit")
async def edit(
    comment: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
) -> Page:
    writing.require_account()
    require_ours(asking, data.get("csrf", ""))
    await writing.count("post")
    draft = await writing.draft(data.get("text", ""))
    body = partial(
        edit_comment, ref=CommentRef.parse(comment), draft=draft, network=writing.origin()
    )
    return await _done(asking, comment, partial(body, acting=asking.acting, now=asking.now))


@post("/comment/{comment:str}/withdraw")
async def withdraw(
    comment: FromPath[str],
    data: Form,
    asking: NamedDependency[Asking],
    writing: NamedDependency[Writing],
) -> Page:
    writing.require_account()
    require_ours(asking, data.get("csrf", ""))
    body = partial(withdraw_comment, ref=CommentRef.parse(comment))
    return await _done(asking, comment, partial(body, acting=asking.acting, now=asking.now))


async def _done(asking: Asking, comment: str, body: Any) -> Page:
    try:
        await asking.act(body)
    except Refusal as no:
        return await _one(asking, comment, no=no)
    return go(f"/comment/{comment}")


async def _one(asking: Asking, comment: str, *, no: Refusal | None = None) -> Page:
    ref = CommentRef.parse(comment)
    found = await asking.read(partial(load_comment, ref=ref, now=asking.now))
    own, agreed = None, False
    if asking.is_commenter:
        account = asking.acting.account
        own = await asking.read(partial(load_own, ref=ref, account=account))
        voted = partial(comments.votes_of, thread=ref.thread, account=account)
        agreed = ref.comment in await asking.read(voted)
    shown = _alone(found, comment)
    helps = help_for(no, f"/comment/{comment}") if no else ""
    said = in_lang(no.says, lang_for(asking.request)) if no else ""
    return show(
        asking,
        "one.html",
        status=200 if shown or own else 404,
        shown=shown,
        head=found.head if found else None,
        link=partial(path_of, found.head) if found else None,
        back=path_of(found.head, comment=comment) + f"#c-{comment}" if found else "/",
        compose=path_of(found.head) + "/compose" if found else "",
        own=own,
        agreed=agreed,
        signed_in=asking.is_commenter,
        comment=comment,
        editable=own is not None and own.state in (State.HELD, State.PUBLISHED),
        said=said,
        helps=helps,
    )


def _alone(found: LoadedComment | None, comment: str) -> Any:
    """The one that was asked for, out of its branch."""
    if found is None:
        return None
    branch = (found.branch, *found.branch.replies)
    return next((one for one in branch if one.id == comment), None)


def _preview(
    asking: Asking,
    waiting: Unsent,
    body: str,
    *,
    no: Refusal | None = None,
    verdict: Verdict | None = None,
) -> Page:
    """What a rule found is said before it is sent, and decides nothing here."""
    lang = lang_for(asking.request)
    findings = verdict.findings if verdict else ()
    return show(
        asking,
        "preview.html",
        html=body,
        risks=[in_lang(one.says, lang) for one in findings if one.action is not Action.NOTE],
        back=_back(waiting),
        signed_in=asking.acting.kind is Kind.ACCOUNT,
        said=in_lang(no.says, lang) if no else "",
        helps=help_for(no, "/compose") if no else "",
    )


async def _waiting(asking: Asking) -> Unsent:
    """Raises NothingWaiting."""
    secret = _secret(asking)
    found = await asking.read(
        partial(comments.find_waiting, secret=digest_of(secret), now=asking.now)
    )
    if not secret or found is None:
        raise NothingWaiting
    return found


def _secret(asking: Asking) -> str:
    return asking.request.cookies.get(COOKIE, "")


def _parent(data: dict[str, str]) -> str:
    parent = data.get("parent", "")
    return str(CommentRef.parse(parent)) if parent else ""


def _back(waiting: Unsent) -> str:
    return path_of(ThreadAsked(site=waiting.site, key=waiting.key))


def _cookie(asking: Asking, value: str, seconds: int) -> Cookie:
    secure = asking.request.url.scheme == "https"
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


HANDLERS: list[Any] = [compose, preview, confirm, one, vote, edit, withdraw]
