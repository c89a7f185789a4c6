"""What a browser says about its reader: which language, a page or data, and where they were."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from gentie.kernel.texts import LANGS, Lang, lang_of

Asked = Request[Any, Any, Any]
JSON = ("application/json", "application/problem+json")


def lang_for(request: Asked) -> Lang:
    """What the address says, else what the browser asks for."""
    wanted = request.query_params.get("lang", "")
    return next((one for one in LANGS if one == wanted), None) or lang_of(
        request.headers.get("accept-language", "")
    )


def prefers_page(request: Asked) -> bool:
    """Whether HTML is named and no JSON is wanted as much, as browsers ask for what they show."""
    weights = _weights(request)
    page = weights.get("text/html", 0.0)
    return page > 0 and page > max(weights.get(one, 0.0) for one in JSON)


def prefers_data(request: Asked) -> bool:
    """Whether JSON is named and HTML is not wanted as much."""
    weights = _weights(request)
    data = max(weights.get(one, 0.0) for one in JSON)
    return data > 0 and data > weights.get("text/html", 0.0)


def back_for(request: Asked) -> str:
    """The path on this service where the reader came from. Empty: from elsewhere, or unknown."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host", "") or not came.path.startswith("/"):
        return ""
    path = "/" + came.path.lstrip("/")
    return f"{path}?{came.query}" if came.query else path


def _weights(request: Asked) -> dict[str, float]:
    return dict(_weighted(item) for item in request.headers.get("accept", "").lower().split(","))


def _weighted(item: str) -> tuple[str, float]:
    kind, *parameters = (part.strip() for part in item.split(";"))
    found = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
    try:
        return kind, float(found[0]) if found else 1.0
    except ValueError:
        return kind, 0.0
