"""Canned answers of a service, one scene for each state that the widget can be in.

A scene is a thread's key. Bodies come from the real parser, words from the demo.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from gentie.catalogue.regimes import get_regime
from gentie.comments.markup import parse
from gentie.demo.content import NEVER_PUBLIC, Comment, Fate, Thread, read_content
from gentie.pages.house import classes_of
from tools.uploads import a_part

Item = dict[str, Any]
TIME = "2026-11-21T10:00:00Z"
LATER = "2026-11-21T11:30:00Z"
ME = "渡口的风"
OFFER = {"kinds": ["picture", "audio", "video"], "each": 4, "largest": 200 * 2**20, "why": ""}
REASON = {
    "id": "d1",
    "measure": "refuse",
    "title": {"zh": "泄露他人个人信息", "en": "Other people's private data"},
    "clause": "3.2",
    "message": "Please leave out the number.",
    "appeal_before": "2027-05-24T22:46:45Z",
}


def article() -> Thread:
    return next(one for one in read_content().threads if one.key == "article-42")


def body_of(text: str) -> Any:
    return msgspec.to_builtins(parse(text).nodes)


def an_item(id_: str, text: str, **fields: Any) -> Item:
    author = {"name": "Marlow", "avatar": "", "badges": []}
    item = {"id": id_, "parent": None, "author": author, "body": body_of(text), "text": text}
    item |= {"lang": "en", "created_at": TIME, "edited_at": None, "votes": 0, "archived": False}
    return item | {"reply_count": 0, "replies": [], "more_replies": None} | fields


def a_stone(id_: str, **fields: Any) -> Item:
    stone = {"tier": "terms", "by": "moderator", "appeal": "none", "leaf": 1, "nonce": "n"}
    stone |= {"revision": 1} | fields
    rest = {"reply_count": 0, "replies": [], "more_replies": None}
    return {"id": id_, "parent": None, "created_at": TIME, "tombstone": stone} | rest


def item_of(comment: Comment) -> Item:
    if comment.fate is Fate.REMOVED:
        return a_stone(comment.id) | {"parent": comment.reply_to or None}
    author = {"name": comment.by, "avatar": "", "badges": []}
    said = {"parent": comment.reply_to or None, "author": author, "lang": comment.lang}
    return an_item(comment.id, comment.text, **said, votes=comment.votes)


def roots_of(comments: Iterable[Comment]) -> list[Item]:
    """Every public branch, with the answers to its head."""
    public = [one for one in comments if one.fate not in NEVER_PUBLIC]
    roots = []
    for root in filter(lambda one: not one.reply_to, public):
        replies = [item_of(one) for one in public if one.reply_to == root.id]
        roots.append(item_of(root) | {"replies": replies, "reply_count": len(replies)})
    return roots


def own(id_: str, state: str, **fields: Any) -> Item:
    text = f"Mine, {state}"
    item = {"id": id_, "site": "daily", "state": state, "change": None, "parent": None}
    item |= {"text": text, "body": body_of(text), "created_at": TIME, "decision": None}
    return item | fields


def a_page(roots: list[Item], *, next_: str | None = None, **fields: Any) -> Item:
    count = sum(1 + one["reply_count"] for one in roots)
    head = {"count": count, "review": "first", "writable": True, "banners": []} | fields
    return {"thread": head, "comments": roots, "next": next_}


def nobody() -> Item:
    return {"items": [], "votes": []}


def _article() -> tuple[Item, Item]:
    return a_page(roots_of(article().comments)), nobody() | {"items": [own("held-1", "held")]}


def _empty() -> tuple[Item, Item]:
    return a_page([]), nobody()


def _closed() -> tuple[Item, Item]:
    banner = {"kind": "read_only", "reason": "The server moves house.", "until": LATER, "by": "x"}
    return a_page(
        [an_item("c1", "Still here to read.")], writable=False, banners=[banner]
    ), nobody()


def _states() -> tuple[Item, Item]:
    """Everything that can be the matter with a comment, mine and other people's."""
    title = {"zh": "广告", "en": "Advertising"}
    reply = an_item("c2", "An answer.", parent="c1", votes=8)
    roots = [
        an_item("c1", "Edited *later*.", edited_at=LATER, votes=64, replies=[reply], reply_count=6)
        | {"more_replies": "more"},
        a_stone("t1", title=title, appeal="open"),
        a_stone("t2", tier="illegal", by="compliance"),
        a_stone("t3", tier="withdrawn", by="author", leaf=None, nonce=""),
        an_item("c3", "From the old site.", archived=True),
        an_item("c4", "By the author of the article.")
        | {"author": {"name": "林间", "avatar": "", "badges": ["author"]}},
        an_item("mine-1", "Mine, published", votes=3)
        | {"author": {"name": ME, "avatar": "", "badges": []}},
        an_item("mine-2", "Mine, changing") | {"author": {"name": ME, "avatar": "", "badges": []}},
        an_item("f1", "Somebody I muted."),
        a_stone("mine-3"),
    ]
    items = [
        own("held-1", "held"),
        own("no-1", "refused", decision=REASON),
        own("mine-1", "published"),
        own("mine-2", "published", change="held"),
        own("mine-3", "removed", decision=REASON),
    ]
    mine = {"items": items, "votes": ["c1"], "folded": [{"id": "f1", "why": "muted"}]}
    mine |= {"limits": {"mine-1": "known"}, "replies_from": "everyone", "protected_until": None}
    return a_page(roots, next_="further"), mine | {"hide_votes": False}


