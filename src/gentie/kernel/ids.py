"""Identifiers: strings with a type, so that a thread's id cannot pass for an account's.

JavaScript keeps all their digits that way. `gentie.kernel.chance` makes new ones. What the public
sees of a comment is its `CommentRef`, an opaque string that holds thread and comment.
"""

import base64
import binascii
from typing import NewType

import msgspec
from typing_extensions import override

from gentie.kernel.refusal import Refusal

AccountId = NewType("AccountId", str)
"""128 random bits, hex. Says nothing about when or from where a person came."""
ActorId = NewType("ActorId", str)
"""An account, a staff member (`staff:…`), a site (`site:…`) or the service itself (`gentie`)."""
StaffId = NewType("StaffId", str)
SiteId = NewType("SiteId", str)
"""Chosen by the operator, for example "daily"."""
ThreadId = NewType("ThreadId", str)
CommentId = NewType("CommentId", str)
"""Unique only together with its thread."""
DecisionId = NewType("DecisionId", str)
CaseId = NewType("CaseId", str)
LeafId = NewType("LeafId", str)

_REF_BYTES = 16


_LARGEST = 1 << 63


def is_row_id(text: str) -> bool:
    """Whether `text` can be the id of a row: a whole number of at most 63 bits."""
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) < _LARGEST  # noqa: PLR2004 its digits


class NoSuchComment(Refusal):
    code, says = "no-such-comment", "There is no such comment."


class CommentRef(msgspec.Struct, frozen=True):
    """Where a comment lives. The shard is found without a lookup."""

    thread: ThreadId
    comment: CommentId

    @override
    def __str__(self) -> str:
        both = int(self.thread).to_bytes(8, "big") + int(self.comment).to_bytes(8, "big")
        return base64.urlsafe_b64encode(both).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "CommentRef":
        """Read what `str` wrote.

        Raises:
            NoSuchComment: the text was not made by this service.
        """
        try:
            both = base64.b64decode(text + "==", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise NoSuchComment from error
        ref = cls(
            ThreadId(str(int.from_bytes(both[:8], "big"))),
            CommentId(str(int.from_bytes(both[8:], "big"))),
        )
        if len(both) != _REF_BYTES or str(ref) != text or max(both[0], both[8]) >= 1 << 7:
            raise NoSuchComment
        return ref
