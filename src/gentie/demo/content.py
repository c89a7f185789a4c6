"""The texts of the demo, read from `content/*.toml` and `content/old-site.xml`.

Times are minutes before the start, so that the newsroom is never old. A comment tells its own
story: what was written, and what became of it.
"""

import enum
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from gentie.catalogue.regimes import Text
from gentie.danmaku.model import Mode
from gentie.danmaku.rules import PALETTE


class Kind(enum.StrEnum):
    """How a thread is run."""

    NEWS = "news"
    """A person reads before the public does."""
    BLOG = "blog"
    """The public reads at once."""
    GUESTBOOK = "guestbook"
    """Messages to the site; as a blog."""
    VIDEO = "video"
    """As a blog, with danmaku."""


class Fate(enum.StrEnum):
    """What became of a comment before the demo starts."""

    PUBLISHED = "published"
    HELD = "held"
    REFUSED = "refused"
    REMOVED = "removed"
    RESTORED = "restored"
    """Removed after publication, then put back by a second person."""
    WITHDRAWN = "withdrawn"
    EDITED = "edited"
    """`earlier` was published first, then `text` in its place."""
    EDIT_HELD = "edit_held"
    """`earlier` is published; `text` waits for review."""


ADVERSE = frozenset({Fate.REFUSED, Fate.REMOVED, Fate.RESTORED})
CHANGED = frozenset({Fate.EDITED, Fate.EDIT_HELD})
NEVER_PUBLIC = frozenset({Fate.HELD, Fate.REFUSED})


class Ruling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the moderator decided, as the author is told."""

    class_id: str
    """A class of the site's regime."""
    message: Text
    facts: Text
    """What in the comment it rests on. Names nobody."""


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    class_id: str
    statement: str
    by: str = ""
    """A person's id. Empty: somebody without an account."""


