"""`gentie site`: open sites, list them, and change what was said of one."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from gentie.actions.operations.alias_thread import alias_thread
from gentie.actions.operations.change_regime import change_regime
from gentie.actions.operations.list_origin import list_origin
from gentie.actions.operations.merge_threads import merge_threads
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.actions.operations.put_online import put_online
from gentie.actions.operations.renew_site_token import renew_site_token
from gentie.actions.operations.set_site_key import set_site_key
from gentie.kernel.actor import OPERATOR
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.sites import queries
from gentie.sites.model import Site
from gentie.vault.keys import load_or_make_index_key
from gentie.visits.model import SiteKey
from gentie.visits.tokens import key_in, lock_secret
from gentie.visits.users.queries import keys_of

T = TypeVar("T")


class Beside(Protocol):
    async def act(self, body: Callable[[sa.Connection], T]) -> T: ...
    async def read(self, body: Callable[[sa.Connection], T]) -> T: ...


class Instance(Protocol):
    def beside(self) -> AbstractAsyncContextManager[Beside]: ...
    def index_key_file(self) -> Path: ...


@click.group()
def site() -> None:
    """Open sites, list them, and change what was said of one."""


@site.command("add")
@click.argument("key")
@click.option("--name", required=True, help="As readers know it.")
@click.option("--regime", default="neutral", show_default=True)
@click.option("--test", is_flag=True, help="A test site: may choose a text not in force.")
@click.option("--lang", default="zh-CN", show_default=True)
@click.option("--origin", "origins", multiple=True, help="Web origin that may embed it.")
@click.option("--assessment", required=True, help="Id of its security assessment.")
@click.pass_obj
def add(
    instance: Instance,
    *,
    key: str,
    name: str,
    regime: str,
    test: bool,
    lang: str,
    origins: tuple[str, ...],
    assessment: str,
) -> None:
    """Open a site. Its token is shown now and never again."""
    new = NewSite(
        id=SiteId(key),
        name=name,
        regime=regime,
        test=test,
        lang=lang,
        origins=origins,
        assessment=assessment,
    )
    token = _act(instance, partial(open_site, wanted=new, acting=OPERATOR, now=utc_now()))
    click.echo(f"Site {key} is open under {regime}. Its token, shown only now:\n{token}")


@site.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def list_(instance: Instance, *, as_json: bool) -> None:
    """All sites."""
    found: list[Site] = asyncio.run(_read(instance))
    if as_json:
        shown = [{"id": s.id, "name": s.name, "regime": s.regime, "test": s.test} for s in found]
        click.echo(msgspec.json.encode(shown))
        return
    table = Table("site", "name", "regime", "test", box=None)
    for one in found:
        table.add_row(one.id, one.name, one.regime, "yes" if one.test else "")
    Console().print(table)


@site.command("regime")
@click.argument("key")
@click.argument("regime")
@click.pass_obj
def regime(instance: Instance, *, key: str, regime: str) -> None:
    """Put a site under another regime from now on. What stands keeps the stamp of its time."""
    change = partial(
        change_regime, site=SiteId(key), regime_id=regime, acting=OPERATOR, now=utc_now()
    )
    _act(instance, change)
    click.echo(f"Site {key} is under {regime} now.")


@site.command("origin")
@click.argument("key")
@click.argument("change", type=click.Choice(["list", "add", "remove"]))
@click.argument("origin", default="")
@click.pass_obj
def origin_(instance: Instance, *, key: str, change: str, origin: str) -> None:
    """Show, or change, which web origins may embed site KEY. What is removed ends at once."""
    if change == "list":
        sites = {one.id: one for one in asyncio.run(_read(instance))}
        found = sites.get(SiteId(key))
        if found is None:
            raise click.ClickException(f"there is no site {key}")
        click.echo("\n".join(found.origins) or f"Site {key} may be embedded nowhere.")
        return
    changing = partial(list_origin, site=SiteId(key), origin=origin, listed=change == "add")
    origins = _act(instance, partial(changing, acting=OPERATOR, now=utc_now()))
    click.echo("\n".join(origins) or f"Site {key} may be embedded nowhere now.")


@site.command("token")
@click.argument("key")
@click.pass_obj
def token(instance: Instance, *, key: str) -> None:
    """Give the server of site KEY another token. The old one is of no more use from now on."""
    renewing = partial(renew_site_token, site=SiteId(key), acting=OPERATOR, now=utc_now())
    click.echo(f"The token of site {key}, shown only now:\n{_act(instance, renewing)}")


@site.command("key")
@click.argument("key")
@click.argument("change", type=click.Choice(["list", "add", "remove"]))
@click.argument("kid", default="")
@click.option("--public", type=click.File("rb"), help="A public key as PEM: P-256 or Ed25519.")
@click.pass_obj
def key_(instance: Instance, *, key: str, change: str, kid: str, public: BinaryIO | None) -> None:
    """Keys with which the server of site KEY signs for its users.

    Without --public a shared secret (HS256) is made, and shown only now.
    """
    where = SiteId(key)
    if change == "list":
        for name, found in asyncio.run(_read_with(instance, partial(keys_of, site=where))).items():
            click.echo(f"{name} {found.alg}")
        return
    if not kid:
        raise click.UsageError("KID is needed: the id that stands in the head of each token")
    made, secret = _new_key(instance, where, kid, public) if change == "add" else (None, "")
    setting = partial(set_site_key, site=where, kid=kid, key=made, acting=OPERATOR, now=utc_now())
    if not _act(instance, setting):
        raise click.ClickException(f"site {key} has no key {kid}")
    click.echo(f"Site {key}: key {kid} {'added' if made else 'removed'}.")
    if secret:
        click.echo(f"Its secret, base64url, shown only now:\n{secret}")


@site.command("alias")
@click.argument("key")
@click.argument("thread")
@click.argument("alias")
@click.pass_obj
def alias(instance: Instance, *, key: str, thread: str, alias: str) -> None:
    """Let ALIAS, an old address or identifier, reach the thread that THREAD names on site KEY."""
    named = partial(alias_thread, site=SiteId(key), key=thread, alias=alias)
    _act(instance, partial(named, acting=OPERATOR, now=utc_now()))
    click.echo(f"{alias} is the thread {thread} now.")


@site.command("online")
@click.argument("key")
@click.argument("function")
@click.option("--assessment", required=True, help="Id of the security assessment of it.")
@click.pass_obj
def online(instance: Instance, *, key: str, function: str, assessment: str) -> None:
    """Put FUNCTION, such as comment.danmaku, online on site KEY."""
    putting = partial(put_online, site=SiteId(key), name=function, assessment=assessment)
    _act(instance, partial(putting, acting=OPERATOR, now=utc_now()))
    click.echo(f"{function} is online on {key}, under {assessment}.")


@site.command("merge-threads")
@click.argument("key")
@click.argument("thread")
@click.argument("into")
@click.pass_obj
def merge(instance: Instance, *, key: str, thread: str, into: str) -> None:
    """Move what was imported to THREAD into INTO, on site KEY; THREAD reaches that then."""
    moved = 0
    while True:
        merging = partial(merge_threads, site=SiteId(key), key=thread, into=into)
        done = _act(instance, partial(merging, acting=OPERATOR, now=utc_now()))
        moved += done.moved
        if not done.left:
            break
    click.echo(f"{moved} comments moved; {thread} is {into} now.")


def _new_key(
    instance: Instance, site: SiteId, kid: str, public: BinaryIO | None
) -> tuple[SiteKey, str]:
    """The key as it is kept, and what is shown of it. Raises ClickException."""
    if public is not None:
        try:
            return key_in(kid, public.read()), ""
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.code}: {refusal.says}") from refusal
    secret = new_salt()
    lock = load_or_make_index_key(instance.index_key_file()).derive("site-users")
    locked = lock_secret(secret, key=lock, site=site, kid=kid)
    return SiteKey(kid=kid, alg="HS256", key=locked), urlsafe_b64encode(secret).decode().rstrip("=")


def _act(instance: Instance, body: Callable[[sa.Connection], T]) -> T:
    async def act() -> T:
        async with instance.beside() as db:
            return await db.act(body)

    try:
        return asyncio.run(act())
    except Refusal as refusal:
        facts = ", ".join(f"{name} {value}" for name, value in refusal.facts.items())
        said = f"{refusal.code}: {refusal.says}" + (f" ({facts})" if facts else "")
        raise click.ClickException(said) from refusal


async def _read(instance: Instance) -> list[Site]:
    return await _read_with(instance, queries.all_sites)


async def _read_with(instance: Instance, body: Callable[[sa.Connection], T]) -> T:
    async with instance.beside() as db:
        return await db.read(body)
