"""One life cycle for every form: nothing else gives a contribution a state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.comments.model import Event, Form, State, WrongState
from gentie.comments.rules import VISIBLE, after, form_of

steps = st.lists(st.sampled_from(Event), max_size=20)


def lived(state: State, events: list[Event]) -> list[tuple[State, Event]]:
    """The steps that were possible, each with the state it began in."""
    taken = []
    for event in events:
        try:
            following = after(state, event)
        except WrongState:
            continue
        taken.append((state, event))
        state = following
    return [*taken, (state, Event.ERASE)]


@pytest.mark.clause("2017-5.3", "2022-4.4b")
@given(steps)
def test_what_waits_is_seen_only_after_somebody_publishes_it(events: list[Event]) -> None:
    walked = lived(State.HELD, events)

    for place, (state, _) in enumerate(walked):
        if state in VISIBLE:
            assert any(event in (Event.PUBLISH, Event.RESTORE) for _, event in walked[:place])


@given(st.sampled_from(State), steps)
def test_what_is_erased_or_withdrawn_never_comes_back(state: State, events: list[Event]) -> None:
    walked = lived(state, events)
    states = [state for state, _ in walked]

    for gone in (State.WITHDRAWN, State.ERASED):
        if gone in states:
            assert set(states[states.index(gone) :]) <= {State.WITHDRAWN, State.ERASED}


@given(st.sampled_from(State), st.sampled_from(Event))
def test_every_pair_has_an_answer(state: State, event: Event) -> None:
    try:
        following = after(state, event)
    except WrongState as refusal:
        said = refusal.facts
    else:
        said = {"state": state.value, "event": event.value} if following in State else {}
    assert said == {"state": state.value, "event": event.value}


def test_a_removal_and_a_publication_can_each_be_undone() -> None:
    assert after(after(State.PUBLISHED, Event.REMOVE), Event.RESTORE) is State.PUBLISHED
    assert after(after(State.HELD, Event.PUBLISH), Event.RECALL) is State.HELD


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(
    ("guestbook", "reply", "form"),
    [
        (False, False, Form.POST),
        (False, True, Form.REPLY),
        (True, False, Form.MESSAGE),
        (True, True, Form.MESSAGE),
    ],
)
def test_a_message_is_a_contribution_to_a_guestbook(
    *, guestbook: bool, reply: bool, form: Form
) -> None:
    assert form_of(guestbook=guestbook, reply=reply) is form
