"""Every text that a person sees is there in both languages."""

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import gentie
from gentie.kernel.texts import in_lang, lang_of

PACKAGE = Path(gentie.__file__).parent
IN_TEMPLATE = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")


def test_every_text_has_its_chinese() -> None:
    missing = {text for text in texts() if in_lang(text, "zh-CN") == text}

    assert missing == set()


def test_what_has_chinese_is_said_somewhere() -> None:
    said = set(texts())
    stale = {text for text in chinese() if text not in said}

    assert stale == set()


def test_the_same_english_has_one_chinese() -> None:
    found: dict[str, str] = {}
    for text, meaning in chinese_pairs():
        assert found.setdefault(text, meaning) == meaning


def test_pages_say_it_in_their_own_words() -> None:
    assert {one: in_lang(one, "zh-CN") for one, _ in chinese_pairs()} == dict(chinese_pairs())


def test_names_of_values_are_the_same_in_both() -> None:
    for text, meaning in chinese_pairs():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", meaning)), text


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-Hant-TW, en;q=0.8", "zh-CN"),
        ("en;q=0.5, zh;q=0.6", "zh-CN"),
        ("de, en-GB;q=0.7, zh;q=0.3", "en"),
        ("de", "en"),
        ("zh;q=rubbish, en;q=0.1", "en"),
        (";;,q=", "en"),
    ],
)
def test_the_reader_chooses(header: str, lang: str) -> None:
    assert lang_of(header) == lang


def texts() -> Iterator[str]:
    for file in PACKAGE.rglob("templates/**/*.html"):
        for double, single in IN_TEMPLATE.findall(file.read_text(encoding="utf-8")):
            yield double or single
    for file in PACKAGE.rglob("*.py"):
        yield from texts_of(ast.parse(file.read_text(encoding="utf-8")))


def texts_of(tree: ast.AST) -> Iterator[str]:
    """What refusals and findings say, what `in_lang` is given, what `errors` keeps."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {
            "code, says",
            "(code, says)",
        }:
            yield constant(node.value, 1)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "in_lang":
            yield from said_of(node.args[0])
        elif isinstance(node, ast.keyword) and node.arg == "says":
            if isinstance(node.value, ast.Constant):
                yield str(node.value.value)
        elif isinstance(node, ast.Tuple) and is_problem(node):
            yield constant(node, 1)


def said_of(node: ast.expr) -> Iterator[str]:
    """A text, or either of two: one and many."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from said_of(node.body)
        yield from said_of(node.orelse)


def constant(node: ast.expr, place: int) -> str:
    assert isinstance(node, ast.Tuple)
    return str(ast.literal_eval(node.elts[place]))


def is_problem(node: ast.Tuple) -> bool:
    """A code and a sentence: ("not-found", "There is nothing here.")."""
    values = [one.value for one in node.elts if isinstance(one, ast.Constant)]
    return (
        len(values) == len(node.elts) == 2
        and all(isinstance(value, str) for value in values)
        and re.fullmatch(r"[a-z]+(-[a-z]+)*", str(values[0])) is not None
        and re.fullmatch(r"[A-Z].* .*\.", str(values[1])) is not None
    )


def chinese() -> set[str]:
    return {text for text, _ in chinese_pairs()}


def chinese_pairs() -> Iterator[tuple[str, str]]:
    for file in resources.files("gentie").joinpath("locale/zh_CN").iterdir():
        if file.name.endswith(".po") and file.name != "widget.po":  # the widget checks its own
            with file.open("rb") as lines:
                yield from ((str(one.id), str(one.string)) for one in read_po(lines) if one.id)
