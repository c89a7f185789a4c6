"""Which pages have been told of, for formats that repeat theirs in every comment."""

from typing import Final

_MOST: Final = 50_000


class Seen:
    """Forgets in bulk rather than grow: telling of a page again changes nothing."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def first(self, handle: str, said: str) -> bool:
        """Whether this is the first that is heard of a page, or of this about it."""
        if self._seen.get(handle) == said or (handle in self._seen and not said):
            return False
        if len(self._seen) >= _MOST:
            self._seen.clear()
        self._seen[handle] = said
        return True
