"""Who is known here is nobody's business: the same work is done, and the same is said, for all.

Counted, not timed: what is called for somebody who is known and gets it wrong is called for
somebody who is not. `python -m bench answers` measures how long either takes.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gentie.accounts import passwords
from gentie.accounts.model import Role
from gentie.accounts.passkeys.ceremony import Party
from gentie.accounts.passwords import hash_password
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.storage.db import Database
from tests.accounts.authenticator import Device
from tests.actions.identity.build import ADMIN, FACTOR
from tests.web.account import test_linking as letters
from tests.web.account.build import PASSWORD, Client, Place, sign_up_by_form
from tests.web.account.test_passkeys import API, a_browser, a_device
from tests.web.account.test_programs import sign_up

Ask = Callable[[Client], Awaitable[Any]]


class Work:
    """What was called since `begin`, in its order."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def note(self, what: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **more: Any) -> Any:
            self.done.append(what)
            return inner(*args, **more)

        return noted

    def note_body(self, what: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        """A transaction, by the name of what is done in it."""

        def noted(db: Database, body: Any, *args: Any, **more: Any) -> Any:
            name = getattr(getattr(body, "func", body), "__qualname__", "")
            self.done.append(f"{what} {name}")
            return inner(db, body, *args, **more)

        return noted


@pytest.fixture
def work(place: Place, monkeypatch: pytest.MonkeyPatch) -> Work:
    work, kind, real = Work(), type(place.db), Argon2id
    slow = staticmethod(work.note("argon2", real.verify_phc_encoded))
    counted = {"verify_phc_encoded": slow, "__new__": lambda _, **how: real(**how)}
    monkeypatch.setattr(passwords, "Argon2id", type("Counted", (), counted))
    monkeypatch.setattr(Party, "shown", work.note("signature", Party.shown))
    for what in ("act", "read"):
        monkeypatch.setattr(kind, what, work.note_body(what, getattr(kind, what)))
    return work


async def told(work: Work, client: Client, ask: Ask, *, name: str) -> tuple[Any, ...]:
    """What is answered to one question but for the name asked about, and what was done for it."""
    client.cookies.clear()
    work.done.clear()
    answer = await ask(client)
    return answer.status_code, answer.text.replace(name, "NAME"), [*answer.headers], work.done[:]


def by_password(name: str, **more: str) -> Ask:
    body = {"name": name, "password": "wrong words here"} | more
    return lambda client: client.post("/api/v1/account/sign-in", json=body)


def by_form(name: str) -> Ask:
    form = {"name": name, "password": "wrong words here"}
    return lambda client: client.post("/account/sign-in", data=form)


def by_letter(address: str) -> Ask:
    return lambda client: client.post("/api/v1/account/link", json={"address": address})


def by_passkey(device: Device) -> Ask:
    async def ask(client: Client) -> Any:
        challenge = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
        return await client.post(f"{API}/sign-in", json=device.sign(challenge))

    return ask


@pytest.mark.parametrize("ask", [by_password, by_form])
async def test_names(place: Place, work: Work, ask: Callable[[str], Ask]) -> None:
    async with a_browser(place) as client:
        await sign_up_by_form(client, "River")
        known = await told(work, client, ask("River"), name="River")
        unknown = await told(work, client, ask("Delta"), name="Delta")

    assert known == unknown
    assert known[0] == 401
    assert known[3].count("argon2") == 1


async def test_names_of_staff(place: Place, work: Work) -> None:
    new = NewStaff(name="Gu", role=Role.ADMIN, stored=hash_password(PASSWORD), factor=FACTOR)
    opening = partial(open_staff, new=new, factor_key=place.people.factor_key, acting=ADMIN)
    await place.db.act(partial(opening, now=place.now))
    async with a_browser(place) as client:
        known = await told(work, client, by_password("Gu", code="000000"), name="Gu")
        unknown = await told(work, client, by_password("Xu", code="000000"), name="Xu")

    assert known == unknown
    assert known[3].count("argon2") == 1


async def test_passkeys(place: Place, work: Work) -> None:
    """One that is known, by another's key; one that nobody has; and one of nobody."""
    known, unknown = a_device(), a_device(credential=b"u" * 32)
    async with a_browser(place) as client:
        assert await sign_up(client, known, "River") == (201, "")
        unknown.user, forged = known.user, a_device()
        forged.user = known.user
        stranger = a_device(credential=b"s" * 32)
        stranger.user = "x" * 22
        said = [
            await told(work, client, by_passkey(one), name="River")
            for one in (forged, unknown, stranger)
        ]

    assert said[0] == said[1] == said[2]
    assert said[0][0] == 403
    assert said[0][3].count("signature") == 1


async def test_addresses(place: Place, work: Work) -> None:
    async with letters.a_browser(place) as client:
        await letters.choose(place, client)
        known = await told(work, client, by_letter(letters.ADDRESS), name="")
        unknown = await told(work, client, by_letter("nobody@example.org"), name="")

    assert known == unknown
    assert known[0] == 202


def test_the_first_unknown_name_costs_no_hash_of_its_own() -> None:
    """What stands for nobody's password is made up, and is looked at as long as a real one."""
    passwords.nobodys.cache_clear()
    made, real = passwords.nobodys().split("$"), hash_password(PASSWORD).split("$")

    assert made[:4] == real[:4]
    assert [len(part) for part in made] == [len(part) for part in real]
    assert not passwords.is_right(PASSWORD, None)
