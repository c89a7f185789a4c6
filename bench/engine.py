"""What drawing danmaku costs a browser, and where its lines are after a jump.

A film of 96 seconds with ten lines in each, on a page of another site. CPU is that of the page's
main thread, from a trace of Chromium: drawing, the text version that follows, and all else there.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib import resources
from itertools import cycle
from random import Random
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, sync_playwright
from tests.newsroom import RULES
from tools.browser import find_chromium

from bench.figures import QUICK, Figure, median, not_measured
from bench.newsroom import SITE, Member
from bench.processes import Server
from gentie.actions.posting.make_draft import make_line
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.danmaku.model import Wanted
from gentie.kernel.clock import utc_now
from gentie.storage.db import Database

KEY = "engine"
EACH = 10
"""Lines in each second."""
LENGTH = 96
WATCHED = 4 if QUICK else 12
"""Seconds under trace, when the first line has crossed."""
JUMPS = 6 if QUICK else 30
HOST = "http://page.example/"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Film</title>
<script type="module" src="{address}/embed/v1/widget.js"></script>
<div style="position:relative;width:960px">
<video id="film" src="/film.webm" muted style="width:960px;display:block"></video></div>
<gentie-danmaku site="{site}" key="{key}" for="film"></gentie-danmaku>"""
READY = """() => document.querySelector("gentie-danmaku").shadowRoot
  ?.querySelectorAll(".lines li").length > %d"""
PLAY_FROM = """async (second) => { const video = document.querySelector("video");
  if (video.readyState < 1)
    await new Promise((go) => video.addEventListener("loadedmetadata", go, {once: true}));
  const there = new Promise((go) => video.addEventListener("seeked", go, {once: true}));
  video.currentTime = second; await there; await video.play(); }"""
PASSED = "(second) => document.querySelector('video').currentTime >= second"
DRIFT = """() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const video = document.querySelector("video");
  const {layer} = document.querySelector("gentie-danmaku").shadowRoot
    .querySelector("gentie-dm-screen");
  const now = video.currentTime * 1000;
  go([...layer.items].map(({animation, at}) =>
    Math.abs(now - at + layer.lead - animation.currentTime)));
})))"""
TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}
CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline"]


def measure(db: Database, main: Server, members: list[Member]) -> Iterator[Figure]:
    program = find_chromium()
    if program is None:
        yield not_measured("the engine in a browser", "python -m tools.browser")
        return
    asyncio.run(db.act(partial(_fill, members=members)))
    with sync_playwright() as playwright:
        local = "--disable-features=LocalNetworkAccessChecks"  # the page's host is made up
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", local])
        page = _open(browser, main.address)
        yield from _cost(browser, page)
        yield from _drift(page)
        browser.close()


def _fill(tx: sa.Connection, members: list[Member]) -> None:
    people = cycle(members)
    for number in range(EACH * LENGTH):
        submission = Submission(
            site=SITE,
            key=KEY,
            draft=make_line(f"Line number {number} of the film", RULES),
            danmaku=Wanted(t_ms=number * 1000 // EACH),
        )
        submit_comment(tx, submission, acting=next(people).actor, now=utc_now())


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    film = resources.files("gentie.demo").joinpath("templates/film-7.webm").read_bytes()
    html = PAGE.format(address=address, site=SITE, key=KEY)
    page.route(f"{HOST}film.webm", partial(_part, film))
    page.route(HOST, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(HOST)
    page.wait_for_function(READY % (EACH * LENGTH - 1), timeout=60_000)
    return page


def _part(film: bytes, route: Route) -> None:
    """The part of the film that the browser wants: without parts it cannot go back."""
    first = int(route.request.headers.get("range", "bytes=0-").split("=")[1].split("-")[0])
    headers = {
        "accept-ranges": "bytes",
        "content-range": f"bytes {first}-{len(film) - 1}/{len(film)}",
        "content-type": "video/webm",
    }
    route.fulfill(status=206, body=film[first:], headers=headers)


def _cost(browser: Browser, page: Page) -> Iterator[Figure]:
    busy = _traced(browser, page, 20)
    page.keyboard.press("d")
    page.locator(".gentie-danmaku-layer").wait_for(state="detached")
    idle = _traced(browser, page, 20)
    page.keyboard.press("d")
    what = f"engine at {EACH}/s: CPU of the page's main thread"
    yield Figure(what=what, value=busy, unit="ms/s", most=50.0)
    yield Figure(what="  the same page with the layer off", value=idle, unit="ms/s")


def _traced(browser: Browser, page: Page, second: float) -> float:
    """Milliseconds of CPU in a second of the film."""
    page.evaluate(PLAY_FROM, second)
    page.wait_for_function(PASSED, arg=second + 9)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.wait_for_function(PASSED, arg=second + 9 + WATCHED, polling=500)
    trace = json.loads(browser.stop_tracing())
    page.evaluate("() => document.querySelector('video').pause()")
    return _main_thread(trace["traceEvents"]) / WATCHED


def _main_thread(events: list[dict[str, Any]]) -> float:
    """Milliseconds of CPU in tasks of the busiest page's main thread."""
    mains = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    spent: Counter[tuple[str, tuple[int, int]]] = Counter()
    for one in events:
        place = (one["pid"], one["tid"])
        if one["name"] in TASKS and place in mains:
            spent[one["name"], place] += one.get("tdur", 0)
    return max(spent.values(), default=0) / 1000


def _drift(page: Page) -> Iterator[Figure]:
    """How far lines are from where they would be, had the film run until here."""
    chance, drifts = Random(3), []  # noqa: S311 where to jump
    for _ in range(JUMPS):
        page.evaluate(PLAY_FROM, chance.uniform(10, LENGTH - 10))
        drifts += page.evaluate(DRIFT)
    what = f"drift of {len(drifts):,} lines after {JUMPS} jumps, median"
    yield Figure(what=what, value=median(drifts) / 1000, unit="s", most=0.3)
