"""A page of another site that signs people in, with the protocol and nothing else.

What the widget does of it is proved with the widget; here it is the service's half in a browser.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from typing_extensions import override

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<link rel="icon" href="data:,"><h1>Another site</h1><button>Sign in</button><pre id="said"></pre>
<div id="frames"></div>
<script>
const service = "%(service)s", site = "%(site)s";
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const random = (n) => base64(crypto.getRandomValues(new Uint8Array(n)));
const say = (what) => { document.querySelector("#said").textContent = JSON.stringify(what); };
const seen = [];
addEventListener("message", (event) => seen.push([event.origin, event.data]));

async function asked(mode) {
  const verifier = random(32), state = random(16);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({ site, state, mode, origin: location.origin,
    code_challenge: base64(digest) });
  if (mode === "redirect") {
    query.set("return_to", location.href.split("#")[0]);
    sessionStorage.setItem("way", JSON.stringify({ verifier, state }));
  }
  return { verifier, state, address: `${service}/account/connect?${query}` };
}

async function send(path, body, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const init = { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" };
  const answer = await fetch(`${service}/api/v1${path}`, init);
  return { status: answer.status, ...(await answer.json()) };
}

async function finish(code, verifier) {
  const granted = await send("/session/exchange", { code, code_verifier: verifier });
  if (!granted.token) return say(granted);
  const text = "From another origin.";
  const posted = await send(`/sites/${site}/threads/page/comments`, { text }, granted.token);
  say({ name: granted.me.name, state: posted.state });
}

let way;
asked("popup").then((made) => { way = made; document.body.dataset.ready = "yes"; });
document.querySelector("button").addEventListener("click", () => {
  const popup = window.open(way.address, "gentie", "popup,width=480,height=720");
  addEventListener("message", async (event) => {
    const mine = event.origin === service && event.source === popup;
    if (!mine || event.data.state !== way.state) return;
    if (event.data.type === "gentie:declined") say({ declined: true });
    else await finish(event.data.code, way.verifier);
  });
});

const fragment = new URLSearchParams(location.hash.slice(1));
if (fragment.has("gentie-code")) {
  history.replaceState(null, "", location.pathname);
  const kept = JSON.parse(sessionStorage.getItem("way"));
  const code = fragment.get("gentie-code");
  if (fragment.get("gentie-state") === kept.state) finish(code, kept.verifier);
}
</script></html>"""


class _Door(BaseHTTPRequestHandler):
    page = b""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test run has its own words."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)


class Host:
    """Serves while it is entered, on a port of its own. The page says what happened in `#said`."""

    def __init__(self) -> None:
        self._door: type[_Door] = type("Door", (_Door,), {})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._door)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        """Another site than 127.0.0.1 to every browser."""
        return f"http://localhost:{self.server.server_port}"

    def show(self, service: str, site: str) -> None:
        self._door.page = (PAGE % {"service": service, "site": site}).encode()

    def __enter__(self) -> Self:
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
