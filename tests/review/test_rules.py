from datetime import timedelta

import pytest

from gentie.kernel.refusal import Refusal
from gentie.review.model import (
    Item,
    ItemChanged,
    ItemDecided,
    ItemState,
    ItemTaken,
    NotYourItem,
    TooLateToUndo,
)
from gentie.review.rules import (
    due_to_take_effect,
    require_claimable,
    require_decidable,
    require_undoable,
)
from tests.review.build import ANN, BEN, NOON, an_item, claimed_by, refusing_by


@pytest.mark.clause("2017-5.5a")
class TestClaim:
    def test_an_open_item_is_anybodys(self) -> None:
        require_claimable(an_item(), ANN, now=NOON)

    def test_a_leased_item_is_one_persons(self) -> None:
        require_claimable(claimed_by(ANN), ANN, now=NOON)
        with pytest.raises(ItemTaken):
            require_claimable(claimed_by(ANN), BEN, now=NOON)

    def test_a_lease_ends(self) -> None:
        require_claimable(claimed_by(ANN), BEN, now=NOON + timedelta(minutes=5))

    def test_who_comes_second_hears_who_was_first(self) -> None:
        decided = an_item(
            state=ItemState.DECIDED, decided_role="moderator", decided_measure="publish"
        )

        with pytest.raises(ItemDecided) as refused:
            require_claimable(decided, ANN, now=NOON)
        assert refused.value.facts == {"role": "moderator", "measure": "publish"}


class TestDecide:
    def test_needs_the_lease_and_the_version_that_was_seen(self) -> None:
        require_decidable(claimed_by(ANN), ANN, version=2, now=NOON)

    @pytest.mark.parametrize(
        ("item", "version", "minutes", "refusal"),
        [
            (an_item(), 1, 0, NotYourItem),
            (claimed_by(ANN), 2, 6, NotYourItem),
            (claimed_by(BEN), 2, 0, ItemTaken),
            (claimed_by(ANN), 1, 0, ItemChanged),
            (refusing_by(ANN), 2, 0, ItemDecided),
        ],
    )
    def test_refuses_otherwise(
        self, item: Item, version: int, minutes: int, refusal: type[Refusal]
    ) -> None:
        with pytest.raises(refusal):
            require_decidable(item, ANN, version=version, now=NOON + timedelta(minutes=minutes))


class TestUndo:
    def test_a_refusal_can_be_undone_until_it_takes_effect(self) -> None:
        item = refusing_by(ANN)

        require_undoable(item, ANN, now=NOON + timedelta(seconds=9))
        assert not due_to_take_effect(item, now=NOON + timedelta(seconds=9))
        assert due_to_take_effect(item, now=NOON + timedelta(seconds=10))
        with pytest.raises(TooLateToUndo):
            require_undoable(item, ANN, now=NOON + timedelta(seconds=10))

    def test_only_by_who_planned_it(self) -> None:
        with pytest.raises(ItemTaken):
            require_undoable(refusing_by(ANN), BEN, now=NOON)

    def test_where_nothing_was_planned_there_is_nothing_to_undo(self) -> None:
        with pytest.raises(TooLateToUndo):
            require_undoable(claimed_by(ANN), ANN, now=NOON)
        assert not due_to_take_effect(claimed_by(ANN), now=NOON)
