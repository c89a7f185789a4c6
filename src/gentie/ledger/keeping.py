"""What is kept outside the database: the signing key, and a mark of how far the log was signed.

An old backup brings back an old tree. Signing on from there would give two logs of one name: a
fork, which verifiers rightly call fraud. So the last checkpoint is also kept in a small file that
no backup of the data contains, and nothing is signed that does not continue it.
"""

from pathlib import Path

import msgspec

from gentie.ledger.files import alone, lay_aside, write_durably
from gentie.ledger.key import BadKey, SigningKey
from gentie.ledger.note import BadNote, Checkpoint, is_origin, open_checkpoint, read_checkpoint

_HOW = "docs/operate-log.md says how to go on (`gentie ledger recover`)"


class LogBehindMark(Exception):
    """The log does not continue what was last signed. Nothing was signed or published."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds, beside the mark."""

    size: int
    root: bytes
    root_at_mark: bytes | None
    """Root over as many leaves as the mark says. None: no mark, or the log is shorter."""
    published: int | None
    """Size of the last published checkpoint. None: there is none."""
    pending: bool
    """Leaves wait for their place."""


class HighWaterMark:
    """A file with the last signed checkpoint, in a place that no backup of the data restores."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str | None:
        """The last signed checkpoint. None: there is no file."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def advance(self, note: str) -> bool:
        """Keep this checkpoint. False: another process has signed a larger tree meanwhile."""
        with alone(self.path):
            last = self.read()
            if last is not None and read_checkpoint(last).size > read_checkpoint(note).size:
                return False
            write_durably(self.path, note)
            return True

    def lay_aside(self) -> None:
        """Keep the file under another name: only to recover (docs/operate-log.md)."""
        lay_aside(self.path)


class Signer:
    """Signs what continues the mark, and nothing else."""

    def __init__(self, key: SigningKey, mark: HighWaterMark) -> None:
        self.key, self.mark = key, mark

    def read_mark(self) -> Checkpoint | None:
        """The last checkpoint that was signed. None: none yet, or the file is gone.

        Raises:
            LogBehindMark: it is damaged, or of another key: nothing can be compared with it.
        """
        note = self.mark.read()
        try:
            return None if note is None else open_checkpoint(note, self.key.vkey)
        except BadNote as error:
            raise LogBehindMark(f"the mark {self.mark.path}: {error}; {_HOW}") from error

    def require_continued(self, mark: Checkpoint | None, standing: Standing) -> None:
        """Compare the database with a mark that was read before the database was.

        Raises:
            LogBehindMark: with what is wrong and where to read on.
        """
        if fault := _fault(mark, standing):
            raise LogBehindMark(f"{fault}; {_HOW}")

    def sign(self, mark: Checkpoint | None, standing: Standing) -> str | None:
        """Sign the tree and keep the mark, before anybody sees the note. None: another was faster.

        Raises:
            LogBehindMark: the tree does not continue the mark.
        """
        self.require_continued(mark, standing)
        note = self.key.sign(Checkpoint(self.key.origin, standing.size, standing.root))
        return note if self.mark.advance(note) else None


def require_new_origin(signer: Signer, origin: str) -> None:
    """Raises BadKey: it cannot be the next name of this log."""
    if origin == signer.key.origin or not is_origin(origin):
        raise BadKey(f"{origin!r} cannot be the new name of the log {signer.key.origin!r}")


def begin_epoch(signer: Signer, standing: Standing, *, origin: str) -> Signer:
    """Lay key and mark aside (`.retired-1`) and go on from `standing` under a new name and key.

    The checkpoint laid aside stays true for ever: it says where the earlier log ended.

    Raises:
        BadKey: `origin` cannot be the new name, or the key lies in no file.
    """
    require_new_origin(signer, origin)
    path = signer.key.path
    if path is None:
        raise BadKey("the key lies in no file")
    signer.mark.lay_aside()
    lay_aside(path)
    new = Signer(SigningKey.load_or_create(path, origin=origin), signer.mark)
    new.mark.advance(new.key.sign(Checkpoint(origin, standing.size, standing.root)))
    return new


def _fault(mark: Checkpoint | None, standing: Standing) -> str:
    """What forbids signing. Empty: nothing."""
    if mark is None:
        signed = standing.published is not None
        return "checkpoints were published, but their mark is missing" if signed else ""
    if standing.root_at_mark is None:
        return f"the log has {standing.size} leaves, but {mark.size} were signed: an old backup"
    if standing.root_at_mark != mark.root:
        return f"the first {mark.size} leaves are not those that were signed"
    return ""
