from typing import get_args

import pytest

from gentie.decisions.model import Measure
from gentie.ledger import Kind
from gentie.web.log_words import kinds_in, measures_in


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_every_code_has_a_name_of_its_own(lang: str) -> None:
    kinds, measures = kinds_in(lang), measures_in(lang)
    assert set(kinds) == set(get_args(Kind))
    assert set(measures) == set(Measure)
    assert len(set(kinds.values())) == len(kinds)


def test_no_name_is_left_in_english() -> None:
    english = {*kinds_in("en").values(), *measures_in("en").values()}
    assert english.isdisjoint({*kinds_in("zh-CN").values(), *measures_in("zh-CN").values()})
