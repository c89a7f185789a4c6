"""A demo with every way to verify and to be written to, under a name as passkeys need one.

The gateway, the mail server and the document service are simulated, each on a real socket.
"""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page
from typing_extensions import override

from gentie.kernel.clock import utc_now
from tests.accounts.gateway import TOKEN, SmallGateway, a_gateway, served_by
from tests.browser.widget import until
from tests.mail.server import Inbox, a_mail_server, free_port
from tests.serving import serving

PASSWORD = "several plain words"
KEY = Ed25519PrivateKey.generate()
SETTINGS = """base_url = "{base}"
[[code_gateways]]
id = "sms"
name = "Text message"
name_zh = "短信"
url = "{gateway}"
token_file = "gateway.token"
[[code_gateways]]
id = "register"
name = "Register of organisations"
name_zh = "组织登记机关"
proof = "org_code"
url = "{gateway}"
token_file = "gateway.token"
[[document_services]]
id = "papers"
name = "Papers Ltd"
name_zh = "证件核验"
url = "{papers}"
token_file = "gateway.token"
answer_key_file = "papers.pem"
[mail]
host = "{mail.host}"
port = {mail.port}
security = "none"
sender = "g@comments.example"
"""


class Papers(SmallGateway):
    """Looks at documents. Sends everybody back at once; what it found, the test says."""

    @override
    def answer(self, authorization: str, body: dict[str, str]) -> tuple[int, Any]:
        assert authorization == f"Bearer {TOKEN}"
        self.sent.append(body)
        here = f"http://127.0.0.1:{self.port}/show"
        return 200, {"reference": body["reference"], "location": here}

    def say(self, outcome: str, number: str) -> httpx.Response:
        """The signed answer to what was asked last."""
        asked = self.sent[-1]
        said = {
            "iss": "papers",
            "aud": asked["answer_to"].partition("/api/")[0],
            "reference": asked["reference"],
            "iat": int(utc_now().timestamp()),
            "outcome": outcome,
            "identifier": number,
            "age": "1990-03-07",
        }
        head = {"alg": "EdDSA", "kid": "1"}
        text = ".".join(_base64(json.dumps(part).encode()) for part in (head, said))
        answer = f"{text}.{_base64(KEY.sign(text.encode()))}"
        return httpx.post(asked["answer_to"], json={"answer": answer})


@dataclass(frozen=True)
class Village:
    url: str
    data: Path
    gateway: SmallGateway
    papers: Papers
    inbox: Inbox

    def code(self) -> str:
        return self.gateway.last_code

    def letter(self, page: Page, link: str) -> str:
        """The newest address of that form in a letter, once it is there."""
        pattern = re.compile(rf"{re.escape(self.url)}{link}\S+")

        def found() -> list[str]:
            bodies = [one.get_body(("plain",)) for one in self.inbox.letters]
            texts = [str(one.get_content()) for one in bodies if one is not None]
            return [address for text in texts for address in pattern.findall(text)]

        before = len(found())
        until(page, lambda: len(found()) > before or bool(found()))
        return found()[-1]


@contextmanager
def a_village(data: Path) -> Iterator[Village]:
    with ExitStack() as stack:
        gateway = stack.enter_context(a_gateway())
        papers = stack.enter_context(served_by(Papers()))
        inbox = stack.enter_context(a_mail_server())
        port = free_port()
        base = f"http://localhost:{port}"
        data.mkdir()
        (data / "gateway.token").write_text(TOKEN, encoding="utf-8")
        pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (data / "papers.pem").write_bytes(pem)
        settings = SETTINGS.format(
            base=base,
            gateway=f"http://127.0.0.1:{gateway.port}/send",
            papers=f"http://127.0.0.1:{papers.port}/checks",
            mail=inbox.server,
        )
        (data / "gentie.toml").write_text(settings, encoding="utf-8")
        stack.enter_context(serving(data, "--port", str(port), command="demo"))
        yield Village(base, data, gateway, papers, inbox)


def sign_up(page: Page, village: Village, name: str, *, back: str = "/account/me") -> None:
    page.goto(f"{village.url}/account/sign-up?next={back}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("form[action='/account/sign-up'] button").click()
    page.wait_for_url(f"**{back}")


def _base64(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
