"""The lines of an export, in their order. docs/moving-out.md explains each field."""

from typing import Final

from gentie.moving.records.authors import ArchiveName, AuthorRecord, SourceRecord
from gentie.moving.records.log import EarlierLog, End, Header, Leaf
from gentie.moving.records.media import BytesRecord, MediaRecord
from gentie.moving.records.sites import Agreement, BatchRecord, RuleSet, SiteRecord
from gentie.moving.records.threads import CaseRecord, CommentRecord, ThreadRecord

FORMAT: Final = "gentie-export/1"


Movable = (
    Agreement
    | RuleSet
    | SiteRecord
    | BatchRecord
    | AuthorRecord
    | ThreadRecord
    | CommentRecord
    | ArchiveName
    | SourceRecord
    | CaseRecord
    | MediaRecord
)
"""What becomes rows again."""
Record = Header | Movable | BytesRecord | EarlierLog | Leaf | End


ORDER: Final[dict[type, int]] = {
    Header: 0,
    Agreement: 1,
    RuleSet: 2,
    SiteRecord: 3,
    BatchRecord: 4,
    AuthorRecord: 5,
    ThreadRecord: 6,
    CommentRecord: 6,
    ArchiveName: 7,
    SourceRecord: 8,
    CaseRecord: 9,
    MediaRecord: 10,
    BytesRecord: 11,
    EarlierLog: 12,
    Leaf: 13,
    End: 14,
}
"""Lines come in this order; threads with their comments take turns."""


def kind_of(record: Record) -> str:
    """Its `kind`, as it stands in its line."""
    return str(type(record).__struct_config__.tag)
