"""Moving a site out and back: seconds and memory, by the commands that an operator runs.

    python -m bench.exports [--quick]

Comments hang together as posting leaves them: a revision, a decision with its leaf, and votes.
"""

import asyncio
import filecmp
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from tests.newsroom import a_draft

from bench.commands import gentie
from bench.figures import QUICK, Figure, report
from bench.newsroom import SITE, a_thread, an_instance, open_newsroom
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.actor import Actor
from gentie.kernel.clock import utc_now
from gentie.ledger.tables import leaves
from gentie.main.instance import Instance
from gentie.storage import outbox

SIZE = 2_000 if QUICK else 100_000
THREADS, PEOPLE, AT_ONCE = 20, 50, 500
_DRAFT = a_draft("A kind word about the **ferry**, and a question: does it run at night?")
_COMMAND = "from gentie.main import run; run()"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        started = perf_counter()
        asyncio.run(_fill(an_instance(folder / "old")))
        note = f"{SIZE:,} comments, posted in {perf_counter() - started:.0f} s"
        first, second = folder / "first.jsonl", folder / "second.jsonl"
        yield from _run("export", "old", folder, note, *_export(first))
        size = f"{first.stat().st_size / 1e6:.0f} MB"
        packed = folder / "packed.jsonl.gz"
        yield from _run("export, packed", "old", folder, size, *_export(packed))
        Instance(data=folder / "new", log_origin="new.example/log").migrate()
        yield from _run("restore-site", "new", folder, "", "restore-site", first)
        yield from _run("export again", "new", folder, "", *_export(second))
        if not filecmp.cmp(first, second, shallow=False):
            raise RuntimeError("the second export is not the first")
        for form in ("artrans", "wxr"):
            there = folder / f"site.{form}"
            yield from _run(form, "new", folder, "", *_export(there), "--format", form)


def _export(file: Path) -> tuple[str | Path, ...]:
    return ("export", "--site", SITE, "--to", file)


def _run(
    what: str, place: str, folder: Path, note: str, *arguments: str | Path
) -> Iterator[Figure]:
    run = gentie(*map(str, arguments), data=folder / place)
    yield Figure(what=what, value=run.seconds, unit="s", note=note)
    yield Figure(what=f"{what}: peak memory", value=run.megabytes, unit="MB")


async def _fill(instance: Instance) -> None:
    db = instance.open_database()
    people = await open_newsroom(db, people=PEOPLE)
    for number in range(THREADS):
        await a_thread(db, f"page-{number}")
    numbers = count()
    for _ in range(0, SIZE, AT_ONCE):
        await db.act(partial(_post, people=[one.actor for one in people], numbers=numbers))
    while await sequence_once(db, instance.signer(), now=utc_now()) < await db.read(_leaves):
        pass
    await db.close()


def _post(tx: sa.Connection, people: list[Actor], numbers: "count[int]") -> None:
    now = utc_now()
    for number, _ in zip(numbers, range(AT_ONCE), strict=False):
        submission = Submission(
            site=SITE, key=f"page-{number % THREADS}", draft=_DRAFT, parent=None
        )
        submit_comment(tx, submission, acting=people[number % PEOPLE], now=now)
    outbox.done(tx, outbox.take(tx, now=now, most=AT_ONCE * 4))


def _leaves(tx: sa.Connection) -> int:
    return tx.scalar(sa.select(sa.func.count()).select_from(leaves)) or 0


if __name__ == "__main__":
    report("exports", measure)
