"""How long 100,000 comments of another service take to come in, and with how much memory.

    python -m bench.imports [--quick]

A Disqus export of 2,000 pages, two fifths of them answers, with real texts where they are there.
The time is that of the whole command, memory that of its whole process tree, added up.
"""

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from bench.commands import gentie
from bench.figures import QUICK, Figure, report
from bench.texts import comments

COMMENTS, PAGES = (2_000, 50) if QUICK else (100_000, 2_000)
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"'
    ' xmlns:dsq="http://disqus.com/disqus-internals">\n'
)


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        data, export = Path(made) / "news", Path(made) / "export.xml"
        _write(export)
        gentie("migrate", data=data)
        gentie("site", "add", "blog", "--name", "B", "--assessment", "a-1", data=data)
        dry = gentie("import", "disqus", str(export), *_SITE, "--dry-run", data=data)
        wet = gentie("import", "disqus", str(export), *_SITE, data=data)
        again = gentie("import", "disqus", str(export), *_SITE, data=data)
    size = f"{COMMENTS:,} comments"
    yield Figure(what=f"dry run, {size}", value=dry.seconds, unit="s", most=20.0)
    yield Figure(what="  of it CPU", value=dry.cpu, unit="s CPU")
    yield Figure(what=f"import, {size}", value=wet.seconds, unit="s", most=90.0)
    yield Figure(what="  CPU of all its processes", value=wet.cpu, unit="s CPU")
    yield Figure(what="  memory of all its processes", value=wet.megabytes, unit="MB", most=300.0)
    yield Figure(what="the same once more", value=again.seconds, unit="s")
    assert json.loads(wet.said)["imported"] == COMMENTS, wet.said
    assert json.loads(again.said)["duplicates"] == COMMENTS, again.said


_SITE = ("--site", "blog", "--json")


def _write(export: Path) -> None:
    throw = random.Random(7)  # noqa: S311 not for secrets
    said = comments(COMMENTS)
    with export.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for page in range(PAGES):
            file.write(
                f'<thread dsq:id="{page}"><id>a-{page}</id><forum>demo</forum>'
                f"<link>https://news.example/a/{page}</link><title>Page {page}</title>"
                "<createdAt>2020-01-01T00:00:00Z</createdAt></thread>\n"
            )
        for number, text in enumerate(said):
            answers = number >= PAGES and throw.random() < 0.4
            file.write(_post(number, text, answers=answers))
        file.write("</disqus>\n")


def _post(number: int, text: str, *, answers: bool) -> str:
    parent = f'<parent dsq:id="{10**8 + number - PAGES}"/>' if answers else ""
    day = f"2021-{1 + number % 12:02}-{1 + number % 28:02}"
    at = f"{day}T{number % 24:02}:{number // 24 % 60:02}:00Z"
    who = f"<name>Reader {number % 997}</name><username>r{number % 997}</username>"
    return (
        f'<post dsq:id="{10**8 + number}"><message><![CDATA[<p>{escape(text)}</p>]]></message>'
        f"<createdAt>{at}</createdAt><author>{who}</author>"
        f'<thread dsq:id="{number % PAGES}"/>{parent}</post>\n'
    )


if __name__ == "__main__":
    report("imports", measure)
