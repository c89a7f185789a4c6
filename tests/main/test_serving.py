"""The real command, as its own process: starts from nothing, serves one folder once, drains."""

import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.serving import gentie, log_of, serving


def test_starts_from_nothing_serves_and_leaves_with_0(tmp_path: Path) -> None:
    with serving(tmp_path / "news") as (process, address), httpx.Client(base_url=address) as client:
        ready = client.get("/readyz")
        second = gentie("serve", "--data", tmp_path / "news", "--port", "0")
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    logged = log_of(tmp_path / "news").read_text()
    assert (ready.status_code, ready.json()) == (200, {"failing": []})
    assert "server" not in ready.headers
    assert process.returncode == 0
    assert second.returncode == 1
    assert "is being served already" in second.stderr
    assert address.split(":")[-1] not in logged
    healthy = gentie("doctor", "--data", tmp_path / "news")
    assert healthy.returncode == 0, healthy.stdout


def test_says_that_the_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = gentie("serve", "--data", tmp_path / "news", "--port", port)

    assert told.returncode == 1
    assert told.stderr.startswith(f"gentie: cannot listen on 127.0.0.1:{port}")
    assert f"make run PORT={int(port) + 1}" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("serve", "--workers", "2"), 2, "belong to one process"),
        (("serve", "--port", "99999"), 2, "--port"),
        (("nonsense",), 2, "No such command"),
        (("migrate", "--config", "/nowhere.toml"), 2, "/nowhere.toml"),
    ],
)
def test_says_in_one_line_how_it_was_misused(
    arguments: tuple[str, ...], code: int, says: str
) -> None:
    told = gentie(*arguments)

    assert told.returncode == code
    assert says in told.stderr
    assert "Traceback" not in told.stderr
