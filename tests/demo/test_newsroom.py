"""The demo as a stranger finds it: every state is there, and it is consistent."""

import json
import sqlite3
import stat
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx

from gentie.demo.content import read_content
from tests.demo_newsroom import DemoServer
from tests.serving import COMMAND, clean_environment, gentie, serving

EVERY_STATE = {"published", "held", "refused", "removed", "withdrawn"}


def states_of(server: DemoServer, key: str) -> Counter[str]:
    """How many contributions of a thread are in which state."""
    statement = (
        "SELECT comment.state FROM comment JOIN thread USING (thread_id) WHERE thread.key = ?"
    )
    with closing(sqlite3.connect(server.data / "gentie.db")) as tx:
        return Counter(state for (state,) in tx.execute(statement, (key,)))


def test_shows_every_state_on_both_pages(demo_server: DemoServer) -> None:
    assert set(states_of(demo_server, "article-42")) == EVERY_STATE
    assert set(states_of(demo_server, "post-7")) == EVERY_STATE


def test_pages_are_there_and_embed_the_thread(demo_server: DemoServer) -> None:
    with httpx.Client(base_url=demo_server.url, follow_redirects=True) as client:
        front = client.get("/")
        pages = {
            thread: client.get(f"/demo/{thread.key}").text for thread in read_content().threads
        }

    assert front.text.count('href="/t/daily/~') == 5
    for thread, page in pages.items():
        assert f'href="/demo/{thread.key}"' in front.text
        assert f'<gentie-thread site="{thread.site}" key="{thread.key}"' in page
        assert thread.title in page


def test_writes_who_may_be_played_for_the_owner_alone(demo_server: DemoServer) -> None:
    assert {part.role for part in read_content().cast} <= set(demo_server.people)
    for person in demo_server.people.values():
        assert set(person) == {"role", "name", "token", "password", "totp_secret", "note"}
        assert person["token"]
        assert person["password"]
    assert demo_server.people["moderator"]["totp_secret"]
    assert not demo_server.people["commenter"]["totp_secret"]
    assert stat.S_IMODE((demo_server.data / "accounts.json").stat().st_mode) == 0o600


def test_keeps_every_rule_that_is_checked(demo_server: DemoServer) -> None:
    told = gentie("check", "--data", demo_server.data, "--format", "json")

    assert told.returncode == 0, told.stdout + told.stderr


def test_its_log_is_true_and_its_old_site_moved_in(demo_server: DemoServer) -> None:
    verified = gentie("ledger", "verify", f"{demo_server.url}/log")
    with closing(sqlite3.connect(demo_server.data / "gentie.db")) as tx:
        archived = tx.execute(
            "SELECT count(*), max(created_at) FROM comment"
            " WHERE origin = 'archive' AND state = 'published'"
        ).fetchone()

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert archived[0] == 34
    assert archived[1] < "2018"


def remembers_people(data: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{data}/vault.db?mode=ro", uri=True)) as tx:
            return tx.execute("SELECT 1 FROM person").fetchone() is not None
    except sqlite3.OperationalError:  # not there yet
        return False


def the_next_day(address: str, data: Path) -> None:
    """Who signed in the day before, or has used the code of this minute, is let in again."""
    tokens = {
        one["role"]: one["token"] for one in json.loads((data / "accounts.json").read_bytes())
    }
    sites = {one["site"]: one["token"] for one in json.loads((data / "sites.json").read_bytes())}
    page = {"title": "New", "url": "https://p.example/1", "class": "blog", "mode": "post"}
    with httpx.Client(base_url=f"{address}/api/v1") as client:
        queue = client.get("/moderation/queue", headers=bearer(tokens["moderator"]))
        posted = client.post(
            "/sites/notebook/threads/new/comments",
            json={"text": "A new day."},
            headers=bearer(tokens["commenter"]),
        )
        declared = client.put("/sites/daily/threads/new", json=page, headers=bearer(sites["daily"]))

    assert [one.status_code for one in (queue, posted, declared)] == [200, 201, 200], posted.text


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_build_that_was_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    data = tmp_path / "newsroom"
    with subprocess.Popen(  # noqa: S603 our own command
        [*COMMAND, "demo", "--data", str(data), "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    ) as building:
        while not remembers_people(data):  # the vault is written before the newsroom
            assert building.poll() is None
            time.sleep(0.01)
        building.kill()
    with serving(data, command="demo") as (_, address):
        page = httpx.get(f"{address}/demo/article-42")
        people = json.loads((data / "accounts.json").read_bytes())
    told = gentie("check", "--data", data, "--format", "json")
    with closing(sqlite3.connect(data / "gentie.db")) as tx, tx:
        tx.execute("UPDATE session SET expires_at = '2020-01-01 00:00:00.000000'")
    with serving(data, command="demo") as (_, address):
        the_next_day(address, data)

    assert page.status_code == 200
    assert len(people) == len(read_content().cast)
    assert told.returncode == 0, told.stdout + told.stderr
