"""Boundaries only ever narrow, say one thing to everybody, and fold for their owner alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.boundaries import rules
from gentie.boundaries.model import (
    Keep,
    KeptAway,
    NoSuchEvidence,
    Replies,
    RepliesLimited,
    ReplyFacts,
    Setting,
    Why,
)
from gentie.kernel.ids import AccountId, CommentId
from tests.newsroom import NOON

LATER, BEFORE = NOON + timedelta(hours=1), NOON - timedelta(seconds=1)
UNTIL = st.sampled_from([None, BEFORE, NOON, LATER])
SETTINGS = st.builds(Setting, replies=st.sampled_from(Replies), protected_until=UNTIL)
FACTS = st.builds(
    ReplyFacts,
    setting=SETTINGS,
    own=st.none() | st.sampled_from(Replies),
    keep=st.none() | st.sampled_from(Keep),
)


def may(facts: ReplyFacts, *, known: bool) -> bool:
    try:
        rules.require_reply(facts, known=known, now=NOON)
    except RepliesLimited:
        return False
    return True


def with_(facts: ReplyFacts, **changes: object) -> ReplyFacts:
    return msgspec.structs.replace(facts, **changes)


@given(facts=FACTS, known=st.booleans())
def test_who_is_blocked_never_replies(*, facts: ReplyFacts, known: bool) -> None:
    assert not may(with_(facts, keep=Keep.BLOCKED), known=known)


@given(facts=FACTS, known=st.booleans())
def test_who_is_muted_replies_like_anybody(*, facts: ReplyFacts, known: bool) -> None:
    free = with_(facts, keep=None)
    assert may(with_(facts, keep=Keep.MUTED), known=known) is may(free, known=known)


@given(FACTS)
def test_to_be_known_never_hurts(facts: ReplyFacts) -> None:
    assert may(facts, known=True) or not may(facts, known=False)


@given(facts=FACTS, known=st.booleans())
def test_protection_lets_nobody_in(*, facts: ReplyFacts, known: bool) -> None:
    calm = Setting(replies=facts.setting.replies)
    attacked = Setting(replies=facts.setting.replies, protected_until=LATER)
    assert may(with_(facts, setting=calm), known=known) or not may(
        with_(facts, setting=attacked), known=known
    )
    assert not may(with_(facts, setting=attacked), known=False)


@given(facts=FACTS, known=st.booleans())
def test_a_comment_has_its_own_limit(*, facts: ReplyFacts, known: bool) -> None:
    calm = with_(facts, setting=Setting(replies=facts.setting.replies), keep=None)
    if facts.own is not None:
        alike = with_(calm, setting=Setting(replies=facts.own), own=None)
        assert may(calm, known=known) is may(alike, known=known)


@given(FACTS)
def test_nobody_looks_up_what_does_not_matter(facts: ReplyFacts) -> None:
    if not rules.asks_who_is_known(facts, now=NOON):
        assert may(facts, known=True) is may(facts, known=False)


@given(facts=FACTS, known=st.booleans())
def test_every_no_reads_the_same(*, facts: ReplyFacts, known: bool) -> None:
    try:
        rules.require_reply(facts, known=known, now=NOON)
    except RepliesLimited as no:
        assert (no.code, no.facts) == ("replies-limited", {})  # noqa: PT017 one of many examples


@pytest.mark.parametrize(("until", "stands"), [(None, False), (NOON, False), (LATER, True)])
def test_protection_ends_by_itself(until: datetime | None, *, stands: bool) -> None:
    setting = Setting(protected_until=until)
    assert rules.is_protected(setting, now=NOON) is stands


@given(facts=FACTS, known=st.booleans())
def test_nobody_hears_of_whom_they_keep_away(*, facts: ReplyFacts, known: bool) -> None:
    heard = rules.wants_to_hear(facts, known=known, now=NOON)
    assert not (heard and facts.keep is not None)
    assert not (heard and not known and rules.is_protected(facts.setting, now=NOON))


PEOPLE = st.sampled_from([AccountId(one) for one in "abcde"])
WRITTEN: Callable[[], st.SearchStrategy[dict[CommentId, AccountId]]] = lambda: st.dictionaries(  # noqa: E731 drawn
    st.integers(1, 30).map(lambda n: CommentId(str(n))), PEOPLE
)


@given(st.dictionaries(PEOPLE, st.sampled_from(Keep)), st.sets(PEOPLE), WRITTEN(), st.data())
def test_what_is_folded_has_a_reason(
    kept: dict[AccountId, Keep],
    strangers: set[AccountId],
    written: dict[CommentId, AccountId],
    data: st.DataObject,
) -> None:
    answers = data.draw(st.sets(st.sampled_from(sorted(written)))) if written else set()
    away = [KeptAway(person=one, keep=keep, since=NOON) for one, keep in kept.items()]

    found = rules.folded(away, strangers, written, answers)

    for item, author in written.items():
        if author in kept:
            assert found[item] == Why(kept[author].value)
        elif item in answers and author in strangers:
            assert found[item] is Why.PROTECTED
        else:
            assert item not in found


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 19, "1" * 20, "１", "1 ", "../1"])
def test_evidence_has_plain_numbers(text: str) -> None:
    with pytest.raises(NoSuchEvidence):
        rules.require_evidence_id(text)
