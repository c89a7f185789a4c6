"""WordPress eXtended RSS 1.2: every thread as a post with its comments, to be read by WordPress.

A post without a text: WordPress matches it by title and date with one that is there, or makes it.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

import sqlalchemy as sa

from gentie.kernel.ids import SiteId
from gentie.moving.plain import PlainComment, PlainThread, plain_threads
from gentie.sites.model import Site
from gentie.sites.queries import get_site

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>{name}</title>
<link>{link}</link>
<description></description>
<language>{lang}</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{link}</wp:base_site_url>
<wp:base_blog_url>{link}</wp:base_blog_url>
"""
_ITEM: Final = """<item>
<title>{title}</title>
<link>{link}</link>
<pubDate>{published}</pubDate>
<dc:creator></dc:creator>
<guid isPermaLink="false">{guid}</guid>
<description></description>
<content:encoded><![CDATA[]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:post_date>{date}</wp:post_date>
<wp:post_date_gmt>{date}</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status>
<wp:ping_status>closed</wp:ping_status>
<wp:post_name>{name}</wp:post_name>
<wp:status>publish</wp:status>
<wp:post_parent>0</wp:post_parent>
<wp:menu_order>0</wp:menu_order>
<wp:post_type>post</wp:post_type>
<wp:post_password></wp:post_password>
<wp:is_sticky>0</wp:is_sticky>
"""
_COMMENT: Final = """<wp:comment>
<wp:comment_id>{number}</wp:comment_id>
<wp:comment_author>{author}</wp:comment_author>
<wp:comment_author_email></wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url>
<wp:comment_author_IP></wp:comment_author_IP>
<wp:comment_date>{date}</wp:comment_date>
<wp:comment_date_gmt>{date}</wp:comment_date_gmt>
<wp:comment_content>{content}</wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id>
</wp:comment>
"""
_END: Final = "</channel>\n</rss>\n"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def pieces_of(tx: sa.Connection, site: SiteId) -> Iterator[tuple[bytes, str]]:
    """The file in pieces, each with the kind of thing that it is.

    Raises:
        NoSuchSite: before the first piece.
    """
    here = get_site(tx, site)
    yield _head(here).encode(), ""
    for thread, comments in plain_threads(tx, site):
        yield _item(thread).encode(), "thread"
        for comment in comments:
            yield _comment(comment).encode(), "comment"
        yield b"</item>\n", ""
    yield _END.encode(), ""


def _head(site: Site) -> str:
    link = site.origins[0] if site.origins else f"urn:gentie:{site.id}"
    return _HEAD.format(name=as_text(site.name), link=as_text(link), lang=as_text(site.lang))


def _item(thread: PlainThread) -> str:
    return _ITEM.format(
        title=as_text(thread.title or thread.key),
        link=as_text(thread.url or thread.key),
        published=format_datetime(thread.created_at),
        guid=as_text(thread.url or thread.key),
        number=thread.number,
        date=_moment(thread.created_at),
        name=f"thread-{thread.number}",
    )


def _comment(comment: PlainComment) -> str:
    return _COMMENT.format(
        number=comment.number,
        author=as_text(comment.author),
        date=_moment(comment.created_at),
        content=as_data(comment.html),
        approved="0" if comment.waits else "1",
        parent=comment.parent,
    )


def _moment(at: datetime) -> str:
    """In UTC, as the field with gmt in its name asks; nothing else is known of the site's clock."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def as_text(words: str) -> str:
    return escape(_NO_XML.sub("", words))


def as_data(markup: str) -> str:
    """A CDATA section: what would end it goes on in the next."""
    return f"<![CDATA[{_NO_XML.sub('', markup).replace(']]>', ']]]]><![CDATA[>')}]]>"
