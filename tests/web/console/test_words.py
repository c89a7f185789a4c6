from datetime import timedelta

import pytest

from gentie.web.console.words import time_since
from tests.newsroom import NOON


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        (0, "today", "今天"),
        (1, "1 day", "1 天"),
        (29, "29 days", "29 天"),
        (45, "1 month", "1 个月"),
        (364, "12 months", "12 个月"),
        (365, "1 year", "1 年"),
        (800, "2 years", "2 年"),
    ],
)
def test_one_is_not_many(days: int, english: str, chinese: str) -> None:
    moment = NOON - timedelta(days=days)

    assert time_since(moment, NOON, "en") == english
    assert time_since(moment, NOON, "zh-CN") == chinese
