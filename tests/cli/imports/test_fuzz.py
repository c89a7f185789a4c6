"""Whatever is done to a file: a report, or one line that says what is wrong. Never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gentie.cli.imports.formats import FORMATS, formats_like
from gentie.cli.imports.json_pull import DEEPEST, Broken, Pull, one_by_one
from gentie.cli.imports.model import BadExport, Markup, Reading
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.ready import drafts_of, ready_name, ready_title
from gentie.cli.imports.settling import NONE, settle
from gentie.cli.imports.staging import Staging
from gentie.cli.imports.urls import UrlMap, map_page
from gentie.demo.content import OLD_SITE
from tests.cli.imports.build import exports
from tests.newsroom import RULES

EXAMPLES = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("fuzz")
    return exports(folder) | {"wxr.xml": OLD_SITE}


def bring(path: Path, form: str) -> int | None:
    """As far as the act: how many could be taken in. None: the file was refused."""
    staging = Staging(None, key=b"")
    said = ""
    try:
        staging.fill(FORMATS[form].read(ExportFile(path), Reading(contact=True)), pending=True)
        staging.settle(UrlMap())
    except BadExport as refused:
        said = str(refused)
    if said:
        assert "\n" not in said
        return None
    ready = 0
    for some in staging.rest(most=50):
        made = drafts_of(((one.text, one.markup) for one in some), RULES)
        ready += sum(not isinstance(one, str) for one in made)
        assert all(ready_name(one.author) and len(ready_title(one.title)) <= 300 for one in some)
    assert len([*staging.pages()]) >= staging.page_count
    staging.close()
    return ready


@pytest.mark.parametrize(
    "name",
    [
        "wxr.xml",
        *(
            f"{name}"
            for name in [
                "disqus.xml",
                "artrans.json",
                "waline.json",
                "waline.csv",
                "waline.jsonl",
                "twikoo.json",
                "remark42.gz",
                "remark42.json",
                "commento.json",
                "isso.json",
                "isso.db",
            ]
        ),
    ],
)
@EXAMPLES
@given(data=st.data())
def test_any_file_is_read_or_refused(
    files: dict[str, Path], tmp_path: Path, name: str, data: st.DataObject
) -> None:
    content = bytearray(files[name].read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[at : at + length] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"", b"\0", b'"', b"}", b"]]>", b"\xff", b"&"])
        )
    mutated = tmp_path / "mutated"
    mutated.write_bytes(content)
    form = name.partition(".")[0]
    bring(mutated, form)
    formats_like(bytes(content[:1000]))


@pytest.mark.parametrize("form", ["artrans", "waline", "twikoo", "remark42", "commento", "isso"])
@EXAMPLES
@given(data=st.data())
def test_any_value_may_stand_anywhere(
    files: dict[str, Path], tmp_path: Path, form: str, data: st.DataObject
) -> None:
    """Numbers as texts, objects for names, nothing at all."""
    source = files[f"{form}.json"].read_text(encoding="utf-8")
    rows = [json.loads(line) for line in source.splitlines() if line.strip()]
    changed = [_changed(row, data) for row in rows]
    mutated = tmp_path / "mutated"
    mutated.write_text("\n".join(json.dumps(row) for row in changed), encoding="utf-8")
    bring(mutated, form)


def _changed(value: Any, data: st.DataObject) -> Any:
    if data.draw(st.integers(0, 15)) == 0:
        return data.draw(JSON)
    if isinstance(value, dict):
        return {name: _changed(one, data) for name, one in value.items()}
    return [_changed(one, data) for one in value] if isinstance(value, list) else value


class Dribble:
    """A file that gives a few bytes at a time."""

    def __init__(self, content: bytes, step: int) -> None:
        self._content, self._step, self._at = content, step, 0

    def read(self, size: int = -1) -> bytes:
        some = self._content[self._at : self._at + self._step]
        self._at += len(some)
        return some


@given(rows=st.lists(JSON, max_size=6), step=st.integers(1, 7), indent=st.sampled_from([None, 2]))
def test_pulling_reads_what_was_written(rows: list[Any], step: int, indent: int | None) -> None:
    content = json.dumps({"before": rows, "rows": rows, "after": 1}, indent=indent).encode()
    pull = Pull(Dribble(content, step))
    read: list[Any] = []
    for name in pull.members():
        if name == "rows":
            read += [pull.value() for _ in pull.items()]

    assert pull.kind() == ""
    assert repr(read) == repr(json.loads(content)["rows"])


@given(content=st.binary(max_size=60))
def test_pulling_ends(content: bytes) -> None:
    pull = Pull(Dribble(content, 3))
    try:
        for _ in pull.documents():
            pull.value()
    except (Broken, BadExport):
        pass


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * (DEEPEST + 2), "too deep"),
        (b'[{"a":' * 2000, "too deep"),
        (b'["' + b"x" * 20_000_000, "out of measure"),
        (b'[{"a": 1}', "cut off"),
        (b'[{"a": "', "cut off"),
        (b"[1 2]", "broken at byte 3"),
        (b"", "cut off"),
    ],
)
def test_says_where_json_is_broken(content: bytes, says: str) -> None:
    pull = Pull(Dribble(content, 1 << 20))
    with pytest.raises(BadExport, match=says):
        list(one_by_one(pull))


@given(st.text(), st.sampled_from(list(Markup)))
def test_any_text_can_be_drafted_or_is_refused_with_a_code(text: str, markup: Markup) -> None:
    (made,) = drafts_of([(text, markup)], RULES)
    assert not isinstance(made, str) or made in {"bad-text", "text-empty", "text-too-long"}


@given(
    url=st.text(max_size=80),
    also=st.lists(st.text(max_size=20), max_size=2),
    base=st.sampled_from(["", "https://n.example"]),
)
def test_any_address_can_be_mapped(url: str, also: list[str], base: str) -> None:
    rules = UrlMap(base=base, slash="drop", key="path")
    for one in (rules, UrlMap()):
        mapped = map_page(url, tuple(also), one)
        assert mapped.key not in mapped.also
        assert mapped.url == "" or mapped.url.startswith(("http://", "https://"))


@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(0, 1)), max_size=10))
def test_settling_ends_in_a_tree(said: list[tuple[int, int]]) -> None:
    parents = [parent if parent < len(said) else NONE for parent, _ in said]
    above, depth, _ = settle(parents, [kept for _, kept in said])

    for number, parent in enumerate(above):
        assert depth[number] == (0 if parent == NONE else depth[parent] + 1)
        assert parent == NONE or said[parent][1]
