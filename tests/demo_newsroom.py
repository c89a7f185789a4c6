"""The demo as a real process, built once for all tests of a session that look at it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gentie.accounts.totp import code_of, counter_at
from gentie.kernel.clock import utc_now
from tests.serving import serving


@dataclass(frozen=True)
class DemoServer:
    url: str
    """Without a slash at the end."""
    data: Path
    people: dict[str, dict[str, str]]
    """By role: a line of accounts.json."""

    def code(self, role: str) -> str:
        """The second factor of a staff member at this moment."""
        secret = self.people[role]["totp_secret"]
        factor = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return code_of(factor, counter_at(utc_now()))


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """Shared: what a test changes there, the next one sees."""
    data = tmp_path_factory.mktemp("demo") / "newsroom"
    with serving(data, command="demo") as (_, address):
        lines = json.loads((data / "accounts.json").read_bytes())
        people = {line["role"]: line for line in lines}
        yield DemoServer(url=address, data=data, people=people)
