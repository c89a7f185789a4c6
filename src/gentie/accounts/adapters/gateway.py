"""One-time codes by an HTTP gateway: one POST of JSON with a bearer token for each message."""

import hmac
from typing import Final

import httpx
import msgspec

from gentie.accounts.codes.model import Gateway
from gentie.accounts.model import ProviderUnavailable

_LARGEST: Final = 16 * 1024
"""Bytes of an answer."""


class _Answer(msgspec.Struct, frozen=True):
    reference: str
    accepted: bool


class CodeGateway:
    """Sends codes. `http` is shared and closed by whoever made it."""

    def __init__(self, gateway: Gateway, http: httpx.AsyncClient) -> None:
        self.gateway, self._http = gateway, http

    async def send(self, target: str, text: str, *, reference: str) -> None:
        """Hand one message over. The gateway may deliver it twice: it is the same code.

        `reference` ties the answer to this message: an older one repeated is none.

        Raises:
            ProviderUnavailable: it does not answer, does not accept, or answers something else.
        """
        body = {"reference": reference, "to": target, "text": text}
        headers = {"authorization": f"Bearer {self.gateway.token}"}
        try:
            answer = await self._http.post(self.gateway.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(provider=self.gateway.id) from error
        if answer.status_code not in {200, 201, 202} or len(answer.content) > _LARGEST:
            raise ProviderUnavailable(provider=self.gateway.id)
        try:
            said = msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.DecodeError as error:
            raise ProviderUnavailable(provider=self.gateway.id) from error
        if not said.accepted or not hmac.compare_digest(
            said.reference.encode(), reference.encode()
        ):
            raise ProviderUnavailable(provider=self.gateway.id)
