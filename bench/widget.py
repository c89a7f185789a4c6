"""The widget in a browser: bytes, time to the first comment beside Isso's, scrolling, memory.

    python -m bench.widget [--quick]

Both widgets show the same thread on the same page: 20 first comments with 5 replies each, a cold
cache each time, the processor slowed down four times; they take turns. Needs the built widget and
a Chromium (`make test` gets both).
"""

import asyncio
import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from tests.browser.widget import until
from tools.browser import find_chromium
from tools.stage import DIST, WIDGET, Stage

from bench import isso
from bench.figures import QUICK, Figure, median, not_measured, report
from bench.newsroom import REPLIES, SITE, a_thread, an_instance, fill, open_newsroom
from bench.processes import FailedToStart, gentie_serve
from bench.texts import comments
from tools import scenes

SIZE = 1000
ROUNDS = 3 if QUICK else 9
SLOWER = 4
STEP = 600
"""Pixels that the wheel turns at once."""
UPDATES, WARM = 500, 500
"""The first ones make code that the browser keeps."""
LONGEST_TASK = 50.0
"""Milliseconds: what browsers call a long task."""
FLAT = 1.05
"""Of memory after the updates, beside that after the first of them."""
NODES = 20
"""Of 500 updates: a leak would be one for each."""
PATIENCE = 60_000
"""Milliseconds until a widget that shows nothing counts as failed."""
HOST = "http://page.example/"
READING = {"English": ("widget", "thread"), "Chinese": ("widget", "thread", "reading")}
_GENTIE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>
<script type="module" src="{address}/embed/v1/widget.js"></script>
<gentie-thread site="{site}" key="thread"></gentie-thread>"""
_ISSO = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>
<script data-isso="{address}/" data-isso-max-comments-top="20" data-isso-max-comments-nested="5"
 data-isso-sorting="newest" src="{address}/js/embed.min.js"></script>
<section id="isso-thread" data-isso-id="{uri}"></section>"""
_FIRST = """{
  const look = () => {
    const room = document.querySelector("gentie-thread")?.shadowRoot ?? document;
    const one = room.querySelector("article .body, #isso-root .isso-text-wrapper");
    if (one?.getBoundingClientRect().height) window.first = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
_WATCH = """window.tasks = [];
new PerformanceObserver((seen) => tasks.push(...seen.getEntries().map((one) => one.duration)))
  .observe({type: "longtask"});"""
_FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


def measure() -> Iterator[Figure]:
    program = find_chromium()
    if not WIDGET.exists() or program is None:
        yield not_measured("widget", "python -m tools.widget build, python -m tools.browser")
        return
    yield from _bytes()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        asyncio.run(_prepare(folder / "news"))  # a loop of its own, which Playwright would not bear
        yield from _in_browser(program, folder)


def _in_browser(program: str, folder: Path) -> Iterator[Figure]:
    with sync_playwright() as playwright:
        # The page's host is made up, so a browser would ask whether it may speak to this machine.
        local = "--disable-features=LocalNetworkAccessChecks"
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", local])
        yield from _first_comment(browser, folder)
        with Stage() as stage:
            yield from _scrolling(browser, stage)
            yield from _memory(browser, stage)
        browser.close()


def _bytes() -> Iterator[Figure]:
    sizes = {
        file.name.partition("-")[0].removesuffix(".js"): len(gzip.compress(file.read_bytes(), 9))
        for file in DIST.glob("*.js")
    }
    for lang, parts in READING.items():
        size = sum(sizes[part] for part in parts)
        yield Figure(what=f"first load in {lang}, gzip", value=size, unit="B", most=25 * 1024)
    yield Figure(what="  every part together, gzip", value=sum(sizes.values()), unit="B")


def _first_comment(browser: Browser, folder: Path) -> Iterator[Figure]:
    what = "first comment, beside Isso's widget"
    with ExitStack() as stack:
        ours = stack.enter_context(gentie_serve(folder / "news"))
        pages = {"gentie": _GENTIE.format(address=ours.address, site=SITE)}
        try:
            made_isso = isso.serving(folder / "isso", comments(SIZE), replies=REPLIES)
            theirs = stack.enter_context(made_isso)
            pages["isso"] = _ISSO.format(address=theirs.address, uri=isso.URI)
        except (isso.NotInstalled, FailedToStart) as error:
            yield not_measured(what, f"needs Isso from PyPI ({error})", most=1.0)
        turns: dict[str, list[float]] = {name: [] for name in pages}
        for turn in range(ROUNDS):
            for name in sorted(pages, reverse=bool(turn % 2)):
                turns[name].append(_time_to_first(browser, pages[name]))
    note = f"processor {SLOWER}x slower, cold cache, {ROUNDS} rounds"
    yield Figure(what="first comment shown", value=median(turns["gentie"]), unit="ms", note=note)
    if "isso" in turns:
        yield Figure(what=f"  Isso {isso.VERSION}", value=median(turns["isso"]), unit="ms")
        ratios = [a / b for a, b in zip(turns["gentie"], turns["isso"], strict=True)]
        yield Figure(what=what, value=median(ratios), unit="x", most=1.0)


async def _prepare(data: Path) -> None:
    db = an_instance(data).open_database()
    await open_newsroom(db, people=1)
    thread = await a_thread(db, "thread")
    await db.close()
    fill(data / "gentie.db", thread, SIZE)


def _time_to_first(browser: Browser, html: str) -> float:
    """Milliseconds from the start of the navigation."""
    context = browser.new_context()
    page = context.new_page()
    page.route(HOST, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.add_init_script(_FIRST)
    _devtools(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(HOST)
    page.wait_for_function("() => window.first", timeout=PATIENCE)
    took = float(page.evaluate("window.first"))
    context.close()
    return took


def _devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def _opened(browser: Browser, stage: Stage, scene: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(stage.url("en", scene=scene))
    page.locator("gentie-thread .foot [data-opens=settings]").wait_for()
    page.evaluate(_FRAMES)
    return page


def _scrolling(browser: Browser, stage: Stage) -> Iterator[Figure]:
    """From the first to the last of a thousand comments by the wheel, and back."""
    page = _opened(browser, stage, "thousand")
    page.evaluate(_WATCH)
    page.mouse.move(640, 450)
    browser.start_tracing(page=page, categories=["toplevel"])
    for step in (STEP, -STEP):
        for _ in range(20 if QUICK else 200):
            page.mouse.wheel(0, step)
            page.evaluate(_FRAMES)
    longest = _longest_task(browser.stop_tracing())
    by_clock: list[float] = page.evaluate("tasks")
    page.close()
    above = f"{len(by_clock)} above, at most {max(by_clock, default=0):.0f} ms"
    note = f"{SIZE} comments, both ways; by the clock {above}"
    what = "longest task while scrolling, CPU"
    yield Figure(what=what, value=longest, unit="ms", most=LONGEST_TASK, note=note)


def _longest_task(trace: bytes) -> float:
    """Milliseconds of processor: on a machine with other work, the clock counts that too."""
    events = json.loads(trace)["traceEvents"]
    names = [
        (one["args"]["name"], one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name"
    ]
    mains = {(pid, tid) for name, pid, tid in names if name == "CrRendererMain"}
    tasks = [one["tdur"] for one in events if (one["pid"], one["tid"]) in mains and "tdur" in one]
    return float(max(tasks)) / 1000


def _memory(browser: Browser, stage: Stage) -> Iterator[Figure]:
    stage.forget()
    page = _opened(browser, stage, "states")
    until(page, lambda: bool(stage.readers))
    _update(page, stage, 0, WARM)
    before = _heap(page)
    nodes = _nodes(page)
    _update(page, stage, WARM, WARM + UPDATES)
    after, more = _heap(page), _nodes(page) - nodes
    page.close()
    note = f"{UPDATES} updates after {WARM}: {before / 1e6:.2f} MB, then {after / 1e6:.2f} MB"
    yield Figure(
        what="memory over live updates", value=after / before, unit="x", most=FLAT, note=note
    )
    yield Figure(what="  nodes that stayed behind", value=more, most=NODES)


def _update(page: Page, stage: Stage, first: int, last: int) -> None:
    """Votes, a change, a new comment that the reader wants to see, a removal: over and over."""
    for at in range(first, last):
        stage.tell(*_event(at), number=at + 1)
        if at % 4 == 2:
            page.locator(".fresh:not(.further)").click()
        page.evaluate(_FRAMES)


def _event(at: int) -> tuple[str, dict[str, Any]]:
    about = f"new-{at // 4}"
    match at % 4:
        case 0:
            return "counts", {"count": 16, "votes": {"c2": at}}
        case 1:
            changed = scenes.an_item("c3", f"Said again, {at}.", edited_at=scenes.LATER)
            return "changed", {"count": 16, "comment": changed, "root": None}
        case 2:
            return "new", {"count": 17, "comment": scenes.an_item(about, "News."), "root": None}
        case _:
            return "removed", {"count": 16, "id": about, "comment": None, "root": None}


def _nodes(page: Page) -> int:
    """Whether the document has them or a script."""
    return int(_devtools(page).send("Memory.getDOMCounters")["nodes"])


def _heap(page: Page) -> float:
    """Bytes that scripts hold after the garbage is gone."""
    devtools = _devtools(page)
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"])


if __name__ == "__main__":
    report("widget", measure)
