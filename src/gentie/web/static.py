"""Files of the package: styles, pictures, the built widget. Ready in memory like any page.

A file asked for with the digest of its content (`url_of`) may be kept for ever; without, for five
minutes, so that a new version reaches pages that name it plainly.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from typing_extensions import override

from gentie.pages.model import Page, PageSource

ROOT = Path(__file__).parent / "static"
WIDGET = "/embed/v1/"
"""Where other sites load the widget from: `static/dist`, under names that stay."""

_A_WHILE = "public, max-age=300"
_FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles(PageSource):
    """The files that are there when the service starts."""

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        name = _name_of(path)
        if name not in _digests():
            return None
        return f"{name}?" if query == b"v=" + _digests()[name].encode() else name

    @override
    async def render(self, key: str) -> Page:
        name, versioned, _ = key.partition("?")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        return Page(
            body=(ROOT / name).read_bytes(),
            content_type=f"{kind}; charset=utf-8" if text else kind,
            headers=(
                ("cache-control", _FOR_EVER if versioned else _A_WHILE),
                ("cross-origin-resource-policy", "cross-origin"),
            ),
        )


def url_of(name: str) -> str:
    """Where pages of ours load `name` ("tokens.css") from. It changes with the content.

    Raises:
        KeyError: there is no such file.
    """
    return f"/static/{name}?v={_digests()[name]}"


def _name_of(path: str) -> str:
    if path.startswith(WIDGET):
        return f"dist/{path.removeprefix(WIDGET)}"
    return path.removeprefix("/static/") if path.startswith("/static/") else ""


@cache
def _digests() -> dict[str, str]:
    files = sorted(file for file in ROOT.rglob("*") if file.is_file())
    return {
        file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        for file in files
    }
