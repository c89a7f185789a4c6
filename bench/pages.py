"""A thread page that is in memory: what a request costs, beside nginx, the bare server and Isso.

    python -m bench.pages [--quick]

The thread has 1,000 comments; its first page shows 20 with 5 replies each. Cost is CPU of the
server's whole process tree for each answer. All take turns, and ratios are of the same round.
"""

import asyncio
import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import httpx

from bench import isso, nginx
from bench.figures import QUICK, Figure, median, not_measured, report
from bench.load import LOADER, BadAnswers, press
from bench.newsroom import REPLIES, SITE, a_thread, an_instance, fill, open_newsroom
from bench.processes import FailedToStart, Server, gentie_serve, telling, this_python
from bench.texts import comments, where_from

SIZE = 1000
ROUNDS, SECONDS = (2, 1) if QUICK else (5, 3)
SLOW_ROUNDS, SLOW_PAGES = (2, 3) if QUICK else (3, 10)
PATH = f"/api/v1/sites/{SITE}/threads/thread/comments"

Turns = dict[str, list[float]]
"""Microseconds of CPU for each answer, by contestant and round."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        asyncio.run(_prepare(folder / "news"))
        ours = stack.enter_context(gentie_serve(folder / "news"))
        answer = httpx.get(ours.address + PATH, headers={"accept-encoding": "identity"})
        if answer.status_code != 200:
            yield not_measured("cached page", f"{PATH} answers {answer.status_code}")
            return
        yield from _of_page(answer)
        constant = stack.enter_context(_constant(folder, answer))
        contestants = {"gentie": (ours, PATH), "constant": (constant, "/")}
        if nginx.is_here():
            files = {"page.json": answer.content, "page.json.gz": gzip.compress(answer.content, 6)}
            file = stack.enter_context(nginx.static(folder / "static", files))
            front = stack.enter_context(nginx.caching(folder / "cache", ours.address))
            contestants |= {"nginx": (file, "/page.json"), "cache": (front, PATH)}
        plain = _take_turns(contestants, behind={"cache": ours})
        yield from _of_turns(plain)
        yield from _of_gzip(contestants)
        yield from _of_isso(folder, ours)


async def _prepare(data: Path) -> None:
    instance = an_instance(data)
    db = instance.open_database()
    await open_newsroom(db, people=1)
    thread = await a_thread(db, "thread")
    await db.close()
    fill(data / "gentie.db", thread, SIZE)


def _constant(folder: Path, answer: httpx.Response) -> AbstractContextManager[Server]:
    body, headers = folder / "body", folder / "headers.json"
    body.write_bytes(answer.content)
    own = [pair for pair in answer.headers.items() if pair[0] != "date"]
    headers.write_text(json.dumps(own))
    command = this_python("-m", "bench.constant", str(body), str(headers))
    return telling(command, said=folder / "constant.log")


def _of_page(answer: httpx.Response) -> Iterator[Figure]:
    page = answer.json()["comments"]
    shown = len(page) + sum(len(one["replies"]) for one in page)
    note = f"{shown} comments shown, {where_from()}"
    yield Figure(what="page, bytes", value=len(answer.content), unit="B", note=note)


def _take_turns(
    contestants: dict[str, tuple[Server, str]],
    *,
    behind: dict[str, Server] | None = None,
    accept: str = "",
    rounds: int = ROUNDS,
) -> Turns:
    """`behind`: a server that works for a contestant, whose cost is that one's too."""
    turns: Turns = {name: [] for name in contestants}
    for server, path in contestants.values():
        press(server.address + path, 1, accept=accept)
    names = list(contestants)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            server, path = contestants[name]
            paid = [server, *([behind[name]] if behind and name in behind else [])]
            turns[name].append(_cost(paid, server.address + path, accept))
    return turns


def _cost(paid: list[Server], url: str, accept: str = "") -> float:
    before = sum(server.cpu() for server in paid)
    answers = press(url, SECONDS, accept=accept)
    return (sum(server.cpu() for server in paid) - before) / answers * 1e6


def _of_turns(turns: Turns) -> Iterator[Figure]:
    ours = turns["gentie"]
    for name, label in (
        ("gentie", "cached page"),
        ("constant", "  constant bytes, same server"),
        ("nginx", "  nginx, the same bytes as a file"),
        ("cache", "  nginx cache in front, both counted"),
    ):
        if name in turns:
            yield Figure(what=label, value=median(turns[name]), unit="us CPU", note=LOADER)
    yield Figure(
        what="constant bytes / cached page",
        value=_ratio(turns["constant"], ours),
        unit="x",
        least=0.8,
    )
    if "nginx" not in turns:
        yield not_measured("cached page / nginx file", nginx.MISSING, most=3.0)
        yield not_measured("nginx file / behind nginx cache", nginx.MISSING, least=0.7)
        return
    yield Figure(
        what="cached page / nginx file", value=_ratio(ours, turns["nginx"]), unit="x", most=3.0
    )
    yield Figure(
        what="nginx file / behind nginx cache",
        value=_ratio(turns["nginx"], turns["cache"]),
        unit="x",
        least=0.7,
    )


def _of_gzip(contestants: dict[str, tuple[Server, str]]) -> Iterator[Figure]:
    """As browsers ask. nginx has the compressed file beside the other."""
    names = ["gentie", *(["nginx"] if "nginx" in contestants else [])]
    both = {name: contestants[name] for name in names}
    turns = _take_turns(both, accept="gzip", rounds=max(2, ROUNDS - 2))
    yield Figure(what="cached page, gzip", value=median(turns["gentie"]), unit="us CPU")
    if "nginx" in turns:
        ratio = _ratio(turns["gentie"], turns["nginx"])
        yield Figure(what="cached page / nginx file, gzip", value=ratio, unit="x", most=3.0)


def _of_isso(folder: Path, ours: Server) -> Iterator[Figure]:
    what = f"Isso {isso.VERSION} / cached page"
    try:
        with isso.serving(folder / "isso", comments(SIZE), replies=REPLIES) as theirs:
            turns = _with_isso(theirs, ours)
            shown = _shown_by_isso(theirs)
    except (isso.NotInstalled, FailedToStart, BadAnswers) as error:
        yield not_measured(what, f"needs Isso from PyPI ({error})", least=100.0)
        return
    yield Figure(
        what=f"Isso {isso.VERSION}, the same page",
        value=median(turns["isso"]) / 1000,
        unit="ms CPU",
        note=f"{shown} comments shown",
    )
    yield Figure(what=what, value=_ratio(turns["isso"], turns["gentie"]), unit="x", least=100.0)


def _with_isso(theirs: Server, ours: Server) -> Turns:
    turns: Turns = {"isso": [], "gentie": []}
    with httpx.Client() as client:
        for _ in range(SLOW_ROUNDS):
            before = theirs.cpu()
            for _ in range(SLOW_PAGES):
                client.get(theirs.address + isso.PAGE).raise_for_status()
            turns["isso"].append((theirs.cpu() - before) / SLOW_PAGES * 1e6)
            turns["gentie"].append(_cost([ours], ours.address + PATH))
    return turns


def _shown_by_isso(theirs: Server) -> int:
    page = httpx.get(theirs.address + isso.PAGE).json()["replies"]
    return len(page) + sum(len(one["replies"]) for one in page)


def _ratio(above: list[float], below: list[float]) -> float:
    """Median of the ratios of each round."""
    return median(one / other for one, other in zip(above, below, strict=True))


if __name__ == "__main__":
    report("pages", measure)