class Over(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a line stands over a video, and how."""

    at: float
    """Seconds."""
    mode: Mode = Mode.SCROLL
    colour: str = "white"
    """A name of the palette."""


class Comment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    """Unique in the whole content. Not the id that the service gives."""
    by: str
    minutes_ago: int
    lang: str
    text: str
    reply_to: str = ""
    votes: int = 0
    fate: Fate = Fate.PUBLISHED
    earlier: str = ""
    ruling: Ruling | None = None
    appeal: str = ""
    """The author's statement against the ruling. Empty: no appeal."""
    restored: Text | None = None
    """What the author is told when the ruling falls."""
    reports: tuple[Report, ...] = ()
    over: Over | None = None
    """None: it stands in the thread."""


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lang: str
    text: str
    """The emphasis of restricted Markdown is allowed."""


class Thread(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    site: str
    kind: Kind
    lang: str
    title: str
    kicker: str
    author: str
    """The person who wrote the page and is marked as its author in the thread."""
    hours_ago: int
    reading_minutes: int
    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...]
    film: str = ""
    """Name of the file. Empty: there is none."""
    danmaku: tuple[Comment, ...] = ()

    @property
    def contributions(self) -> tuple[Comment, ...]:
        return *self.comments, *self.danmaku

    def oldest_first(self) -> list[Comment]:
        """Every comment after the one that it answers, and the lines over the video."""
        return sorted(self.contributions, key=lambda one: -one.minutes_ago)


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    lang: str
    about: str


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in the newsroom that a visitor may take."""

    role: str
    name: str
    """The pseudonym of a commenter; for staff the name shown inside only."""
    try_: Text = msgspec.field(name="try")
    """What is worth trying in this place."""
    person: str = ""
    """The person whose comments are already there. Empty: none."""


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    name: str
    regime: str
    about: Text
    test_site: bool = False


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sites: tuple[Site, ...]
    people: tuple[Person, ...]
    cast: tuple[Part, ...]
    threads: tuple[Thread, ...]


_ROOT = resources.files("gentie.demo").joinpath("content")
OLD_SITE = Path(__file__).parent / "content" / "old-site.xml"
_IMPACTS = "impact.toml"
_LISTS = ("sites", "people", "cast")


@cache
def read_content() -> Content:
    """All of it, threads in the order of their file names.

    Raises msgspec.ValidationError: a key is missing, unknown, or of the wrong kind.
    """
    files = {file.name: file for file in _ROOT.iterdir() if file.name.endswith(".toml")}
    del files[_IMPACTS]
    data = {name: tomllib.loads(file.read_text("utf-8")) for name, file in sorted(files.items())}
    whole = {name: data.pop(f"{name}.toml")[name] for name in _LISTS}
    return msgspec.convert(whole | {"threads": list(data.values())}, Content)


def read_impacts() -> dict[str, dict[str, str]]:
    """What was assessed before the newsroom opened, by purpose."""
    return tomllib.loads((_ROOT / _IMPACTS).read_text("utf-8"))


def read_old_site() -> bytes:
    """The export of the old site: WXR 1.2, as the demo imports it."""
    return OLD_SITE.read_bytes()


def faults_of(content: Content) -> Iterator[str]:
    """What cannot be played: names that lead nowhere, stories that contradict themselves."""
    yield from _repeated("site", [one.key for one in content.sites])
    yield from _repeated("person", [one.id for one in content.people])
    yield from _repeated("name", [one.name for one in content.people])
    yield from _repeated("role", [one.role for one in content.cast])
    yield from _repeated("thread", [f"{one.site}/{one.key}" for one in content.threads])
    yield from _repeated(
        "comment", [one.id for each in content.threads for one in each.contributions]
    )
    yield from _unknown(content)
    for thread in content.threads:
        yield from _faults_of_replies(thread)
        for comment in thread.contributions:
            yield from _faults_of_story(comment)


def _repeated(what: str, names: list[str]) -> Iterator[str]:
    yield from (f"{what} {name} twice" for name, times in Counter(names).items() if times > 1)


def _unknown(content: Content) -> Iterator[str]:
    people = {one.id for one in content.people} | {""}
    sites = {one.key for one in content.sites}
    named = [one.person for one in content.cast]
    for thread in content.threads:
        if thread.site not in sites:
            yield f"{thread.key}: no site {thread.site}"
        named.append(thread.author)
        for comment in thread.contributions:
            named += [comment.by, *(one.by for one in comment.reports)]
    yield from (f"no person {name}" for name in named if name not in people)


def _faults_of_replies(thread: Thread) -> Iterator[str]:
    by_id = {one.id: one for one in thread.comments}
    for comment in filter(lambda one: one.reply_to, thread.comments):
        parent = by_id.get(comment.reply_to)
        if parent is None:
            yield f"{comment.id}: answers nothing in this thread"
        elif parent.minutes_ago <= comment.minutes_ago:
            yield f"{comment.id}: older than what it answers"
        elif parent.fate in NEVER_PUBLIC:
            yield f"{comment.id}: answers what nobody could read"


def _faults_of_story(comment: Comment) -> Iterator[str]:
    if comment.over and comment.over.colour not in PALETTE:
        yield f"{comment.id}: no colour {comment.over.colour}"
    if (comment.fate in ADVERSE) != (comment.ruling is not None):
        yield f"{comment.id}: a ruling and {comment.fate} do not go together"
    if (comment.fate in CHANGED) != bool(comment.earlier):
        yield f"{comment.id}: an earlier text and {comment.fate} do not go together"
    if (comment.fate is Fate.RESTORED) != (comment.restored is not None):
        yield f"{comment.id}: words of restoring and {comment.fate} do not go together"
    if comment.appeal and comment.ruling is None:
        yield f"{comment.id}: an appeal against nothing"
    if comment.fate in NEVER_PUBLIC and (comment.votes or comment.reports):
        yield f"{comment.id}: votes or reports on what nobody could read"
