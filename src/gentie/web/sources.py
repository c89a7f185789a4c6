"""Several sources of pages as one."""

from collections.abc import Sequence

from typing_extensions import override

from gentie.pages.model import Page, PageSource


class Joined(PageSource):
    """Asks each source in turn; a key carries the number of the one that knew it."""

    def __init__(self, sources: Sequence[PageSource]) -> None:
        self._sources = sources

    @override
    def key_of(self, path: str, query: bytes) -> str | None:
        for number, source in enumerate(self._sources):
            key = source.key_of(path, query)
            if key is not None:
                return f"{number}:{key}"
        return None

    @override
    async def render(self, key: str) -> Page:
        number, _, own = key.partition(":")
        return await self._sources[int(number)].render(own)
