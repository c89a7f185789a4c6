"""Pages with the built widget in front of a service of canned answers (`tools.scenes`).

What is real: the bundle, the headers of the service (strict CSP, Trusted Types), the parser of
bodies, and the demo's words. What the answers mean is proved elsewhere; here it is the browser.

A page is `/page/{lang}/{theme}/{scene}`. The same pages are served under two addresses: of one
(`url`) the widget is at home, for the other (`foreign_url`) it is a guest.
"""

import json
import queue
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

import gentie
from gentie.web.headers import SECURITY
from tools import scenes
from tools.answers import GRANTED, READ, SUBMITTED, WRITTEN
from tools.uploads import Uploads

STATIC = Path(gentie.__file__).parent / "web" / "static"
DIST = STATIC / "dist"
WIDGET = DIST / "widget.js"
PAGE = """<!doctype html><html lang="{lang}" data-theme="{theme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Stage</title>
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
<script type="module" src="{script}"></script><main><h1>Stage</h1>
<gentie-thread site="daily" key="{scene}" lang="{lang}" theme="{theme}"{more}>
<p id="fallback">Read without script</p></gentie-thread></main></html>"""
LISTS = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Lists</title>
<link rel="icon" href="data:,"><script type="module" src="/embed/v1/count.js"></script>
<script type="module" src="/embed/v1/recent.js"></script><main><h1>Lists</h1>
<p><gentie-count site="daily" key="a">-</gentie-count>
<gentie-count site="daily" key="b">-</gentie-count>
<gentie-count site="daily" key="a">-</gentie-count></p>
<gentie-recent site="daily" limit="2">Nothing yet</gentie-recent></main></html>"""
GROUND = b"""body{background:var(--gentie-page);color:var(--gentie-ink);
font-family:var(--gentie-font-sans);margin:0}main{max-width:38rem;margin:auto;padding:1rem}"""
CONNECT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>
<link rel="icon" href="data:,"><script type="module" src="/connect.js"></script>
<button id="yes">Go on</button> <button id="no">Not now</button></html>"""
SIGN_IN = b"""const asked = new URLSearchParams(location.search);
const [state, origin] = ["state", "origin"].map((name) => asked.get(name));
const say = (said) => { opener.postMessage({state, ...said}, origin); close(); };
document.querySelector("#yes").onclick = () => say({type: "gentie:code", code: "c0de"});
document.querySelector("#no").onclick = () => say({type: "gentie:declined"});"""
THIRD = {
    "Comments": "Commentaires",
    "{n} comment": {"one": "{n} commentaire", "other": "{n} commentaires"},
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".json": "application/json"}


