"""A gateway that fails is one clear refusal, in whatever way it fails."""

import pytest

from gentie.accounts.model import ProviderUnavailable
from tests.accounts.gateway import a_gateway


async def test_carries_a_message() -> None:
    with a_gateway() as gateway:
        await gateway.client().send("+8613900000000", "123456 is it", reference="r-1")

    assert gateway.sent == [{"reference": "r-1", "to": "+8613900000000", "text": "123456 is it"}]


@pytest.mark.parametrize("manner", ["refuses", "fails", "lies", "repeats", "shouts", "hangs"])
async def test_is_unavailable(manner: str) -> None:
    with a_gateway() as gateway:
        client = gateway.client(timeout=0.3)
        await client.send("+1", "first", reference="r-1")
        gateway.manner = manner
        with pytest.raises(ProviderUnavailable):
            await client.send("+1", "second", reference="r-2")


async def test_nobody_there() -> None:
    with a_gateway() as gateway:
        client = gateway.client()
    with pytest.raises(ProviderUnavailable):
        await client.send("+1", "text", reference="r-1")
