"""A service that looks at documents: one POST begins a check, the answer comes later, signed."""

from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from gentie.accounts.documents.model import DocumentService
from gentie.accounts.model import ProviderUnavailable

_LARGEST: Final = 16 * 1024
"""Bytes of an answer."""


class _Begun(msgspec.Struct, frozen=True):
    reference: str
    location: str


class DocumentClient:
    """Talks to one service. `http` is shared and closed by whoever made it."""

    def __init__(self, service: DocumentService, http: httpx.AsyncClient) -> None:
        self.service, self._http = service, http

    async def begin(self, reference: str, *, answer_to: str, return_to: str) -> str:
        """Begin a check. Returns where the person goes with their document.

        Raises:
            ProviderUnavailable: it does not answer, or answers something else.
        """
        body = {"reference": reference, "answer_to": answer_to, "return_to": return_to}
        headers = {"authorization": f"Bearer {self.service.token}"}
        try:
            answer = await self._http.post(self.service.url, json=body, headers=headers)
            if answer.status_code not in {200, 201, 202} or len(answer.content) > _LARGEST:
                raise ProviderUnavailable(provider=self.service.id)
            said = msgspec.json.decode(answer.content, type=_Begun)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise ProviderUnavailable(provider=self.service.id) from error
        if said.reference != reference or not self._is_theirs(said.location):
            raise ProviderUnavailable(provider=self.service.id)
        return said.location

    def _is_theirs(self, location: str) -> bool:
        """A service that was taken over must not send people anywhere."""
        here, there = urlsplit(self.service.url), urlsplit(location)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)
