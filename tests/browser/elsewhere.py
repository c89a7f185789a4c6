"""A page of another site that embeds a thread, as docs/site-developer.md tells its owner to.

`/thread/{site}/{key}` has the widget around the fragment that its server fetched, under a strict
policy of its own; `/frame/{site}/{key}` has the frame and lets no script of others in;
`/film/{site}/{key}` has a video with its danmaku and nothing else of ours, `/watch/{site}/{key}`
its comments, too.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import httpx
from typing_extensions import override

THREAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>An article</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<script type="module" src="{service}/embed/v1/widget.js"></script>
<h1>An article</h1><gentie-thread site="{site}" key="{key}" lang="en">{first}</gentie-thread>"""
FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>An article</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><h1>An article</h1>
<iframe src="{service}/embed/frame/{site}/{key}?lang=en" title="Comments"></iframe>
<script src="/frame.js"></script></html>"""
FILM = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A film</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="{service}/embed/v1/widget.js"></script>
<h1>A film</h1><div class="picture">
<video id="film" src="{service}/demo/film-7.webm" muted loop playsinline preload="auto"></video>
</div><gentie-danmaku site="{site}" key="{key}" for="film" lang="en">{first}</gentie-danmaku>"""
WATCH = FILM + '<gentie-thread site="{site}" key="{key}" lang="en"></gentie-thread>'
HEAR = """const comments = document.querySelector("iframe[title=Comments]");
const service = new URL(comments.src).origin;
addEventListener("message", (event) => {
  if (event.source !== comments.contentWindow || event.origin !== service) return;
  if (event.data.type === "gentie:height") comments.style.height = `${event.data.height}px`;
});
const hello = () => comments.contentWindow.postMessage({ type: "gentie:hello" }, service);
comments.addEventListener("load", hello);"""
STYLE = """iframe { width: 100%; border: 0 } .picture { position: relative }
video { width: 100%; display: block; aspect-ratio: 16 / 9 }"""
POLICY = """default-src 'none'; script-src {service} 'self'; connect-src {service};
 style-src 'self'; img-src data:; frame-src {service}; media-src {service};
 require-trusted-types-for 'script'; trusted-types lit-html"""


class _Door(BaseHTTPRequestHandler):
    service = ""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test run has its own words."""

    def do_GET(self) -> None:
        _, what, *rest = self.path.partition("?")[0].split("/")
        match what:
            case "thread":
                self.give(self.page(THREAD, *rest), "text/html")
            case "film":
                self.give(self.page(FILM, *rest), "text/html")
            case "watch":
                self.give(self.page(WATCH, *rest), "text/html")
            case "frame":
                self.give(self.page(FRAME, *rest), "text/html")
            case "frame.js":
                self.give(HEAR, "text/javascript")
            case _:
                self.give(STYLE, "text/css")

    def page(self, template: str, site: str, key: str) -> str:
        what = {THREAD: "thread", FILM: "danmaku", WATCH: "danmaku"}.get(template)
        fragment = f"{self.service}/embed/{what}/{site}/{key}.html?lang=en"
        first = httpx.get(fragment).raise_for_status().text if what else ""
        return template.format(service=self.service, site=site, key=key, first=first)

    def give(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        policy = POLICY.replace("\n", "").format(service=self.service)
        self.send_header("content-security-policy", policy)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Elsewhere:
    """Serves while it is entered. Another site than 127.0.0.1 to every browser."""

    def __init__(self, service: str) -> None:
        self.service = service
        door = type("Door", (_Door,), {"service": service})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), door)
        self.run = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def url(self, door: str = "thread", site: str = "daily", key: str = "post-7") -> str:
        return f"{self.origin}/{door}/{site}/{key}"

    def __enter__(self) -> Self:
        self.run.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.run.join()
        self.server.server_close()
