"""What is kept of Tesseract's table: words that it is sure of, in lines."""

import pytest

from gentie.media.scrubbing.words import lines_of

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def a_row(word: str, sure: float = 95, line: int = 1) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t10\t10\t40\t20\t{sure}\t{word}"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([a_row("加"), a_row("我"), a_row("详聊")], ["加我详聊"]),
        ([a_row("cheap"), a_row("tickets")], ["cheap tickets"]),
        ([a_row("加"), a_row("WX"), a_row("12")], ["加WX 12"]),
        ([a_row("one"), a_row("two", line=2)], ["one", "two"]),
        ([a_row("twigs", sure=40), a_row("words")], ["words"]),
        ([a_row("|"), a_row("y", line=2), a_row("船", line=3)], ["船"]),
        (["4\t1\t1\t1\t1\t0\t1\t1\t1\t1\t-1\t", "nonsense", ""], []),
    ],
)
def test_words_become_lines(rows: list[str], said: list[str]) -> None:
    assert list(lines_of("\n".join([HEAD, *rows]))) == said