class Door(BaseHTTPRequestHandler):
    server: "Served"

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test run has its own words."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        stage = self.server.stage
        if url.path.startswith("/page/"):
            self.give_page(url.path, parse_qs(url.query))
        elif url.path.startswith("/embed/v1/"):
            file = DIST / url.path.removeprefix("/embed/v1/")
            self.give(file.read_bytes(), KINDS[file.suffix])
        elif url.path.startswith("/media/"):
            *_, id_, name = url.path.split("/")
            self.give(*self.server.stage.uploads.file(id_, name))
        elif url.path in FILES:
            body, kind = FILES[url.path]
            self.give(body, kind)
        elif url.path.endswith("/live"):
            self.give_events()
        else:
            stage.asked.append(f"GET {self.path}")
            self.answer("GET", url.path, b"")

    def do_POST(self) -> None:
        self.act("POST")

    def do_PUT(self) -> None:
        self.act("PUT")

    def do_PATCH(self) -> None:
        self.act("PATCH")

    def do_DELETE(self) -> None:
        self.act("DELETE")

    def do_OPTIONS(self) -> None:
        self.give(b"", "text/plain")

    def act(self, method: str) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        self.server.stage.asked.append(f"{method} {self.path}")
        self.server.stage.sent.append(
            (method, self.path, dict(self.headers), body.decode(errors="replace"))
        )
        self.answer(method, urlsplit(self.path).path, body)

    def answer(self, method: str, path: str, body: bytes) -> None:
        stage = self.server.stage
        if path.startswith("/api/v1/uploads"):
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = stage.uploads.answer(method, path, headers, body)
        else:
            status, answer = stage.answer_to(method, path)
        self.give(json.dumps(answer).encode(), "application/json", status)

    def give_page(self, path: str, query: dict[str, list[str]]) -> None:
        lang, theme, scene = path.removeprefix("/page/").split("/")
        base = self.server.stage.base
        at_home = self.server is self.server.stage.home
        script = "/embed/v1/widget.js" if at_home else f"{base}/embed/v1/widget.js"
        more = "".join(f' {name}="{value[0]}"' for name, value in query.items())
        page = PAGE.format(lang=lang, theme=theme, scene=scene, script=script, more=more)
        self.give(page.encode(), "text/html")

    def give_events(self) -> None:
        """Until the reader leaves, or the stage ends."""
        said: queue.Queue[bytes] = queue.Queue()
        self.send_response(200)
        self.head("text/event-stream")
        self.end_headers()
        self.wfile.write(b"retry: 2000\nid: 0\nevent: here\ndata: {}\n\n")
        last = parse_qs(urlsplit(self.path).query).get("last", [""])[0]
        self.server.stage.resumed.append(self.headers["last-event-id"] or last)
        self.server.stage.readers.append(said)
        with suppress(OSError):
            while event := said.get():
                self.wfile.write(event)
                self.wfile.flush()
        if said in self.server.stage.readers:
            self.server.stage.readers.remove(said)
        self.close_connection = True

    def give(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.head(f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        with suppress(ConnectionError):  # whoever asked has gone on to another page
            self.end_headers()
            self.wfile.write(body)

    def head(self, kind: str) -> None:
        stage = self.server.stage
        both = f"'self' {stage.base}"
        for name, value in SECURITY:
            policy = value.replace("script-src 'self'", f"script-src {both}")
            if name != "cross-origin-opener-policy":  # the window for signing in has an opener
                self.send_header(name, policy.replace("connect-src 'self'", f"connect-src {both}"))
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-methods", "*")
        self.send_header("access-control-allow-headers", "authorization, *")
        self.send_header("content-type", kind)


FILES: dict[str, tuple[bytes, str]] = {
    "/tokens.css": ((STATIC / "tokens.css").read_bytes(), "text/css"),
    "/page.css": (GROUND, "text/css"),
    "/lists": (LISTS.encode(), "text/html"),
    "/account/connect": (CONNECT.encode(), "text/html"),
    "/connect.js": (SIGN_IN, "text/javascript"),
    "/fr.json": (json.dumps(THIRD).encode(), "application/json"),
}


class Served(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stage: "Stage") -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.stage = stage


class Stage:
    """Serves while it is entered, on ports of its own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """Every request to the API, in order: "GET /api/v1/…"."""
        self.sent: list[tuple[str, str, dict[str, str], str]] = []
        """What changed something: method, path, headers, body."""
        self.readers: list[queue.Queue[bytes]] = []
        """Open event streams."""
        self.resumed: list[str] = []
        """The last event that each stream says it had."""
        self.refusals: dict[str, tuple[int, dict[str, object]]] = {}
        """What is said no to, by "METHOD end-of-path"."""
        self.signed_in = True
        self.protected_until: object = None
        self.uploads = Uploads()

    def __enter__(self) -> Self:
        if not WIDGET.exists():
            raise FileNotFoundError("the widget is not built: python -m tools.widget build")
        self.home, self.abroad = Served(self), Served(self)
        servers = (self.home, self.abroad)
        self.threads = [threading.Thread(target=one.serve_forever, daemon=True) for one in servers]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for reader in list(self.readers):
            reader.put(b"")
        for server in (self.home, self.abroad):
            server.shutdown()
            server.server_close()
        for thread in self.threads:
            thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.home.server_port}"

    def url(self, lang: str = "zh-CN", theme: str = "light", scene: str = "article-42") -> str:
        return f"{self.base}/page/{lang}/{theme}/{scene}"

    def foreign_url(self, lang: str = "en", scene: str = "article-42") -> str:
        """The page of a site: another host, another port."""
        return f"http://localhost:{self.abroad.server_port}/page/{lang}/light/{scene}"

    def forget(self) -> None:
        """What a test before has left."""
        while self.readers:
            self.readers.pop().put(b"")
        self.resumed.clear()
        self.asked.clear()
        self.sent.clear()
        self.refusals.clear()
        self.uploads = Uploads()
        self.signed_in = True

    def tell(self, name: str, data: object, number: int = 1) -> None:
        """Say it to everybody who listens."""
        event = f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
        for reader in list(self.readers):
            reader.put(event)

    def answer_to(self, method: str, path: str) -> tuple[int, Any]:
        for refused, refusal in self.refusals.items():
            wanted, ending = refused.split(" ")
            if method == wanted and path.endswith(ending):
                return refusal
        if path.endswith("/protection"):
            self.protected_until = GRANTED["ends_at"] if method == "POST" else None
        if method == "GET":
            return self.read(path)
        if method == "PATCH":
            return 200, SUBMITTED
        return next(
            (one for end, one in WRITTEN.items() if f"{method} {path}".endswith(end)), (200, {})
        )

    def read(self, path: str) -> tuple[int, Any]:
        *_, scene, last = path.split("/")
        if last in ("comments", "mine"):
            page, mine = scenes.SCENES[scene]()
            mine["protected_until"] = self.protected_until
            return 200, mine if last == "mine" else page
        if path.endswith("/account/session"):
            name = scenes.ME if self.signed_in else None
            return 200, {"kind": "account" if name else "anyone", "name": name, "csrf": "token"}
        found = READ.get(last)
        return (200, found()) if found else (404, {"type": "/problems/not-here", "detail": path})
