"""Gentie's own export, brought in as an archive like any other: beside other sites, held, labelled.

`gentie restore-site` puts it back as it was, into an empty instance.
"""

from collections.abc import Iterator
from typing import Final

from gentie.cli.imports.model import (
    BadExport,
    Ignored,
    Markup,
    OldComment,
    OldThread,
    Reading,
    Record,
    Standing,
)
from gentie.cli.imports.opening import ExportFile
from gentie.comments.model import State
from gentie.danmaku.model import Wanted
from gentie.kernel.ids import CommentRef
from gentie.moving.file import BadFile, records_in
from gentie.moving.records.log import Header
from gentie.moving.records.threads import CommentRecord, ThreadRecord

_STANDING: Final = {
    State.PUBLISHED: Standing.PUBLIC,
    State.HELD: Standing.PENDING,
    State.REFUSED: Standing.TRASH,
    State.REMOVED: Standing.TRASH,
    State.WITHDRAWN: Standing.TRASH,
    State.ERASED: Standing.TRASH,
}


def read_gentie(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Threads and comments; the rest of the file is for restoring. Raises BadExport.

    Files stay behind and are counted: here nobody has checked them, and nobody would own them.
    """
    site = ""
    with file.unpacked() as opened:
        try:
            for record in records_in(opened):
                match record:
                    case Header():
                        site = record.site
                    case ThreadRecord():
                        yield _thread(record, site)
                    case CommentRecord():
                        yield _comment(record, site)
                        yield from (Ignored(what=kind) for kind in _shown(record)[1])
                    case _:
                        continue
        except BadFile as error:
            raise BadExport(str(error)) from error


def _thread(record: ThreadRecord, site: str) -> OldThread:
    keys = (record.key, *record.more_keys)
    return OldThread(
        handle=record.id,
        site=site,
        url=record.url or record.key,
        also=keys if record.url else keys[1:],
        title=record.title,
        at=record.created_at,
    )


def _comment(record: CommentRecord, site: str) -> OldComment:
    return OldComment(
        id=record.ref,
        thread=record.thread,
        site=site,
        parent=str(CommentRef(record.thread, record.parent)) if record.parent else "",
        author=record.author.name,
        person=f"account:{record.author.id}",
        created_at=record.created_at,
        text=_shown(record)[0],
        markup=Markup.MARKDOWN if record.danmaku is None else Markup.LINE,
        standing=_STANDING[record.state],
        why_not=_why_not(record),
        votes=record.votes,
        over=_over(record),
    )


def _over(record: CommentRecord) -> Wanted | None:
    said = record.danmaku
    if said is None:
        return None
    return Wanted(t_ms=said.t_ms, mode=said.mode, colour=said.colour)


def _why_not(record: CommentRecord) -> str:
    text, kinds = _shown(record)
    return "nothing but files, which `gentie restore-site` brings" if kinds and not text else ""


def _shown(record: CommentRecord) -> tuple[str, tuple[str, ...]]:
    """What is public, else what was written last: its text, and kinds of its files."""
    number = record.revision or record.latest
    one = next((one for one in record.revisions if one.number == number), None)
    return (one.text, tuple(part.kind for part in one.parts)) if one else ("", ())
