import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from xml.etree import ElementTree as ET

import msgspec
import pytest

from gentie.catalogue.regimes import get_regime
from gentie.demo.content import (
    Comment,
    Content,
    Fate,
    Kind,
    Thread,
    faults_of,
    read_content,
    read_old_site,
)

LONGEST_NUMBER_LEFT = 4
RESERVED = re.compile(r"202-555-01\d\d|07700 900\d\d\d")
"""Numbers that the numbering plans keep for fiction."""


def all_comments(content: Content) -> list[Comment]:
    return [one for thread in content.threads for one in thread.comments]


def get_thread(key: str) -> Thread:
    return next(one for one in read_content().threads if one.key == key)


def test_everything_can_be_played() -> None:
    assert list(faults_of(read_content())) == []


def test_about_two_hundred_comments_by_some_forty_people() -> None:
    content = read_content()
    assert 180 <= len(all_comments(content)) <= 260
    assert 40 <= len(content.people) <= 60
    assert {one.by for one in all_comments(content)} == {one.id for one in content.people}


def test_votes_are_of_a_small_town() -> None:
    assert all(0 <= one.votes <= 90 for one in all_comments(read_content()))


@pytest.mark.parametrize("key", ["article-42", "post-7"])
def test_every_state_occurs(key: str) -> None:
    thread = get_thread(key)
    assert {one.fate for one in thread.comments} == set(Fate)
    assert any(one.appeal for one in thread.comments)
    assert any(one.reports and one.fate is Fate.RESTORED for one in thread.comments)


@pytest.mark.parametrize("key", ["article-42", "post-7"])
def test_tombstones_of_named_and_of_hidden_classes(key: str) -> None:
    neutral = get_regime("neutral")
    removed = [one.ruling for one in get_thread(key).comments if one.fate is Fate.REMOVED]
    assert {neutral.get_class(one.class_id).hidden for one in removed if one} == {True, False}


def test_kinds_and_languages() -> None:
    content = read_content()
    assert {one.kind for one in content.threads} == set(Kind)
    langs = {one.lang for one in all_comments(content)}
    assert langs == {"zh-CN", "zh-Hant", "en", "ar", "he"}


def test_shapes_that_break_layouts() -> None:
    texts = [one.text for one in all_comments(read_content())]
    assert any(len(text) == 1 for text in texts)
    assert any(1_900 <= len(text) <= 2_100 for text in texts)
    assert any(len(word) > 60 for text in texts for word in text.split())
    for mark in ("> ", "**", "1. ", "- ", "](https://", "`", "🚌"):
        assert any(mark in text for text in texts), mark


def test_a_branch_is_longer_than_what_a_page_shows_of_it() -> None:
    answers = [one.reply_to for one in get_thread("article-42").comments if one.reply_to]
    deepest = max(answers, key=answers.count)
    assert answers.count(deepest) >= 4


def test_numbers_that_ring_belong_to_nobody() -> None:
    for text in (one.text for one in all_comments(read_content())):
        rest = re.sub(r"https?://\S+", "", RESERVED.sub("", text)).replace(",", "")
        longest = max((len(found) for found in re.findall(r"\d+", rest)), default=0)
        assert longest <= LONGEST_NUMBER_LEFT, text


def test_addresses_are_of_the_example_domains() -> None:
    hosts = [
        host
        for one in all_comments(read_content())
        for host in re.findall(r"(?:https?://|@)([\w.-]+)", one.text)
    ]
    assert hosts
    assert all(re.search(r"(^|\.)example\.(com|org)$", host) for host in hosts)


def test_rulings_rest_on_classes_of_the_site_s_regime() -> None:
    content = read_content()
    regimes = {one.key: get_regime(one.regime) for one in content.sites}
    for thread in content.threads:
        for comment in thread.comments:
            classes = [one.class_id for one in (comment.ruling, *comment.reports) if one]
            for class_id in classes:
                regimes[thread.site].get_class(class_id)


def test_test_sites_are_the_ones_of_historic_regimes() -> None:
    for site in read_content().sites:
        assert get_regime(site.regime).test_only is site.test_site


def changed(key: str, **fields: object) -> Callable[[Content], Content]:
    """The content with one comment made different."""

    def change(content: Content) -> Content:
        threads = tuple(
            msgspec.structs.replace(
                thread,
                comments=tuple(
                    msgspec.structs.replace(one, **fields) if one.id == key else one
                    for one in thread.comments
                ),
            )
            for thread in content.threads
        )
        return msgspec.structs.replace(content, threads=threads)

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (changed("a42-guitar", by="nobody"), "no person nobody"),
        (changed("a42-guitar", id="a42-one"), "comment a42-one twice"),
        (changed("a42-one", reply_to="gb-hat"), "a42-one: answers nothing in this thread"),
        (changed("a42-kindest", minutes_ago=9_999), "a42-kindest: older than what it answers"),
        (changed("a42-held-4", reply_to="a42-refused-ad"), "a42-held-4: answers what nobody"),
        (changed("a42-ad", ruling=None), "a42-ad: a ruling and removed"),
        (changed("a42-edited", earlier=""), "a42-edited: an earlier text"),
        (changed("a42-restored", restored=None), "a42-restored: words of restoring"),
        (changed("a42-one", appeal="Why?"), "a42-one: an appeal against nothing"),
        (changed("a42-held-1", votes=1), "a42-held-1: votes or reports"),
    ],
)
def test_faults_are_seen(change: Callable[[Content], Content], fault: str) -> None:
    assert any(one.startswith(fault) for one in faults_of(change(read_content())))


def test_a_thread_is_told_in_order() -> None:
    seen: set[str] = set()
    for comment in get_thread("article-42").oldest_first():
        assert not comment.reply_to or comment.reply_to in seen
        seen.add(comment.id)


WP = "{http://wordpress.org/export/1.2/}"


def old_comments() -> list[dict[str, str]]:
    """Each comment of the export in the order of the file, by field name."""
    root = ET.fromstring(read_old_site())  # noqa: S314 - our own file
    return [
        {field.tag.removeprefix(WP): field.text or "" for field in one}
        for one in root.iter(f"{WP}comment")
    ]


def test_the_old_site_holds_what_importers_stumble_over() -> None:
    comments = old_comments()
    assert len(comments) == len({one["comment_id"] for one in comments}) == 41
    assert {one["comment_approved"] for one in comments} == {"0", "1", "spam", "trash"}
    assert {one["comment_type"] for one in comments} == {"", "comment", "pingback"}
    assert any(one["comment_date_gmt"].startswith("0000") for one in comments)
    assert any("<a href=" in one["comment_content"] for one in comments)
    assert any(not one["comment_author_email"] for one in comments)
    assert b"<wp:post_type><![CDATA[attachment]]>" in read_old_site()


def test_the_old_site_is_nested_and_a_child_may_come_first() -> None:
    place = {one["comment_id"]: at for at, one in enumerate(old_comments())}
    parents = {at: one["comment_parent"] for at, one in enumerate(old_comments())}
    answers = {at: place[parent] for at, parent in parents.items() if parent != "0"}
    assert any(parent > at for at, parent in answers.items())
    assert any(parent in answers for parent in answers.values())


def test_the_old_site_names_only_reserved_addresses() -> None:
    reserved = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    networks = [ip_network(one) for one in reserved]
    for one in old_comments():
        address = ip_address(one["comment_author_IP"])
        assert any(address in each for each in networks)
        assert re.fullmatch(r"(\w+@example\.(org|com))?", one["comment_author_email"])
