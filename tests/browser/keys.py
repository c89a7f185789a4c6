"""A person with a keyboard and nothing else."""

from playwright.sync_api import Locator, Page, expect

LONGEST = 150
"""Presses of Tab to any place of a page."""


def go_to(page: Page, place: Locator) -> None:
    """Press Tab until the focus is there, from wherever it is."""
    place.wait_for()
    there = place.element_handle()
    for _ in range(LONGEST):
        if page.evaluate("place => place === document.activeElement", there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {place}")


def press(page: Page, place: Locator, key: str = "Enter") -> None:
    go_to(page, place)
    page.keyboard.press(key)


def submit(page: Page, place: Locator) -> None:
    """Press it, and see the next page, which may look like this one."""
    with page.expect_navigation():
        press(page, place)


def tick(page: Page, place: Locator) -> None:
    press(page, place, "Space")
    expect(place).to_be_checked()


def choose(page: Page, option: Locator) -> None:
    """Of radio buttons: Tab comes to the one that is chosen or first, arrows go on from there."""
    group = page.locator(f"input[name='{option.get_attribute('name')}']")
    chosen = group.and_(page.locator(":checked"))
    go_to(page, chosen if chosen.count() else group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if option.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never come to {option}")


def write(page: Page, place: Locator, text: str) -> None:
    go_to(page, place)
    page.keyboard.type(text)
