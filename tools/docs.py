"""`make docs`: README, docs/ and the API description as one folder that needs no server."""

import asyncio
import html
import re
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt

from gentie.main.compose import ROUTES
from gentie.storage.db import Database
from gentie.web.app import create_app
from gentie.web.describe import with_problems
from gentie.web.services import Services
from gentie.web.static import ROOT as STATIC

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SITE = DOCS / "site"
_LINK = re.compile(r'(href|src)="([^"]*)"')

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{up}tokens.css">
<link rel="stylesheet" href="{up}page.css">
</head>
<body><main>
<p><a href="{up}README.html">Gentie</a> · <a href="{up}docs/index.html">Documentation</a>
· <a href="{up}openapi.json">OpenAPI</a></p>
{body}</main></body>
</html>
"""


def main() -> int:
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir()
    for name in ("tokens.css", "page.css"):
        shutil.copy(STATIC / name, SITE)
    for page in pages():
        write_page(page)
    (SITE / "openapi.json").write_bytes(asyncio.run(describe()))
    print(f"docs: {SITE / 'README.html'}")
    return 0


def pages() -> list[Path]:
    """What is written for people, wherever it lies."""
    guides = [page for page in DOCS.rglob("*.md") if SITE not in page.parents]
    return sorted([*ROOT.glob("*.md"), *guides])


def write_page(page: Path) -> None:
    """The page as HTML, at the same place below the site as below the root."""
    text = page.read_text(encoding="utf-8")
    body = MarkdownIt("commonmark").enable("table").render(text)
    target = (SITE / page.relative_to(ROOT)).with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    up = "../" * (len(page.relative_to(ROOT).parts) - 1)
    made = _PAGE.format(title=title_of(text), up=up, body=_LINK.sub(partial(_led, page), body))
    target.write_text(made, encoding="utf-8")


def _led(page: Path, link: re.Match[str]) -> str:
    """A link as it is below the site: to the page made of a page, to a copy of another file."""
    to, mark, place = link[2].partition("#")
    file = (page.parent / to).resolve()
    if "://" in to or not to or not file.is_file():
        return link[0]
    if file.suffix != ".md":
        copy = SITE / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    return f'{link[1]}="{re.sub(r"[.]md$", ".html", to)}{mark}{place}"'


def title_of(text: str) -> str:
    return html.escape(text.splitlines()[0].removeprefix("# "))


async def describe() -> bytes:
    """The description of the API, as a running service gives it."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/none.db")
        try:
            app = create_app(Services(db=db), ROUTES)
            schema = with_problems(app.router.openapi_schema.to_schema())
        finally:
            await db.close()
    return msgspec.json.format(msgspec.json.encode(schema))


if __name__ == "__main__":
    sys.exit(main())
