"""The plug is pulled while people post, again and again. What was acknowledged is there, once."""

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from gentie.accounts.model import NewSession, SessionKind
from gentie.accounts.store import add_session
from gentie.comments.tables import comments
from gentie.decisions.tables import decisions
from gentie.kernel.chance import new_secret
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import ActorId, CommentRef
from gentie.ledger.tables import leaves
from gentie.storage.db import Database
from tests.newsroom import NOTEBOOK, a_person, a_site
from tests.serving import gentie, serving

ROUNDS = (4, pytest.param(20, marks=pytest.mark.soak))
"""How often: twenty show what happens once in ten."""
POSTERS = 4
BEFORE_THE_END = 6
"""Comments acknowledged in a round before the process is killed."""
PATH = f"/api/v1/sites/{NOTEBOOK}/threads/blog/comments"


async def set_up(data: Path) -> str:
    """A site, and somebody who may post there. Returns their token."""
    db = Database(f"sqlite:///{data}/gentie.db")

    def body(tx: sa.Connection) -> str:
        a_site(tx, NOTEBOOK, regime="neutral")
        token = new_secret()
        session = NewSession(
            token=token,
            holder=ActorId(a_person(tx).id),
            kind=SessionKind.BEARER,
            expires_at=utc_now() + timedelta(days=1),
        )
        add_session(tx, session, now=utc_now())
        return token

    token = await db.act(body)
    await db.close()
    return token


class Posters:
    """People who post as fast as they can, each request under a key of its own."""

    def __init__(self, token: str) -> None:
        self._headers = {"authorization": f"Bearer {token}"}
        self._lock = threading.Lock()
        self.acknowledged: dict[str, str] = {}
        """Key of the request -> id of the comment."""
        self.unanswered: set[str] = set()

    def post_until_it_breaks(self, address: str, enough: threading.Event) -> None:
        count = 0
        with httpx.Client(base_url=address, headers=self._headers, timeout=10) as client:
            while True:
                key = new_secret()
                with self._lock:
                    self.unanswered.add(key)
                try:
                    made = post(client, key)
                except httpx.TransportError:
                    return
                with self._lock:
                    self.acknowledged[key] = made
                    self.unanswered.discard(key)
                count += 1
                if count * POSTERS >= BEFORE_THE_END:
                    enough.set()


def post(client: httpx.Client, key: str) -> str:
    answer = client.post(PATH, json={"text": f"About {key}"}, headers={"idempotency-key": key})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def one_round(data: Path, posters: Posters) -> None:
    enough = threading.Event()
    with serving(data) as (process, address), ThreadPoolExecutor(POSTERS) as pool:
        running = [
            pool.submit(posters.post_until_it_breaks, address, enough) for _ in range(POSTERS)
        ]
        assert enough.wait(120)
        process.kill()
        for one in running:
            one.result()


@pytest.mark.slow
@pytest.mark.timeout(900)  # a start of the service in each, also on a machine that is busy
@pytest.mark.parametrize("rounds", ROUNDS)
def test_what_was_acknowledged_is_there_once(tmp_path: Path, rounds: int) -> None:
    data = tmp_path / "news"
    assert gentie("migrate", "--data", data).returncode == 0
    (data / "gentie.toml").write_text("rate_factor = 1000\n")
    posters = Posters(asyncio.run(set_up(data)))

    for _ in range(rounds):
        one_round(data, posters)

    with serving(data) as (_, address):
        verified = gentie("ledger", "verify", address)
        asked_again = repeat(address, posters)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert len(posters.acknowledged) >= rounds * BEFORE_THE_END // POSTERS
    assert asked_again == {key: posters.acknowledged[key] for key in asked_again}
    asyncio.run(everything_is_there_once(data, posters))


def repeat(address: str, posters: Posters) -> dict[str, str]:
    """Ask for some of what was acknowledged again, and once more for what was not answered."""
    with httpx.Client(base_url=address, headers=posters._headers, timeout=30) as client:  # noqa: SLF001 the same people
        for key in posters.unanswered:
            posters.acknowledged[key] = post(client, key)
        return {key: post(client, key) for key in list(posters.acknowledged)[-30:]}


async def everything_is_there_once(data: Path, posters: Posters) -> None:
    db = Database(f"sqlite:///{data}/gentie.db")

    def body(tx: sa.Connection) -> None:
        texts = Counter(tx.scalars(sa.select(comments.c.plain)))
        ids = {CommentRef.parse(made).comment for made in posters.acknowledged.values()}
        assert ids == set(tx.scalars(sa.select(comments.c.id)))
        assert set(texts.values()) == {1}
        assert set(texts) == {f"About {key}" for key in posters.acknowledged}
        unlogged = sa.select(decisions.c.id).where(
            ~sa.exists().where(leaves.c.id == decisions.c.leaf)
        )
        assert tx.execute(unlogged).all() == []

    await db.read(body)
    await db.close()
