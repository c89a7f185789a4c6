"""Object stores for tests, as processes of their own, spoken to over HTTP."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gentie.kernel.clock import elapsed

BIN = Path(sys.executable).parent
PATIENCE = 60.0
"""Seconds until a store is given up."""


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on. Each process of a test run looks in a place of its own.

    SeaweedFS adds 10,000 to each, and that has to stay below 32,768: above it the system takes
    ports for connections that go out.
    """
    held = []
    first = 11_000 + os.getpid() % 500 * 16
    for port in range(first, first + 16):
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        held.append((port, one))
        if len(held) == count:
            break
    for _, one in held:
        one.close()
    return [port for port, _ in held]


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    (port,) = free_ports(1)
    with _running([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], folder, port) as url:
        yield url


@contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    master, volume, filer, port = free_ports(4)
    given = {
        "dir": folder,
        "ip": "127.0.0.1",
        "master.port": master,
        "volume.port": volume,
        "filer.port": filer,
        "s3.port": port,
        "volume.max": 4,
    }
    options = [f"-{name}={value}" for name, value in given.items()]
    with _running([BIN / "weed", "server", "-s3", *options], folder, port) as url:
        yield url


STORES: dict[str, Callable[[Path], object]] = {"moto": moto, "seaweed": seaweed}


@contextmanager
def _running(command: list[str | Path], folder: Path, port: int) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 our own command
            [str(one) for one in command], cwd=folder, stdout=output, stderr=output
        )
        try:
            _wait(url, process)
            yield url
        finally:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it makes a bucket: that is what it is there for."""
    until = elapsed() + PATIENCE
    while elapsed() < until and process.poll() is None:
        try:
            if httpx.put(f"{url}/media", timeout=5).status_code < 300:
                return
        except httpx.HTTPError:
            process.poll()
    raise TimeoutError(url)
