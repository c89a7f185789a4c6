"""What the pages say is there is there, and what is there is said: links, commands, settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gentie.main.commands import cli
from gentie.main.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [page for page in PAGES if "site" not in page.relative_to(ROOT).parts]

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"(?:^|[`$/\s])gentie((?: [a-z][a-z0-9-]*)+)")
_TARGET = re.compile(r"\bmake ([a-z-]+)")


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """Every command that does something, with the groups it is in."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


def said_in(text: str) -> set[tuple[str, ...]]:
    """Commands that a page names as code, as far as their words go."""
    code = "\n".join(_CODE.findall(text))
    return {tuple(words.split()) for words in _COMMAND.findall(code)}


def is_there(words: tuple[str, ...]) -> bool:
    """Whether these words begin with a command, or are a group of some."""
    known = set(commands(cli))
    return any(words[: len(one)] == one or one[: len(words)] == words for one in known)


def broken_links(page: Path) -> list[str]:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    targets = (link.partition("#")[0] for link in _LINK.findall(text) if "://" not in link)
    return [one for one in targets if one and not (page.parent / one).exists()]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # "There is no `gentie backup` command yet" has to be allowed to say so.
    plain = re.sub(r"There is no `gentie [a-z ]+`|`gentie [a-z]+`;", "", text)

    assert [words for words in said_in(plain) if not is_there(words)] == []


def test_every_command_is_on_some_page() -> None:
    said = set().union(*(said_in(page.read_text(encoding="utf-8")) for page in GUIDES))

    unsaid = [one for one in commands(cli) if not any(words[: len(one)] == one for words in said)]
    assert unsaid == []


def test_every_setting_is_on_some_page() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)

    assert [name for name in Settings.__struct_fields__ if f"`{name}`" not in text] == []


def test_every_make_target_that_a_page_names_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = "\n".join(
        code for page in GUIDES for code in _CODE.findall(page.read_text(encoding="utf-8"))
    )

    assert {name for name in _TARGET.findall(text) if name != "src"} - targets == set()


def test_no_page_is_out_of_reach() -> None:
    """From the README and the list of pages, each page can be reached by links."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        text = page.read_text(encoding="utf-8")
        links = (link.partition("#")[0] for link in _LINK.findall(text) if "://" not in link)
        waiting += [(page.parent / link).resolve() for link in links if link]
    standing_alone = {ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"}

    assert set(GUIDES) - reached - standing_alone == set()


def test_a_broken_link_and_a_made_up_command_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](nowhere.md) [there](page.md) `gentie conjure --all`", encoding="utf-8")

    assert broken_links(page) == ["nowhere.md"]
    assert [words for words in said_in(page.read_text()) if not is_there(words)] == [("conjure",)]
