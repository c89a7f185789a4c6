"""A page with the built widget in front of a service of canned answers.

What is real: the bundle, the headers of the service (strict CSP, Trusted Types), the parser of
bodies, and the demo's words. What the answers mean is proved elsewhere; here it is the browser.
"""

import json
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import msgspec
from typing_extensions import override

import gentie
from gentie.catalogue.regimes import get_regime
from gentie.comments.markup import parse
from gentie.demo.content import NEVER_PUBLIC, Comment, Fate, Thread, read_content
from gentie.pages.house import classes_of
from gentie.web.headers import SECURITY

STATIC = Path(gentie.__file__).parent / "web" / "static"
WIDGET = STATIC / "dist" / "widget.js"
PAGE = """<!doctype html><html lang="{lang}" data-theme="{theme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Stage</title>
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
<script type="module" src="/widget.js"></script><main><h1>Stage</h1>
<gentie-thread site="daily" key="article-42" lang="{lang}" theme="{theme}">
<p id="fallback">Read without script</p></gentie-thread></main></html>"""
GROUND = b"body{background:var(--gentie-page);color:var(--gentie-ink)}"
TIME = "2026-11-21T10:00:00Z"
HELD = {"id": "held-1", "state": "held", "parent": None, "text": "Mine", "created_at": TIME}


def article() -> Thread:
    return next(one for one in read_content().threads if one.key == "article-42")


def item_of(comment: Comment) -> dict[str, object]:
    item: dict[str, object] = {"id": comment.id, "parent": comment.reply_to or None}
    item |= {"created_at": TIME, "reply_count": 0, "replies": [], "more_replies": None}
    if comment.fate is Fate.REMOVED:
        stone = {"tier": "terms", "by": "moderator", "appeal": "none", "leaf": 1, "nonce": "n"}
        return item | {"tombstone": stone}
    body = msgspec.to_builtins(parse(comment.text).nodes)
    author = {"name": comment.by, "avatar": "", "badges": []}
    said = {"author": author, "body": body, "text": comment.text, "lang": comment.lang}
    return item | said | {"edited_at": None, "votes": comment.votes}


def roots_of(comments: Iterable[Comment]) -> list[dict[str, object]]:
    """Every public branch, with the answers to its head."""
    public = [one for one in comments if one.fate not in NEVER_PUBLIC]
    roots = []
    for root in filter(lambda one: not one.reply_to, public):
        replies = [item_of(one) for one in public if one.reply_to == root.id]
        roots.append(item_of(root) | {"replies": replies, "reply_count": len(replies)})
    return roots


def answer_of(path: str) -> object:
    if path.endswith("/comments"):
        roots = roots_of(article().comments)
        head = {"count": len(roots), "review": "first", "writable": True, "banners": []}
        return {"thread": head, "comments": roots, "next": None}
    if path.endswith("/mine"):
        return {"items": [HELD], "votes": []}
    if path.endswith("/rules"):
        rules = msgspec.to_builtins(classes_of(get_regime("cn-2022-final")))
        return {"classes": rules, "review": {"wait": {"median_seconds": 150, "count": 40}}}
    return {"kind": "account", "name": "渡口的风", "csrf": "token"}


class Door(BaseHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test run has its own words."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/page/"):
            lang, theme = url.path.removeprefix("/page/").split("/")
            self.give(PAGE.format(lang=lang, theme=theme).encode(), "text/html")
        elif url.path == "/widget.js":
            self.give(WIDGET.read_bytes(), "text/javascript")
        elif url.path.endswith(".css"):
            tokens = (STATIC / "tokens.css").read_bytes()
            self.give(GROUND if url.path == "/page.css" else tokens, "text/css")
        else:
            self.give(json.dumps(answer_of(url.path)).encode(), "application/json")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        submitted = {"id": "new-1", "state": "held", "revision": 1, "receipt": "r"}
        self.give(json.dumps(submitted).encode(), "application/json")

    def give(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        for name, value in SECURITY:
            self.send_header(name, value)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Stage:
    """Serves while it is entered, on a port of its own."""

    def __enter__(self) -> Self:
        assert WIDGET.exists(), "the widget is not built: make widget"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def url(self, lang: str = "zh-CN", theme: str = "light") -> str:
        return f"http://127.0.0.1:{self.server.server_port}/page/{lang}/{theme}"
