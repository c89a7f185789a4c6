import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.kernel.chance import first_id_of, new_id
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentId, CommentRef, NoSuchComment, ThreadId
from gentie.kernel.page import BadCursor, Cursor

ids = st.integers(min_value=0, max_value=(1 << 63) - 1).map(str)


@given(ids, ids)
def test_a_comment_ref_says_where_it_came_from(thread: str, comment: str) -> None:
    ref = CommentRef(ThreadId(thread), CommentId(comment))

    assert CommentRef.parse(str(ref)) == ref


@given(st.text(max_size=40))
def test_rubbish_is_no_comment_ref(text: str) -> None:
    try:
        ref = CommentRef.parse(text)
    except NoSuchComment:
        return
    assert str(ref) == text


def test_ids_grow_and_say_when() -> None:
    before = first_id_of(utc_now())
    made = [new_id() for _ in range(10_000)]

    assert [int(i) for i in made] == sorted({int(i) for i in made})
    assert int(before) <= int(made[0]) < 1 << 63


@given(st.text(max_size=60))
def test_rubbish_is_no_cursor(text: str) -> None:
    try:
        cursor = Cursor.parse(text, order="newest")
    except BadCursor:
        return
    assert 0 <= cursor.key < 1 << 63


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = Cursor(order="top", key=3, id=9)

    assert Cursor.parse(str(cursor), order="top") == cursor
    with pytest.raises(BadCursor):
        Cursor.parse(str(cursor), order="newest")
