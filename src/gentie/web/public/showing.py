"""Pages of these doors: in the reader's language, kept by nobody, with a page for each no."""

from typing import Any

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie

from gentie.kernel.refusal import Refusal
from gentie.web import errors as problems
from gentie.web.access import CSRF_FIELD, require_form_token
from gentie.web.account.asking import Asking
from gentie.web.problems import STATUS
from gentie.web.reader import lang_for, prefers_data
from gentie.web.templating import render

Page = Response[str]
_HELP = {
    "identity-required": "/account/verify",
    "identity-expired": "/account/verify",
    "identity-revoked": "/account/verify",
    "agreement-required": "/account/agreement",
    "session-expired": "/account/sign-in",
}
"""Where a reader goes to get past a no. All take `next`."""


def show(asking: Asking, template: str, *, status: int = 200, **values: object) -> Page:
    """A page for one reader."""
    lang = lang_for(asking.request)
    body = render(f"public/{template}", lang, csrf_field=CSRF_FIELD, csrf=asking.csrf, **values)
    return html(body, status, lang)


def html(body: str, status: int, lang: str) -> Page:
    headers = {"cache-control": "no-store", "content-language": lang}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)


def go(path: str, *cookies: Cookie) -> Page:
    """To another page of ours, by GET."""
    return Response("", status_code=303, headers={"location": path}, cookies=list(cookies))


def require_ours(asking: Asking, given: str) -> None:
    """Raises BadCsrf: the form was not made for this session."""
    require_form_token(given, expected=asking.csrf)


def help_for(refusal: Refusal, back: str) -> str:
    """A path that helps past a refusal. Empty: there is none."""
    path = _HELP.get(refusal.code, "")
    if not path:
        return ""
    regime = refusal.facts.get("regime")
    more = f"regime={regime}&" if regime else ""
    return f"{path}?{more}next={back}"


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A page that says why not, or the problem document for who asks for data."""
    if prefers_data(request):
        return problems.refused(request, refusal)
    reason = str(refusal.facts.get("reason", ""))
    helps = help_for(refusal, "/account/me")
    return problems.page(request, STATUS[type(refusal)], refusal.says, reason=reason, helps=helps)
