"""The pages of the service itself need nothing from elsewhere and break no rule of theirs."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_description_can_be_read_under_its_own_policy(page: Page, address: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/docs")

    assert page.get_by_role("heading", name="The API of Gentie").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert [url for url in asked if not url.startswith(address)] == []
    assert [said for said in complaints if "favicon" not in said and "404" not in said] == []


def test_no_script_can_be_slipped_in(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")

    blocked = page.evaluate(
        """new Promise((tell) => {
            document.addEventListener("securitypolicyviolation", (e) => tell(e.violatedDirective));
            const script = document.createElement("script");
            script.append("document.title = 'slipped in'");
            document.body.append(script);
        })"""
    )

    assert blocked in ("script-src-elem", "require-trusted-types-for")
    assert page.title() != "slipped in"
