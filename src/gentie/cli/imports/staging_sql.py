"""The statements of a staging file (SQLite)."""

from typing import Final

TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE page (
  n INTEGER PRIMARY KEY, handle TEXT UNIQUE, site TEXT DEFAULT '', url TEXT DEFAULT '',
  also TEXT DEFAULT '[]', title TEXT DEFAULT '', at INTEGER, hidden TEXT DEFAULT '',
  key TEXT, to_url TEXT, to_also TEXT, place INTEGER
);
CREATE TABLE comment (
  n INTEGER PRIMARY KEY, page INTEGER, site TEXT, id TEXT, parent TEXT, author TEXT,
  person TEXT, at INTEGER, text TEXT, markup TEXT, pending INTEGER, why TEXT, votes INTEGER,
  contact BLOB, placing BLOB, above INTEGER, depth INTEGER
);
CREATE UNIQUE INDEX comment_id ON comment (id, site);
CREATE TABLE line (o INTEGER PRIMARY KEY, n INTEGER);
CREATE TABLE note (kind TEXT, what TEXT, count INTEGER, PRIMARY KEY (kind, what));
CREATE TABLE progress (o INTEGER);
"""
ADD_PAGE: Final = """
INSERT INTO page (handle, site, url, also, title, at, hidden) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (handle) DO UPDATE SET
  site = iif(excluded.site = '', site, excluded.site),
  url = iif(excluded.url = '', url, excluded.url),
  also = iif(excluded.also = '[]', also, excluded.also),
  title = iif(excluded.title = '', title, excluded.title),
  at = coalesce(excluded.at, at),
  hidden = iif(excluded.hidden = '', hidden, excluded.hidden)
RETURNING n
"""
ADD: Final = """
INSERT OR IGNORE INTO comment
  (page, site, id, parent, author, person, at, text, markup, pending, why, votes, contact,
   placing)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SAID: Final = "SELECT page, at, text FROM comment WHERE id = ? AND site = ?"
COUNT: Final = """
INSERT INTO note VALUES (?, ?, ?) ON CONFLICT (kind, what) DO UPDATE SET count = count + ?
"""
PARENTS: Final = """
SELECT p.n, c.why = '', pp.place = pc.place FROM comment c JOIN page pc ON pc.n = c.page
LEFT JOIN comment p ON c.parent != '' AND p.id = c.parent AND p.site = c.site
LEFT JOIN page pp ON pp.n = p.page ORDER BY c.n
"""
NO_PARENT: Final = """
UPDATE comment SET parent = '' WHERE above IS NULL AND parent IN (SELECT id FROM comment)
"""
LINES: Final = """
INSERT INTO line (n) SELECT c.n FROM comment c JOIN page p ON p.n = c.page
WHERE c.why = '' ORDER BY p.place, c.depth, c.at, c.n
"""
NEXT: Final = """
SELECT l.o, c.id, c.site, c.parent, c.author, c.person, c.at, c.text, c.markup, c.pending,
  c.votes, c.contact, c.placing, a.id AS above, p.key, p.title, p.to_url, p.to_also, p.site AS named
FROM line l JOIN comment c ON c.n = l.n JOIN page p ON p.n = c.page
LEFT JOIN comment a ON a.n = c.above WHERE l.o > ? ORDER BY l.o LIMIT ?
"""
LEAVE_OUT: Final = (
    """
UPDATE comment SET why = (SELECT hidden FROM page WHERE n = page)
WHERE why = '' AND page IN (SELECT n FROM page WHERE hidden != '')
""",
    "UPDATE comment SET at = (SELECT at FROM page WHERE n = page) WHERE at IS NULL",
    "UPDATE comment SET why = 'no date' WHERE why = '' AND at IS NULL",
    """
UPDATE comment SET why = 'no page'
WHERE why = '' AND page IN (SELECT n FROM page WHERE key = '')
""",
    "UPDATE comment SET text = '', author = '', person = '', contact = NULL WHERE why != ''",
)
"""What is known only when everything has been read."""
PLACES: Final = """
SELECT count(DISTINCT p.place) FROM line l JOIN comment c ON c.n = l.n JOIN page p ON p.n = c.page
"""
PAGES: Final = """
SELECT p.*, (SELECT count(*) FROM comment c WHERE c.page = p.n AND c.why = '') AS comments
FROM page p ORDER BY p.place, p.n
"""
SITES: Final = """
SELECT p.site, count(*) AS n FROM comment c JOIN page p ON p.n = c.page GROUP BY p.site
"""
