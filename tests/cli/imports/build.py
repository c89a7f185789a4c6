"""Exports in every format, written from the published schemas; and what is read from them."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from gentie.cli.imports.formats import FORMATS
from gentie.cli.imports.model import OldComment, Reading, Record
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.staging import Staged, Staging
from gentie.cli.imports.urls import UrlMap

DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>demo</forum><title>General</title></category>
<thread dsq:id="11"><id>a-1</id><forum>demo</forum><category dsq:id="1"/>
<link>https://news.example/a/1?x=2&amp;utm_source=mail</link><title>Tea</title><message/>
<createdAt>2024-03-01T08:00:00Z</createdAt><author><name>Ed</name><username>ed</username></author>
<isClosed>true</isClosed><isDeleted>false</isDeleted></thread>
<thread dsq:id="12"><id/><forum>demo</forum><link>https://news.example/gone</link>
<title>Gone</title><createdAt>2024-03-01T08:00:00Z</createdAt><isDeleted>true</isDeleted></thread>
<post dsq:id="22"><id/><message><![CDATA[<p>Reply</p>]]></message>
<createdAt>2024-03-01T09:05:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><name>Ann</name><isAnonymous>false</isAnonymous><username>ann</username></author>
<ipAddress>192.0.2.7</ipAddress><thread dsq:id="11"/><parent dsq:id="25"/></post>
<post dsq:id="25"><id/><message><![CDATA[<p>Deleted there</p>]]></message>
<createdAt>2024-03-01T09:03:00Z</createdAt><isDeleted>true</isDeleted><isSpam>false</isSpam>
<author><name>Bo</name><isAnonymous>true</isAnonymous></author><thread dsq:id="11"/>
<parent dsq:id="21"/></post>
<post dsq:id="21"><id/><message><![CDATA[<p>First &amp; fine</p>]]></message>
<createdAt>2024-03-01T09:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><email>li@example.org</email><name>Li</name><isAnonymous>true</isAnonymous></author>
<ipAddress>192.0.2.4</ipAddress><thread dsq:id="11"/></post>
<post dsq:id="23"><id/><message><![CDATA[<p>Buy</p>]]></message>
<createdAt>2024-03-01T09:06:00Z</createdAt><isDeleted>false</isDeleted><isSpam>true</isSpam>
<author><name>Spam</name></author><thread dsq:id="11"/></post>
<post dsq:id="24"><id/><message><![CDATA[<p>On a page that is gone</p>]]></message>
<createdAt>2024-03-01T09:07:00Z</createdAt><author><name>Li</name></author>
<thread dsq:id="12"/></post>
</disqus>"""

