"""`make docs`: the pages of docs/ and the API description as one folder that needs no server."""

import asyncio
import html
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt

from gentie.main.compose import ROUTES
from gentie.storage.db import Database
from gentie.web.app import create_app
from gentie.web.describe import with_problems
from gentie.web.services import Services
from gentie.web.static import ROOT as STATIC

DOCS = Path(__file__).parent.parent / "docs"
SITE = DOCS / "site"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{up}tokens.css">
<link rel="stylesheet" href="{up}page.css">
</head>
<body><main><p><a href="{up}index.html">Gentie</a></p>{body}</main></body>
</html>
"""


def main() -> int:
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir()
    for name in ("tokens.css", "page.css"):
        shutil.copy(STATIC / name, SITE)
    pages = [page for page in sorted(DOCS.rglob("*.md")) if SITE not in page.parents]
    for page in pages:
        write_page(page)
    (SITE / "openapi.json").write_bytes(asyncio.run(describe()))
    write_index(pages)
    print(f"docs: {SITE / 'index.html'}")
    return 0


def write_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    body = MarkdownIt("commonmark").enable("table").render(text).replace('.md"', '.html"')
    target = SITE / page.relative_to(DOCS).with_suffix(".html")
    target.parent.mkdir(exist_ok=True)
    up = "../" * (len(page.relative_to(DOCS).parts) - 1)
    target.write_text(_PAGE.format(title=title_of(text), up=up, body=body), encoding="utf-8")


def write_index(pages: list[Path]) -> None:
    items = "".join(
        f'<li><a href="{page.relative_to(DOCS).with_suffix(".html")}">'
        f"{title_of(page.read_text(encoding='utf-8'))}</a></li>"
        for page in pages
    )
    body = f'<h1>Gentie</h1><ul>{items}<li><a href="openapi.json">OpenAPI</a></li></ul>'
    (SITE / "index.html").write_text(
        _PAGE.format(title="Gentie", up="", body=body), encoding="utf-8"
    )


def title_of(text: str) -> str:
    return html.escape(text.splitlines()[0].removeprefix("# "))


async def describe() -> bytes:
    """The description of the API, as a running service gives it."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/none.db")
        try:
            app = create_app(Services(db=db), ROUTES)
            schema = with_problems(app.openapi_schema.to_schema())
        finally:
            await db.close()
    return msgspec.json.format(msgspec.json.encode(schema))


if __name__ == "__main__":
    sys.exit(main())
