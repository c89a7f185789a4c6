"""Pictures, audio and video in the widget: shown, opened, added, checked, refused, taken along."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tools.stage import Stage
from tools.uploads import a_sight

from tests.browser.widget import PHONE, opened, require_accessible

pytestmark = pytest.mark.browser

PASTE = """async ([field, bytes, how]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], `${how}.webp`, {type: "image/webp"}));
  const event = how === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  field.dispatchEvent(event);
}"""


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.webp"
    path.write_bytes(a_sight("640", 1))
    return path


@pytest.fixture
def writing(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """A composer that takes files."""
    with opened(chromium, f"{stage.url('en', scene='media')}#gentie-write") as page:
        page.locator("gentie-attach .clip").wait_for()
        yield page


def choose(page: Page, path: Path) -> Locator:
    """By the button, and its entry."""
    if page.get_by_role("button", name="Choose files").count() == 0:
        page.locator("gentie-attach .clip").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(path)
    return page.locator("gentie-attach li").last


def sent_along(stage: Stage) -> list[str]:
    bodies = [body for method, path, _, body in stage.sent if path.endswith("/comments")]
    found: list[str] = json.loads(bodies[-1]).get("attachments", [])
    return found


@pytest.mark.clause("2017-2.2b", "2022-2.2")
def test_a_picture_is_chosen_described_and_sent_along(
    writing: Page, stage: Stage, picture: Path
) -> None:
    entry = choose(writing, picture)
    expect(entry).to_contain_text("Ready")
    entry.get_by_label("Describe it for people who cannot see it").fill("The ferry")
    writing.locator("gentie-composer textarea").first.fill("Look")
    writing.keyboard.press("Control+Enter")
    expect(writing.locator("article[id=gentie-new-1]")).to_contain_text("Waiting for review.")

    assert sent_along(stage) == ["u1"]
    assert stage.uploads.bytes["u1"] == picture.read_bytes()
    described = [body for method, path, _, body in stage.sent if method == "PATCH"]
    assert json.loads(described[-1]) == {"alt": "The ferry"}
    expect(writing.locator("gentie-attach li")).to_have_count(0)


def test_a_picture_alone_is_enough(writing: Page, stage: Stage, picture: Path) -> None:
    expect(choose(writing, picture)).to_contain_text("Ready")
    writing.locator("gentie-composer [part=submit]").click()
    expect(writing.locator("article[id=gentie-new-1]")).to_be_visible()

    assert sent_along(stage) == ["u1"]


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_is_pasted_and_dropped(
    how: str, writing: Page, stage: Stage, picture: Path
) -> None:
    field = writing.locator("gentie-composer textarea").first
    handle = field.element_handle()
    writing.evaluate(PASTE, [handle, [*picture.read_bytes()], how])

    expect(writing.locator("gentie-attach li")).to_contain_text(f"{how}.webp")
    expect(writing.locator("gentie-attach li")).to_contain_text("Ready")
    assert stage.uploads.bytes["u1"] == picture.read_bytes()


def test_a_refused_file_says_why_and_holds_the_rest_back(
    writing: Page, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(b"<svg onload=alert(1)>")
    entry = choose(writing, path)
    expect(entry).to_contain_text("Drawings that can carry programs are not taken.")
    writing.locator("gentie-composer textarea").first.fill("Look")
    writing.keyboard.press("Control+Enter")
    expect(writing.locator("gentie-composer > .problem")).to_contain_text("Remove it")
    assert not [path for _, path, _, _ in stage.sent if path.endswith("/comments")]

    entry.get_by_role("button", name="Remove").click()
    expect(writing.locator("gentie-attach li")).to_have_count(0)
    assert stage.uploads.kept == {}


def test_a_held_file_says_that_a_person_looks_first(writing: Page, tmp_path: Path) -> None:
    path = tmp_path / "hold.png"
    path.write_bytes(b"HOLD")

    expect(choose(writing, path)).to_contain_text("A person looks at it before others do.")


def test_a_broken_line_goes_on_where_it_was(page: Page, stage: Stage, tmp_path: Path) -> None:
    page.goto(f"{stage.url('en', scene='media')}#gentie-write")
    stage.uploads.cut = 2
    path = tmp_path / "large.webp"
    path.write_bytes(a_sight("320", 1) + bytes(1_500_000))

    expect(choose(page, path)).to_contain_text("Ready", timeout=15_000)
    assert stage.uploads.bytes["u1"] == path.read_bytes()


def test_what_was_added_outlives_the_page(writing: Page, stage: Stage, picture: Path) -> None:
    expect(choose(writing, picture)).to_contain_text("Ready")
    writing.reload()
    expect(writing.locator("gentie-attach li")).to_contain_text("Ready")


def test_a_voice_is_recorded_where_the_page_lets_it(chromium: Browser, stage: Stage) -> None:
    """A page whose policy forbids the microphone offers no button that could only fail."""
    with opened(chromium, f"{stage.url('en', scene='media')}#gentie-write") as page:
        page.locator("gentie-attach .clip").click()
        allowed = page.evaluate("document.featurePolicy.allowsFeature('microphone')")
        expect(page.get_by_role("button", name="Record sound")).to_have_count(int(allowed))


def test_who_may_not_add_files_is_told_why(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('en', scene='no-files')}#gentie-write") as page:
        page.locator("gentie-attach .clip").click()
        expect(page.locator("gentie-attach")).to_contain_text("Your standing here")


def test_a_site_without_files_shows_nothing_of_them(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('en', scene='empty')}#gentie-write") as page:
        page.locator("gentie-composer .bar").wait_for()
        assert page.locator("gentie-attach").count() == 0


@pytest.mark.clause("2022-2.2")
def test_pictures_open_and_close_by_keyboard_and_the_focus_comes_back(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url("en", scene="media")) as page:
        first = page.locator(".shot").first
        expect(first.get_by_alt_text("The old ferry at its landing, empty")).to_be_visible()
        first.focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog")
        expect(box.locator("p")).to_have_text("The old ferry at its landing, empty")
        page.keyboard.press("ArrowRight")
        expect(box.locator("p")).to_have_text("渡口的日出")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(box.locator("p")).to_have_text("A picture without a description")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(page.locator(".shot").nth(2)).to_be_focused()


def test_nothing_moves_when_a_picture_arrives(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="media")) as page:
        before = page.locator("article[id=gentie-c2]").bounding_box()
        page.locator(".shot img").first.wait_for()
        page.evaluate("Promise.all([...document.images].map((one) => one.decode?.()))")
        assert page.locator("article[id=gentie-c2]").bounding_box() == before


def test_sound_and_video_come_with_their_words(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="media")) as page:
        sound = page.locator("[id=gentie-c2] figure")
        sound.locator("summary").click()
        expect(sound).to_contain_text("The ferry leaves at six.")
        assert sound.locator("audio").get_attribute("preload") == "none"
        assert sound.locator(".wave path").count() == 1
        film = page.locator("[id=gentie-c3] video")
        assert (film.get_attribute("poster") or "").endswith("/media/v1/poster")
        assert film.get_attribute("aria-label") == "The ferry turns"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_it_is_accessible(
    lang: str, theme: str, chromium: Browser, stage: Stage, picture: Path
) -> None:
    with opened(chromium, f"{stage.url(lang, theme, 'media')}#gentie-write", size=PHONE) as page:
        page.locator("gentie-attach .clip").click()
        page.locator("[data-from=files]").set_input_files(picture)
        page.locator("gentie-attach li.ready").wait_for()
        require_accessible(page)
        page.keyboard.press("Escape")
        page.locator(".shot").first.click()
        page.locator("dialog img").wait_for()
        require_accessible(page)
