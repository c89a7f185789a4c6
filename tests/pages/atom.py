"""A strict reader of Atom: what RFC 4287 and RFC 6721 ask of a feed, and nothing forgiven."""

import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

A = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
REPLY = "{http://purl.org/syndication/thread/1.0}in-reply-to"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_ONCE = {"id", "title", "updated"}
_AT_MOST_ONCE = {"generator", "icon", "logo", "rights", "subtitle", "published", "content"}
_KNOWN = _ONCE | _AT_MOST_ONCE | {"author", "contributor", "category", "link", "source", "summary"}


def read(body: bytes) -> Element:
    """Raises AssertionError: this is no valid feed."""
    feed: Element = fromstring(body, forbid_dtd=True)
    assert feed.tag == f"{A}feed"
    _check(feed, also={"entry"})
    entries = feed.findall(f"{A}entry")
    for entry in entries:
        _check(entry, also=set())
        assert entry.findall(f"{A}author/{A}name")
        assert one(entry, "content").get("type") in {"html", "text"}
        assert not list(one(entry, "content"))
    ids = [one(entry, "id").text for entry in entries]
    gone = [mark.attrib for mark in feed.findall(GONE)]
    assert all(set(mark) == {"ref", "when"} and _TIME.fullmatch(mark["when"]) for mark in gone)
    assert len(set(ids)) == len(ids)
    assert not {mark["ref"] for mark in gone} & set(ids)
    return feed


def one(parent: Element, name: str) -> Any:
    (found,) = parent.findall(f"{A}{name}")
    return found


def links(parent: Element) -> dict[str, str]:
    """Addresses by relation."""
    found = parent.findall(f"{A}link")
    return {link.get("rel", "alternate"): link.get("href", "") for link in found}


def _check(parent: Element, *, also: set[str]) -> None:
    own = [child.tag.removeprefix(A) for child in parent if child.tag.startswith(A)]
    assert set(own) <= _KNOWN | also
    assert all(own.count(name) == 1 for name in _ONCE)
    assert all(own.count(name) <= 1 for name in _AT_MOST_ONCE)
    assert urlsplit(one(parent, "id").text).scheme
    for child in parent:
        if child.tag in {f"{A}updated", f"{A}published"}:
            assert _TIME.fullmatch(child.text or "")
        if child.tag == f"{A}link":
            assert urlsplit(child.get("href")).scheme in {"http", "https"}
            assert child.get("rel") in {"self", "alternate", "related"}