ARTRANS: list[dict[str, Any]] = [
    {
        "id": "2",
        "rid": "1",
        "content": "Reply",
        "created_at": "2024-03-01 17:05:00 +0800",
        "is_pending": "true",
        "nick": "Ann",
        "email": "ann@example.org",
        "page_key": "/a/1",
        "site_name": "Demo",
    },
    {
        "id": 1,
        "rid": "0",
        "content": "Fine **tea**",
        "ip": "192.0.2.4",
        "created_at": "2024-03-01 17:00:00 +0800",
        "is_collapsed": "false",
        "is_pending": "false",
        "is_pinned": "true",
        "vote_up": "2",
        "nick": "Li",
        "email": "li@example.org",
        "page_key": "/a/1",
        "page_title": "Tea",
        "site_name": "Demo",
        "site_urls": "https://news.example,http://old.example",
    },
    {
        "id": "3",
        "rid": None,
        "content": "Elsewhere",
        "created_at": "2024-03-02 00:00:00 +0000",
        "nick": "Ann",
        "page_key": "/a/1",
        "site_name": "Other",
    },
]
WALINE_ROWS: list[dict[str, Any]] = [
    {
        "objectId": 2,
        "comment": "Reply",
        "insertedAt": "2024-03-01 09:05:00",
        "nick": "Ann",
        "rid": 1,
        "pid": 1,
        "status": "waiting",
        "url": "/a/1",
    },
    {
        "objectId": 1,
        "user_id": 7,
        "comment": "Fine **tea**",
        "insertedAt": "2024-03-01 09:00:00",
        "ip": "192.0.2.4",
        "mail": "li@example.org",
        "nick": None,
        "rid": None,
        "pid": None,
        "sticky": 1,
        "status": "approved",
        "like": 2,
        "url": "/a/1",
    },
]
WALINE = {
    "type": "waline",
    "version": 1,
    "time": 1709290000000,
    "tables": ["Comment", "Counter", "Users"],
    "data": {
        "Comment": WALINE_ROWS,
        "Counter": [{"url": "/a/1", "time": 9}],
        "Users": [{"objectId": 7, "display_name": "Li", "password": "$2$x", "2fa": "S"}],
    },
}
WALINE_CSV = (
    "id,user_id,comment,insertedAt,ip,link,mail,nick,pid,rid,sticky,status,like,ua,url\r\n"
    '1,,"Fine **tea**,\nin two lines",2024-03-01 09:00:00,192.0.2.4,,li@example.org,Li,,,0,'
    "approved,2,,/a/1\r\n"
    "2,,Reply,2024-03-01 09:05:00,,,,Ann,1,1,0,approved,0,,/a/1\r\n"
)
LEANCLOUD = """#filetype:JSON-streaming {"type":"Class","class":"Comment"}
{"objectId":"5c1","comment":"<p>Fine</p>\\n","nick":"Li","url":"/a/1",\
"insertedAt":{"__type":"Date","iso":"2024-03-01T09:00:00.000Z"}}
{"objectId":"5c2","pid":"5c1","rid":"5c1","comment":"Reply","nick":"Ann","url":"/a/1",\
"createdAt":"2024-03-01T09:05:00.000Z"}
"""
TWIKOO = [
    {
        "_id": {"$oid": "65e1"},
        "uid": "u1",
        "nick": "Li",
        "mail": "li@example.org",
        "mailMd5": "x",
        "ip": "192.0.2.4",
        "url": "/a/1",
        "href": "https://news.example/a/1",
        "comment": "<p>Fine <strong>tea</strong></p>",
        "isSpam": False,
        "top": True,
        "ups": '["c1","c2"]',
        "created": 1709283600000,
    },
    {
        "_id": "65e2",
        "nick": "Ann",
        "url": "/a/1",
        "comment": "<p>Reply</p>",
        "pid": "65e1",
        "rid": "65e1",
        "isSpam": False,
        "created": 1709283900000,
    },
    {"_id": "65e3", "nick": "X", "url": "/a/1", "comment": "Buy", "isSpam": True, "created": 9e11},
]
REMARK42 = [
    {"version": 1, "users": [{"id": "github_1"}], "posts": [{"url": "https://n.example/a/1"}]},
    {
        "id": "c2",
        "pid": "c1",
        "text": "<p>Reply</p>",
        "user": {"name": "Ann", "id": "anonymous_2"},
        "locator": {"site": "remark", "url": "https://n.example/a/1"},
        "score": -1,
        "votes": {"x": False},
        "time": "2024-03-01T03:05:00.123456789-06:00",
    },
    {
        "id": "c1",
        "pid": "",
        "text": "<p>Fine <strong>tea</strong></p>",
        "orig": "Fine **tea**",
        "user": {"name": "Li", "id": "github_1", "ip": "aaaa"},
        "locator": {"site": "remark", "url": "https://n.example/a/1"},
        "score": 2,
        "time": "2024-03-01T09:00:00Z",
        "pin": True,
        "title": "Tea",
    },
    {
        "id": "c3",
        "pid": "c1",
        "text": "",
        "delete": True,
        "user": {"name": "deleted", "id": "deleted"},
        "locator": {"site": "remark", "url": "https://n.example/a/1"},
        "time": "2024-03-01T09:01:00Z",
    },
]
COMMENTO: dict[str, Any] = {
    "version": 1,
    "comments": [
        {
            "commentHex": "b2",
            "domain": "news.example",
            "url": "/a/1",
            "commenterHex": "anonymous",
            "markdown": "Reply",
            "html": "<p>Reply</p>",
            "parentHex": "a1",
            "score": 0,
            "state": "unapproved",
            "creationDate": "2024-03-01T09:05:00Z",
        },
        {
            "commentHex": "a1",
            "domain": "news.example",
            "url": "/a/1",
            "commenterHex": "f00",
            "markdown": "Fine **tea**",
            "parentHex": "root",
            "score": 2,
            "state": "approved",
            "creationDate": "2024-03-01T09:00:00Z",
        },
    ],
    "commenters": [{"commenterHex": "f00", "name": "Li", "email": "li@example.org"}],
}
DPLAYER: list[dict[str, Any]] = [
    {
        "_id": {"$oid": "65f1"},
        "player": "film-7",
        "author": "Li &amp; Co",
        "time": 61.5,
        "text": "Fine &lt;b&gt; tea",
        "color": 0xFF0000,
        "type": 1,
        "ip": "192.0.2.4",
        "date": 1709283600000,
    },
    {
        "_id": "65f2",
        "player": "film-7",
        "author": "Ann",
        "time": "130.25",
        "text": "Reply",
        "color": "#fff",
        "type": "right",
        "date": 1709283900000,
    },
    {"_id": "65f3", "player": "film-7", "author": "X", "time": -1, "text": "Before", "type": 0},
]
DPLAYER_ANSWER = {
    "code": 0,
    "data": [[61.5, 1, 0xFF0000, "Li", "Fine"], [61.5, 1, 0xFF0000, "Li", "Fine"]],
}
DANMAKU_XML = """<?xml version="1.0" encoding="UTF-8"?>
<i><chatserver>chat.example</chatserver><chatid>film-7</chatid><maxlimit>1500</maxlimit>
<d p="130.250,1,25,16777215,1709283900,0,1a2b,902">Reply</d>
<d p="61.5,5,25,255,1709283600,0,9f8e,901">Fine &lt;b&gt; tea</d>
<d p="3,7,25,16777215,1709283600,0,9f8e,903">[0,0,"1-1",4.5,"moved"]</d>
<d p="3,1">Too short</d>
<d p="nan,1,25,16777215,1709283600,0,9f8e,904">Nowhere</d>
</i>"""
ISSO_JSON = [
    {
        "id": "/a/1",
        "title": "Tea",
        "comments": [
            {"id": 0, "author": "Li", "created": "2024-03-01 17:00:00", "text": "Fine"},
            {"id": 1, "author": "Ann", "created": "2024-03-01 17:05:00", "text": "Reply"},
        ],
    }
]


