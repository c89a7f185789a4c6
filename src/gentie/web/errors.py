"""Every "no" with a stable code, and nothing of our insides in any of them.

Programs get problem+json; a browser that shows a page to a reader gets a page. Under `/api/` it is
always problem+json.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang, lang_of
from gentie.web.access import is_page
from gentie.web.problems import STATUS
from gentie.web.reader import back_for, lang_for, prefers_page
from gentie.web.templating import render

Asked = Request[Any, Any, Any]

MEDIA_TYPE = "application/problem+json"

CODES = {
    400: ("malformed", "This request cannot be read."),
    401: ("not-signed-in", "Sign in first."),
    403: ("may-not", "You have no permission for this."),
    404: ("not-found", "There is nothing here."),
    405: ("method-not-allowed", "This cannot be done here."),
    410: ("gone", "What was here is not here any more."),
    413: ("too-large", "This request is larger than what is taken here."),
    415: ("unsupported-media-type", "This kind of content is not taken here."),
    429: ("too-many", "Too many requests. Try again later."),
    500: ("internal-error", "Something went wrong on our side. It has been noted."),
    503: ("not-available", "This is not available at the moment."),
}
"""What is said for a status that no refusal explains."""
INVALID = ("invalid", "Some fields are missing, unknown or not valid.")

_MOST_FAULTS = 20
_NO_TEXT = (RecursionError, UnicodeDecodeError, sa.exc.DataError)
"""Too deep to be read, no text, or none that the database can hold (a NUL in PostgreSQL)."""

log = structlog.get_logger()


def problem(
    request: Asked,
    status: int,
    code: str,
    says: str,
    *,
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """A problem document (RFC 9457), or a page for a reader, in the language of who asked."""
    if is_page(request) and prefers_page(request):
        return page(request, status, says, faults=(facts or {}).get("faults"), headers=headers)
    lang = lang_of(request.headers.get("accept-language", ""))
    body: dict[str, object] = {
        **(facts or {}),
        "type": f"/problems/{code}",
        "title": code,
        "status": status,
        "detail": in_lang(says, lang),
    }
    kept = {"content-language": lang, "cache-control": "no-store", **(headers or {})}
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=kept)


def page(
    request: Asked,
    status: int,
    says: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response[Any]:
    """The page that says no. `more`: `reason`, `faults` (of fields), `helps` and `back` (paths)."""
    lang = lang_for(request)
    values = {"reason": "", "faults": None, "helps": "", "back": back_for(request), **more}
    body = render("public/no.html", lang, says=in_lang(says, lang), **values)
    kept = {"content-language": lang, "cache-control": "no-store", **(headers or {})}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=kept)


def refused(request: Asked, refusal: Refusal) -> Response[Any]:
    """A refusal with the status of the table; one that says when to come back says it twice."""
    headers = {}
    if "retry_after" in refusal.facts:
        headers["retry-after"] = str(refusal.facts["retry_after"])
    status = STATUS[type(refusal)]
    return problem(
        request, status, refusal.code, refusal.says, facts=refusal.facts, headers=headers
    )


def unreadable(request: Asked, error: HTTPException) -> Response[Any]:
    """What the framework refuses. Its own words stay here: they quote paths and types."""
    if isinstance(error, ValidationException):
        return problem(request, 422, *INVALID, facts={"faults": _faults(error)})
    status = error.status_code if error.status_code in CODES else 400
    if status >= 500:  # noqa: PLR2004 HTTP's own line between their fault and ours
        return broken(request, error)
    return problem(request, status, *CODES[status], headers=error.headers)


def broken(request: Asked, error: Exception) -> Response[Any]:
    """A fault of ours. Whoever asked learns that, the log learns what it was."""
    if isinstance(error, _NO_TEXT):
        return problem(request, 400, *CODES[400])
    away = isinstance(error, sa.exc.OperationalError)  # a full disk, or a database that is gone
    status = 503 if away or getattr(error, "status_code", 0) == 503 else 500  # noqa: PLR2004 HTTP's own number
    log.error("request.broken", exc_info=error)
    return problem(request, status, *CODES[status])


def _faults(error: ValidationException) -> list[dict[str, str]]:
    """Where it is and what is wrong, of the first faults."""
    listed = error.extra if isinstance(error.extra, list) else []
    return [
        {"field": str(fault.get("key", "")), "says": str(fault.get("message", ""))}
        for fault in listed[:_MOST_FAULTS]
    ]


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    HTTPException: unreadable,
    Exception: broken,
}
