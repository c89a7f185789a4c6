"""The README's pictures, taken of a running demo.

`python -m tools.pictures http://127.0.0.1:8080 data/demo [NAME...]`
"""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from gentie.accounts.totp import code_of, counter_at
from gentie.kernel.clock import utc_now
from tools.browser import find_chromium

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
LARGEST = 250_000
"""Bytes of a picture."""
WIDE, NARROW = (1280, 900), (390, 844)
_QUALITY = 82


class Visit(NamedTuple):
    """A demo, and how to sign in there."""

    address: str
    people: dict[str, dict[str, str]]
    """By role: a line of accounts.json."""

    def sign_in(self, page: Page, role: str, *, then: str) -> None:
        person = self.people[role]
        page.goto(f"{self.address}/account/sign-in?next={then}")
        page.locator("[name=name]").fill(person["name"])
        page.locator("[name=password]").fill(person["password"])
        if person["totp_secret"]:
            if not page.locator("[name=code]").is_visible():  # on the way to the desk it is open
                page.locator("summary").click()
            page.locator("[name=code]").fill(code_now(person["totp_secret"]))
        page.locator("button.primary").first.click()
        page.wait_for_url(f"**{then.partition('?')[0]}**")


class Picture(NamedTuple):
    name: str
    take: Callable[[Page, Visit], None]
    """Brings the page to what is to be seen."""
    size: tuple[int, int] = WIDE
    dark: bool = False


def code_now(secret: str) -> str:
    factor = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_of(factor, counter_at(utc_now()))


def thread(page: Page, visit: Visit) -> None:
    page.goto(f"{visit.address}/demo/article-42")
    page.locator("gentie-thread").scroll_into_view_if_needed()  # it loads when it is near
    page.locator("gentie-thread gentie-comment").first.wait_for()
    page.locator("gentie-thread .sort button").last.click()
    page.locator("gentie-thread .sort button[aria-pressed=true]").last.wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("gentie-thread").evaluate("at => scrollTo(0, at.offsetTop - 120)")


def desk(page: Page, visit: Visit) -> None:
    visit.sign_in(page, "moderator", then="/console/queue")
    page.wait_for_load_state("load")  # keys work when the page's module has run
    page.keyboard.press("j")
    page.locator(".target .words").wait_for()


def verify(page: Page, visit: Visit) -> None:
    there = "/account/verify?next=/demo/article-42"
    visit.sign_in(page, "newcomer", then="/account/me")
    page.goto(f"{visit.address}{there}")


def log(page: Page, visit: Visit) -> None:
    """A tombstone checked, as a reader comes to it."""
    page.goto(f"{visit.address}/t/daily/article-42")
    page.locator("a[href^='/log?']").first.click()
    page.locator("dl").first.wait_for()


ALL = (
    Picture("article", thread),
    Picture("dark", thread, dark=True),
    Picture("phone", thread, size=NARROW),
    Picture("console", desk, size=(1440, 900)),
    Picture("verify", verify, size=(1280, 900)),
    Picture("log", log),
)


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:  # noqa: PLR2004 address and folder
        print("python -m tools.pictures http://127.0.0.1:8080 data/demo [NAME...]")
        return 2
    address, folder, *names = arguments
    accounts = json.loads(Path(folder, "accounts.json").read_text(encoding="utf-8"))
    visit = Visit(address.rstrip("/"), {one["role"]: one for one in accounts})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        sizes = {
            one.name: take(browser, visit, one) for one in ALL if one.name in names or not names
        }
        browser.close()
    for name, size in sizes.items():
        print(f"{name}: {size:,} bytes{' (too large)' if size > LARGEST else ''}")
    return int(max(sizes.values()) > LARGEST)


def take(browser: Browser, visit: Visit, picture: Picture) -> int:
    """Write a picture. Returns its bytes."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    picture.take(page, visit)
    page.wait_for_load_state("networkidle")
    size_of = save(page, PICTURES / f"{picture.name}.webp")
    context.close()
    return size_of


def save(page: Page, file: Path) -> int:
    """Write what is in sight. Returns its bytes."""
    wanted = {"format": "webp", "quality": _QUALITY}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    return file.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
