"""Build the newsroom: sites, people, and everything that has happened. One transaction.

What is there is there whole: a build that was killed left nothing behind, and the next start
builds again. The files with the passwords are written before the commit for the same reason.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.accounts.passwords import hash_password
from gentie.accounts.totp import new_factor
from gentie.actions.identity.publish_agreements import publish_agreements
from gentie.actions.identity.publish_rules import publish_rules
from gentie.actions.identity.remember_person import remember_person
from gentie.actions.moderation.decide_item import TAKE_EFFECT
from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.operations.open_site import NewSite, open_site
from gentie.actions.operations.put_online import put_online
from gentie.actions.oversight.assess_impact import Assessed, assess_impact
from gentie.actions.place import PAGE_CHANGED, SITE_CHANGED
from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.actions.posting.make_draft import Draft, make_draft, make_line
from gentie.actions.telling import ANSWERED, DECIDED
from gentie.catalogue.regimes import get_regime
from gentie.danmaku import model as danmaku
from gentie.demo.cast import Entry, Keys, Secret, again, enter, good_for, join, person_names
from gentie.demo.content import CHANGED, Content, Kind, Thread, read_impacts
from gentie.demo.play import Play
from gentie.demo.script import scenes_of
from gentie.kernel.actor import OPERATOR, SERVICE, Actor
from gentie.kernel.actor import Kind as ActorKind
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.ids import ActorId, SiteId
from gentie.media import model as media
from gentie.privacy.impact.model import Result
from gentie.screening.pipeline import CompiledRules
from gentie.sites import queries as sites
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage import outbox
from gentie.vault.model import Fingerprint

ACCOUNTS: Final = "accounts.json"
SITES: Final = "sites.json"
OPENED: Final = timedelta(days=45)
"""How long ago the newsroom opened: before its first comment."""
_HOLDS: Final = timedelta(days=365)
"""How long the impact assessments of the demo hold."""
_AN_EVENING: Final = timedelta(hours=6)
_CARRIED_OUT = frozenset({ANSWERED, DECIDED, PAGE_CHANGED, SITE_CHANGED, TAKE_EFFECT})

Told = Callable[[int, int], None]
"""Hears how many of how many things have happened."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    content: Content
    keys: Keys
    drafts: dict[str, Draft]
    archive: list[tuple[ArchivePage, list[Archived]]]
    """The comments of the old site, by page."""
    folder: Path
    """Where the files for visitors go."""
    base_url: str


class SiteEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of sites.json."""

    site: str
    token: str
    """For the publisher's own server: declares threads."""


def is_built(tx: sa.Connection) -> bool:
    return bool(sites.all_sites(tx))


def make_secrets(content: Content) -> dict[str, Secret]:
    """A new password for each part, and one that nobody knows for everybody else."""
    return {role: _secret() for role in ("", *(part.role for part in content.cast))}


def make_drafts(content: Content, rules: CompiledRules) -> dict[str, Draft]:
    """Every text, screened, by itself."""
    comments = [comment for thread in content.threads for comment in thread.comments]
    texts = {comment.text for comment in comments}
    texts |= {comment.earlier for comment in comments if comment.fate in CHANGED}
    lines = {line.text for thread in content.threads for line in thread.danmaku}
    made = {text: make_draft(text, rules) for text in texts}
    return made | {text: make_line(text, rules) for text in lines}


def remember_people(
    tx: sa.Connection, content: Content, *, key_version: int, now: datetime
) -> dict[str, str]:
    """Know everybody who is verified. `tx` is the vault's; again, it answers the same."""
    return {
        who: remember_person(
            tx,
            Fingerprint(key_version, digest_of(f"demo/{who}"), "sandbox"),
            acting=_VERIFIER,
            now=now,
        )
        for who in person_names(content)
    }


def build(tx: sa.Connection, wanted: Wanted, *, tell: Told, now: datetime) -> list[Entry]:
    """Everything, up to `now`."""
    opened, content = now - OPENED, wanted.content
    tokens = _open_sites(tx, content, base_url=wanted.base_url, now=opened)
    regimes = sorted({site.regime for site in content.sites})
    publish_agreements(tx, map(get_regime, regimes), acting=SERVICE, now=opened)
    publish_rules(tx, acting=SERVICE, now=opened)
    for thread in content.threads:
        _declare(tx, thread, base_url=wanted.base_url, now=opened)
    for key in sorted({thread.site for thread in content.threads if thread.danmaku}):
        _put_online(tx, SiteId(key), danmaku.FEATURE, now=opened)
    for key in (one.key for one in content.sites if not one.test_site):
        _put_online(tx, SiteId(key), media.FEATURE, now=opened)
    actors = join(tx, content, wanted.keys, regimes=regimes, now=opened)
    _assess(tx, acting=actors["compliance"], now=opened)
    _move_in(tx, wanted.archive, chief=actors["chief_editor"], now=opened)
    voters = [actors[who] for who in reversed(person_names(content))]
    _play(Play(tx, actors, voters, wanted.drafts), content, tell=tell, now=now)
    _settle_messages(tx, now=now)
    entries = _enter(tx, wanted, now=now)
    write_private(wanted.folder / ACCOUNTS, entries)
    write_private(wanted.folder / SITES, tokens)
    return entries