def isso_database(path: Path) -> None:
    """As its schema says; `tests/cli/imports/test_real_isso.py` has one of Isso's own."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript("""
CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT);
INSERT INTO preferences VALUES ('session-key', 'secret');
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
 created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR,
 author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0,
 dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
INSERT INTO threads VALUES (1, '/a/1', 'Tea');
INSERT INTO comments (tid,id,parent,created,mode,remote_addr,text,author,email,likes,voters)
 VALUES (1,1,NULL,1709283600.0,1,'192.0.2.0','Fine **tea**','Li','li@example.org',2,x'00'),
 (1,2,1,1709283900.0,2,'192.0.2.0','Reply','Ann',NULL,0,x'00'),
 (1,3,1,1709283960.0,4,'192.0.2.0','','',NULL,0,x'00');
""")
        db.commit()


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode() + b"\n"


def exports(folder: Path) -> dict[str, Path]:
    """One file of each shape, by its name."""
    files: dict[str, bytes] = {
        "disqus.xml": DISQUS.encode(),
        "artrans.json": json.dumps(ARTRANS).encode(),
        "waline.json": json.dumps(WALINE).encode(),
        "waline.csv": WALINE_CSV.encode(),
        "waline.jsonl": LEANCLOUD.encode(),
        "waline.results.json": json.dumps({"results": WALINE_ROWS}).encode(),
        "twikoo.json": json.dumps(TWIKOO).encode(),
        "twikoo.jsonl": as_lines(TWIKOO),
        "remark42.gz": gzip.compress(as_lines(REMARK42)),
        "remark42.json": as_lines(REMARK42),
        "commento.json": json.dumps(COMMENTO).encode(),
        "isso.json": json.dumps(ISSO_JSON).encode(),
        "dplayer.json": json.dumps(DPLAYER).encode(),
        "dplayer.jsonl": as_lines(DPLAYER),
        "danmaku-xml.xml": DANMAKU_XML.encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    isso_database(folder / "isso.db")
    return {name: folder / name for name in (*files, "isso.db")}


def records_of(path: Path, **reading: Any) -> list[Record]:
    form = FORMATS[path.name.partition(".")[0]]
    return [*form.read(ExportFile(path), Reading(**reading))]


def comments_of(path: Path, **reading: Any) -> list[OldComment]:
    return [one for one in records_of(path, **reading) if isinstance(one, OldComment)]


def staging_of(
    path: Path, rules: UrlMap | None = None, *, pending: bool = False, **reading: Any
) -> Staging:
    """Everything that is in a file, staged and settled in memory."""
    staging = Staging(None, key=b"key")
    staging.fill(iter(records_of(path, **reading)), pending=pending)
    staging.settle(rules or UrlMap())
    return staging


def staged(staging: Staging) -> Iterator[Staged]:
    for some in staging.rest(most=100):
        yield from some
