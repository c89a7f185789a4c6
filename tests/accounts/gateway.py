"""A small gateway on a real socket: it remembers, and can be made to misbehave."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, TypeVar

import httpx
import msgspec
from typing_extensions import override

from gentie.accounts.adapters.gateway import CodeGateway
from gentie.accounts.codes.model import Gateway, Proof
from gentie.catalogue.regimes import Text

TOKEN = "token-of-the-gateway"
Served = TypeVar("Served", bound="SmallGateway")


class SmallGateway:
    """`manner` says how it behaves: "well", or one of the ways of `answer`."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.manner = "well"
        self.port = 0
        self.over = Event()

    @property
    def last_code(self) -> str:
        return self.sent[-1]["text"].split()[0]

    def client(self, proof: Proof = Proof.PHONE, *, timeout: float = 5.0) -> CodeGateway:
        gateway = Gateway(
            id="sms" if proof is Proof.PHONE else "register",
            title=Text(zh="短信", en="Text message"),
            proof=proof,
            url=f"http://127.0.0.1:{self.port}/send",
            token=TOKEN,
            max_age_days=365,
        )
        return CodeGateway(gateway, httpx.AsyncClient(timeout=timeout))

    def answer(self, authorization: str, body: dict[str, str]) -> tuple[int, Any]:
        if authorization != f"Bearer {TOKEN}":
            return 401, {"error": "token"}
        if self.manner == "hangs":
            self.over.wait(30)
        good = {"reference": body["reference"], "accepted": True}
        earlier = self.sent[0]["reference"] if self.sent else "none"
        answers: dict[str, tuple[int, Any]] = {
            "well": (202, good),
            "refuses": (200, good | {"accepted": False}),
            "fails": (500, good),
            "lies": (200, "<html>welcome"),
            "repeats": (200, good | {"reference": earlier}),
            "shouts": (200, good | {"more": " " * 20_000}),
            "hangs": (200, good),
        }
        if self.manner == "well":
            self.sent.append(body)
        return answers[self.manner]


@contextmanager
def a_gateway() -> Iterator[SmallGateway]:
    with served_by(SmallGateway()) as gateway:
        yield gateway


@contextmanager
def served_by(gateway: Served) -> Iterator[Served]:

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, said = gateway.answer(
                self.headers.get("authorization", ""), msgspec.json.decode(body)
            )
            answer = msgspec.json.encode(said)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the test says what happened."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