def read_accounts(folder: Path) -> list[Entry]:
    return msgspec.json.decode((folder / ACCOUNTS).read_bytes(), type=list[Entry])


def renew_tokens(
    tx: sa.Connection, content: Content, folder: Path, *, factor_key: bytes, now: datetime
) -> None:
    """Sign in again who could not use their token much longer: those of staff end after a day."""
    parts = {part.role: part for part in content.cast}
    kept = read_accounts(folder)
    entries = [
        one
        if good_for(tx, one.token, _AN_EVENING, now=now)
        else again(tx, parts[one.role], one, factor_key=factor_key, now=now)
        for one in kept
    ]
    if entries != kept:
        write_private(folder / ACCOUNTS, entries)


def write_private(file: Path, content: object) -> None:
    """Whole or not at all, for its owner alone."""
    new = file.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _secret() -> Secret:
    password = new_secret()
    return Secret(password=password, stored=hash_password(password), factor=new_factor())


_VERIFIER = Actor(id=ActorId("demo"), kind=ActorKind.SERVICE, scopes=frozenset({"identity:verify"}))
"""The demo itself, before its people have accounts."""


def _open_sites(
    tx: sa.Connection, content: Content, *, base_url: str, now: datetime
) -> list[SiteEntry]:
    return [
        SiteEntry(
            site=site.key,
            token=open_site(
                tx,
                NewSite(
                    id=SiteId(site.key),
                    name=site.name,
                    regime=site.regime,
                    test=site.test_site,
                    lang="en" if site.regime == "neutral" else "zh-CN",
                    origins=(base_url,),
                    assessment="demo-assessment-1",
                ),
                acting=OPERATOR,
                now=now,
            ),
        )
        for site in content.sites
    ]


_CLASSES = {
    Kind.NEWS: ThreadClass.NEWS,
    Kind.BLOG: ThreadClass.BLOG,
    Kind.GUESTBOOK: ThreadClass.GUESTBOOK,
    Kind.VIDEO: ThreadClass.VIDEO,
}


def _declare(tx: sa.Connection, thread: Thread, *, base_url: str, now: datetime) -> None:
    """As the site's own server does, by its token."""
    site = SiteId(thread.site)
    server = Actor(
        id=ActorId(f"site:{site}"),
        kind=ActorKind.SITE,
        scopes=frozenset({"thread:declare"}),
        site=site,
    )
    declaration = Declaration(
        title=thread.title,
        url=f"{base_url}{path_of(thread)}",
        kind=_CLASSES[thread.kind],
        mode=Mode.PRE if thread.kind is Kind.NEWS else Mode.POST,
        owner="",
    )
    declare_thread(tx, site, thread.key, declaration, acting=server, now=now)


def _put_online(tx: sa.Connection, site: SiteId, name: str, *, now: datetime) -> None:
    put_online(tx, site=site, name=name, assessment="demo-assessment-2", acting=OPERATOR, now=now)


def _assess(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """What the law wants assessed before anything is kept of anybody."""
    for purpose, words in read_impacts().items():
        said = Assessed(
            purpose=purpose,
            result=Result.WITH_MEASURES,
            review_at=now + _HOLDS,
            **words,
        )
        assess_impact(tx, said, acting=acting, now=now)


def _move_in(
    tx: sa.Connection,
    archive: list[tuple[ArchivePage, list[Archived]]],
    *,
    chief: Actor,
    now: datetime,
) -> None:
    """The old site came along: imported by the operator, published by the chief editor."""
    batches = set()
    for page, items in archive:
        told = import_archive(tx, page, items, acting=OPERATOR, now=now)
        batches.add(told.batch)
    for batch in sorted(batches - {""}):
        while approve_import(tx, batch, acting=chief, now=now + timedelta(hours=3)):
            pass


def path_of(thread: Thread) -> str:
    """Where the publisher's own page of a thread is."""
    return f"/demo/{thread.key}"


def _play(play: Play, content: Content, *, tell: Told, now: datetime) -> None:
    scenes = scenes_of(content, start=now)
    for number, scene in enumerate(scenes, 1):
        play.perform(scene)
        tell(number, len(scenes))


def _settle_messages(tx: sa.Connection, *, now: datetime) -> None:
    """Nobody has seen a page yet, so none has to be made again."""
    taken = outbox.take(tx, now=now, most=1_000_000)
    outbox.done(tx, [message for message in taken if message.topic in _CARRIED_OUT])


def _enter(tx: sa.Connection, wanted: Wanted, *, now: datetime) -> list[Entry]:
    return [
        enter(tx, part, wanted.keys.secrets[part.role], factor_key=wanted.keys.factor, now=now)
        for part in wanted.content.cast
    ]