def many(count: int) -> list[Item]:
    """First comments with an answer to every second one: words of the demo, over and over."""
    words = [one for one in article().comments if one.fate not in NEVER_PUBLIC]
    texts = [item_of(one) for one in words if one.fate is not Fate.REMOVED]
    made: list[Item] = []
    at = 0
    while at < count:
        item = copy.copy(texts[at % len(texts)]) | {"id": f"m{at}", "parent": None}
        at += 1
        if at % 3 and at < count:
            reply = copy.copy(texts[at % len(texts)]) | {"id": f"m{at}", "parent": item["id"]}
            item |= {"replies": [reply], "reply_count": 1}
            at += 1
        made.append(item)
    return made


def _thousand() -> tuple[Item, Item]:
    return a_page(many(1000)), nobody()


def _twenty() -> tuple[Item, Item]:
    return a_page(many(30)), nobody()


def _media() -> tuple[Item, Item]:
    """Pictures, audio and video, in what others wrote; and I may add some."""
    pictures = [
        a_part("p1", alt="The old ferry at its landing, empty"),
        a_part("p2", alt="渡口的日出"),
        a_part("p3"),
    ]
    wave = [abs(at % 24 - 12) * (at % 7 + 1) for at in range(120)]
    voice = a_part(
        "s1", "audio", waveform=wave, seconds=12.0, transcript="The ferry leaves at six."
    )
    film = a_part("v1", "video", alt="The ferry turns", transcript="Mind the rope!", seconds=8.0)
    roots = [
        an_item("c1", "This is how it looked this morning.", parts=pictures),
        an_item("c2", "What the pilot said.", parts=[voice]),
        an_item("c3", "", parts=[film]),
    ]
    return a_page(roots), nobody() | {"files": OFFER}


def _no_files() -> tuple[Item, Item]:
    return a_page([]), nobody() | {"files": OFFER | {"kinds": [], "why": "credit"}}


SCENES: dict[str, Callable[[], tuple[Item, Item]]] = {
    "article-42": _article,
    "empty": _empty,
    "media": _media,
    "no-files": _no_files,
    "closed": _closed,
    "states": _states,
    "thousand": _thousand,
    "twenty": _twenty,
}


def rules() -> Item:
    grounds = msgspec.to_builtins(classes_of(get_regime("cn-2022-final")))
    return {"classes": grounds, "review": {"wait": {"median_seconds": 150, "count": 40}}}


def history() -> Item:
    texts = ["First thought.", "Edited *later*."]
    made = [
        {"number": at + 1, "body": body_of(text), "text": text, "html": "", "published_at": TIME}
        for at, text in enumerate(texts)
    ]
    return {"id": "c1", "revisions": made}
