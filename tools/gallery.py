"""The gallery of the widget: a picture of each state, for docs/widget.md.

`python -m tools.gallery [NAME...]` takes them of the stage (`tools.stage`); the widget has to be
built. Each has its caption here; a test holds the page to them.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tools import scenes
from tools.browser import find_chromium
from tools.pictures import save
from tools.stage import Stage

FOLDER = Path(__file__).parent.parent / "docs" / "pictures" / "widget"
DESK, PHONE = (720, 760), (390, 844)
Act = Callable[[Page, Stage], None]


class Shot(NamedTuple):
    name: str
    says: str
    """Under the picture."""
    scene: str
    lang: str = "en"
    dark: bool = False
    phone: bool = False
    at: str = ""
    """What the picture begins with. Empty: the thread."""
    act: Act | None = None
    guest: bool = False
    """On a page of another site, signed out."""


def write(page: Page, _stage: Stage) -> None:
    page.locator("gentie-prompt textarea").focus()
    page.locator("gentie-composer .bar").wait_for()
    page.keyboard.type("Thank you, *driver*. See you at the old dock.")


def emoji(page: Page, stage: Stage) -> None:
    write(page, stage)
    page.locator("gentie-composer .ic").click()
    page.locator("gentie-emoji").wait_for()


def preview(page: Page, stage: Stage) -> None:
    write(page, stage)
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview").wait_for()


def refused(page: Page, stage: Stage) -> None:
    stage.refusals["POST /comments"] = (403, {"type": "/problems/replies-limited", "detail": ""})
    opening("c3", "reply", "gentie-composer")(page, stage)
    page.keyboard.type("But …")
    page.keyboard.press("Control+Enter")
    page.locator("[id=gentie-c3] [role=alert]:not(:empty)").wait_for()


def unsent(page: Page, stage: Stage) -> None:
    stage.refusals["POST /comments"] = (503, {"type": "/problems/busy", "detail": ""})
    write(page, stage)
    page.keyboard.press("Control+Enter")
    page.locator("gentie-prompt [role=alert]:not(:empty)").wait_for()


def elsewhere(page: Page, _stage: Stage) -> None:
    page.evaluate("location.hash = 'gentie-nowhere'")
    page.get_by_text("further back").wait_for()


def opening(comment: str, opens: str, form: str) -> Act:
    def act(page: Page, _stage: Stage) -> None:
        article = page.locator(f"[id=gentie-{comment}]")
        article.locator(f"[data-opens={opens}]").click()
        article.locator(form).first.wait_for()

    return act


def settings(page: Page, _stage: Stage) -> None:
    page.locator("[data-opens=settings]").click()
    page.locator("gentie-settings .panel").wait_for()


def protected(page: Page, stage: Stage) -> None:
    settings(page, stage)
    page.get_by_role("button", name="Protect me for a day").click()
    page.get_by_role("button", name="End the protection").wait_for()


def news(page: Page, stage: Stage) -> None:
    new = {"count": 99, "comment": scenes.an_item("n", "New."), "root": None}
    while not page.locator(".fresh:not(.further)").count():  # it listens a little later
        stage.tell("new", new)
        page.evaluate("() => new Promise((go) => requestAnimationFrame(go))")


TO_THE_TOP = "at => scrollTo(0, at.getBoundingClientRect().top + scrollY - 24)"
C3, MINE = "[id=gentie-c3]", "[id=gentie-mine-1]"
REPORT = opening("c3", "report", "form.report")
PERSON = opening("c3", "person", "gentie-person form")
LIMITS = opening("mine-1", "person", "gentie-person form")
HISTORY = opening("c1", "history", "gentie-history li")
WITHDRAW = opening("mine-1", "withdraw", ".confirm")
HELD, ENDED = "[id=gentie-held-1]", ".further"
SHOTS = [
    Shot("reading", "Reading", "twenty"),
    Shot("reading-dark", "In the dark", "twenty", "zh-CN", dark=True),
    Shot("reading-phone", "On a phone", "twenty", "zh-CN", phone=True),
    Shot("empty", "Nobody has written yet", "empty"),
    Shot("closed", "Closed for now, with the reason", "closed"),
    Shot("news", "New comments wait until they are wanted", "twenty", act=news),
    Shot("states", "Held and refused: seen by their author alone", "states", at=HELD),
    Shot(
        "states-phone-dark",
        "The same on a phone",
        "states",
        "zh-CN",
        dark=True,
        phone=True,
        at=HELD,
    ),
    Shot("tombstones", "Tombstones, archive, author", "states", at="[id=gentie-t1]"),
    Shot("own", "Mine, a change that waits, folded, removed", "states", at=MINE),
    Shot("write", "Writing", "empty", act=write),
    Shot("emoji", "Emoji of the reader's own system", "empty", act=emoji),
    Shot("preview", "A preview", "empty", act=preview),
    Shot("limited", "A refusal, tied to the field", "states", at=C3, act=refused),
    Shot("unsent", "Not sent: the words stay", "empty", act=unsent),
    Shot("elsewhere", "A link to a comment that is further back", "states", act=elsewhere),
    Shot("report", "Reporting by the site's own rules", "states", at=C3, act=REPORT),
    Shot("person", "Muting and blocking", "states", at=C3, act=PERSON),
    Shot("limits", "Who may reply to a comment of mine", "states", at=MINE, act=LIMITS),
    Shot("history", "How a comment was changed", "states", at="[id=gentie-c1]", act=HISTORY),
    Shot("withdraw", "A second thought before withdrawing", "states", at=MINE, act=WITHDRAW),
    Shot("settings", "Settings", "states", at=ENDED, act=settings),
    Shot("protected", "Protected at one touch, evidence saved", "states", at=ENDED, act=protected),
    Shot("guest", "On a page of another site, signed out", "empty", guest=True),
]


def main(names: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stage() as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for shot in SHOTS:
            if not names or shot.name in names:
                stage.forget()
                take(browser, stage, shot)
                print(shot.name)
        browser.close()
    return 0


def take(browser: Browser, stage: Stage, shot: Shot) -> None:
    width, height = PHONE if shot.phone else DESK
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=shot.phone,
        is_mobile=shot.phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    theme = "dark" if shot.dark else "light"
    at_home = stage.url(shot.lang, theme, shot.scene)
    page.goto(stage.foreign_url(shot.lang, shot.scene) if shot.guest else at_home)
    page.locator("gentie-thread .foot").wait_for()
    if not shot.guest:
        page.locator("gentie-thread [data-opens=settings]").wait_for()
    if shot.act:
        shot.act(page, stage)
    page.locator(f"gentie-thread {shot.at or '.thread'}").first.evaluate(TO_THE_TOP)
    page.wait_for_load_state("load")
    save(page, FOLDER / f"{shot.name}.webp")
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
