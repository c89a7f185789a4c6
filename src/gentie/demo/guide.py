"""What a visitor is told at the start: what to open, and as whom."""

from collections.abc import Iterator
from pathlib import Path

from gentie.demo.building import ACCOUNTS, read_accounts
from gentie.demo.pages import pages_to_open


def guide(address: str, folder: Path) -> str:
    """Lines for a terminal. The last says that requests are taken."""
    return "\n".join((*_pages(address), *_people(folder), "", f"Gentie is ready on {address}"))


def _pages(address: str) -> Iterator[str]:
    yield from ("", "Pages to open:")
    for name, path in pages_to_open():
        yield f"  {name:<18} {address}{path}"


def _people(folder: Path) -> Iterator[str]:
    yield from ("", f"People (with their tokens in {folder / ACCOUNTS}):")
    for one in read_accounts(folder):
        yield f"  {one.role:<18} {one.name}   password {one.password}"
        if one.totp_secret:
            yield f"  {'':<18} second factor {one.totp_secret}"
