"""What the account's pages share: one frame, one way on, one check of where a form comes from."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body

from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang, lang_of
from gentie.web.access import CSRF_FIELD, require_form_token
from gentie.web.account.asking import Asking
from gentie.web.account.returning import safe_path
from gentie.web.problems import STATUS
from gentie.web.templating import render

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Page = Response[str]
"""An HTML page, or a redirect to one."""
CONNECT: Final = "/account/connect"
_KEEPS_OPENER: Final = {"cross-origin-opener-policy": "unsafe-none"}
"""A window that one of our pages cuts off from its opener stays cut off. So those on the way to
`CONNECT` leave it, and only they: see decision page 0012."""


def show(
    asking: Asking, template: str, *, no: Refusal | None = None, name: str = "", **values: object
) -> Page:
    """A page; with `no` one that says why not. `next` among `values` is where it leads on to."""
    lang = asking.lang
    body = render(
        f"account/{template}",
        lang,
        csrf=asking.csrf,
        csrf_field=CSRF_FIELD,
        name=name,
        refused=None if no is None else in_lang(no.says, lang),
        **values,
    )
    page = _html(body, 200 if no is None else STATUS[type(no)], lang)
    page.headers.update(_opener(str(values.get("next", ""))))
    return page


def go(place: str, *, cookies: list[Cookie] | None = None, then: str = "") -> Page:
    """Go on to a path of ours, which leads to `then`."""
    headers = {"location": place, **_opener(then or place)}
    return Response("", status_code=303, headers=headers, cookies=cookies or [])


def to_sign_in(asking: Asking) -> Page:
    """Sign in first, then come here again."""
    url = asking.request.url
    here = url.path + (f"?{url.query}" if url.query else "")
    if asking.request.method != "GET":
        here = "/account/me"
    return go(f"/account/sign-in?{urlencode({'next': here})}", then=here)


def next_of(asking: Asking) -> str:
    return safe_path(asking.request.query_params.get("next", ""))


def require_ours(asking: Asking, data: Mapping[str, str]) -> None:
    """Raises BadCsrf."""
    require_form_token(data.get(CSRF_FIELD, ""), expected=asking.csrf)


def refused_page(request: Request[Any, Any, Any], refusal: Refusal) -> Page:
    """A page that says why, and leads to what helps."""
    lang = lang_of(request.headers.get("accept-language", ""))
    reason = str(refusal.facts.get("reason", ""))
    helps = str(refusal.facts.get("path", "/account/me"))
    says = in_lang(refusal.says, lang)
    body = render("account/refused.html", lang, says=says, reason=reason, helps=helps)
    return _html(body, STATUS[type(refusal)], lang)


def _opener(leads_to: str) -> dict[str, str]:
    return _KEEPS_OPENER if leads_to.partition("?")[0] == CONNECT else {}


def _html(body: str, status: int, lang: str) -> Page:
    headers = {"cache-control": "no-store", "content-language": lang}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)
