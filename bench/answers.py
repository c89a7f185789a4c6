"""Whether the time of an answer says who is known here: names, passkeys and addresses.

    python -m bench.answers [--quick]

Somebody who is known and gets it wrong, and somebody who is not, in turns; each in a five minutes
of its own, so that no limit is met. CPU of the whole process, in which everything happens. The
figure is the dearer of the two medians divided by the other: 1 says nothing.
"""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import process_time

import structlog
from tests.web.account import test_linking as letters
from tests.web.account.build import Client, Place, sign_up_by_form
from tests.web.account.test_passkeys import a_browser, a_device
from tests.web.account.test_programs import sign_up
from tests.web.account.test_same_answers import Ask, by_form, by_letter, by_passkey, by_password

from bench.figures import QUICK, Figure, median, report
from bench.newsroom import an_instance

TURNS = 15 if QUICK else 150
BAR = 1.05


def measure() -> Iterator[Figure]:
    for what, figures in asyncio.run(_all()).items():
        known, unknown = (median(one) * 1000 for one in figures)
        ratio = max(known, unknown) / min(known, unknown)
        note = f"{known:.2f} ms known, {unknown:.2f} ms unknown"
        yield Figure(what=f"who is known: {what}", value=ratio, unit="x", most=BAR, note=note)


async def _all() -> dict[str, tuple[list[float], list[float]]]:
    with tempfile.TemporaryDirectory() as made:
        instance = an_instance(Path(made) / "news")
        db, vault = instance.open_database(), instance.open_vault()
        try:
            return await _by_what(Place(db, vault, Path(made)))
        finally:
            await db.close()
            await vault.close()


async def _by_what(place: Place) -> dict[str, tuple[list[float], list[float]]]:
    found = {}
    device, stranger = a_device(), a_device(credential=b"s" * 32)
    stranger.user = "x" * 22
    async with a_browser(place) as client:
        await sign_up_by_form(client, "River")
        await sign_up(client, device, "Reed")
        forged = a_device()
        forged.user = device.user
        for what, known, unknown in (
            ("names, as JSON", by_password("River"), by_password("Delta")),
            ("names, on the page", by_form("River"), by_form("Delta")),
            ("passkeys", by_passkey(forged), by_passkey(stranger)),
        ):
            found[what] = await _in_turns(place, client, known, unknown)
    async with letters.a_browser(place) as client:
        await letters.choose(place, client, name="Ferryman")
        pair = by_letter(letters.ADDRESS), by_letter("nobody@example.org")
        found["addresses"] = await _in_turns(place, client, *pair)
    return found


async def _in_turns(
    place: Place, client: Client, known: Ask, unknown: Ask
) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS + 1):
        for times, ask in zip(taken, (known, unknown), strict=True):
            place.now += timedelta(minutes=6)
            client.cookies.clear()
            before = process_time()
            await ask(client)
            if turn:  # the first of each wakes things up
                times.append(process_time() - before)
    return taken


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    report("answers", measure)
