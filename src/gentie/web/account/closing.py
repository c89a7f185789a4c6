"""Closing one's own account as a program does: the same steps as the page, and the same answer."""

from functools import partial
from typing import Annotated, Literal

import msgspec
from litestar import Response, Router, delete
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from gentie.accounts.after import link_to
from gentie.actions.identity.close_account import close_account
from gentie.privacy.model import Comments
from gentie.web.account.asking import Asking, provide_asking


class Leave(msgspec.Struct, forbid_unknown_fields=True):
    sure: Annotated[Literal[True], msgspec.Meta(description="Nobody closes an account in passing.")]
    comments: Comments = Comments.STAY
    """Whether they stay under the name of a closed account, or go along."""


class Left(msgspec.Struct, kw_only=True):
    link: str
    """The way back to what was decided, to appeals and rights. Shown this once."""


@delete("/", operation_id="CloseMe", status_code=200)
async def close_me(data: JSONBody[Leave], asking: NamedDependency[Asking]) -> Response[Left]:
    """Close my account: every session ends, mail stops, what identifies me is destroyed.

    Answers 401 `not-signed-in`, 403 `account-closed` where it was closed before.
    """
    closing = partial(close_account, comments=data.comments)
    await asking.act(partial(closing, acting=asking.acting, now=asking.now))
    link = link_to(asking.acting.account, asking.people.after_key)
    left = Left(link=f"{asking.people.access.origin}/account/after/{link}")
    cookies = [asking.people.access.no_cookie()]
    return Response(left, headers={"cache-control": "no-store"}, cookies=cookies)


routes = [
    Router(
        "/api/v1/me",
        route_handlers=[close_me],
        dependencies={"asking": Provide(provide_asking)},
        tags=["me"],
    )
]
