"""The demo newsroom in one database, with more in it than the demo shows: every state there is."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import NewSession, Purpose, Role, SessionKind
from gentie.accounts.queries import all_staff
from gentie.accounts.roles import actor_of_account, actor_of_staff
from gentie.accounts.store import add_session
from gentie.accounts.tables import accounts, passwords
from gentie.actions.grievances.file_report import Report, file_report
from gentie.actions.identity.change_name import change_name
from gentie.actions.identity.claim_archive_name import claim_archive_name
from gentie.actions.identity.close_account import close_account
from gentie.actions.identity.connect_site import connect_site
from gentie.actions.identity.exchange_code import exchange_code
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.make_claim_link import make_claim_link
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.propose_measure import Wanted as Wish
from gentie.actions.moderation.propose_measure import propose_measure
from gentie.actions.operations.approve_screening_rules import approve_screening_rules
from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.operations.draft_screening_rules import draft_screening_rules
from gentie.actions.operations.note_sampling import note_sampling
from gentie.actions.operations.restore_site import Restored, restore_site
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.actions.posting.keep_away import keep_away
from gentie.actions.posting.limit_replies import limit_replies
from gentie.actions.posting.protect_account import protect_account
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.boundaries.model import Keep, Replies
from gentie.cli.restore_site import MOVER
from gentie.comments.tables import archive_authors, comments
from gentie.danmaku.model import Stream, StreamKind
from gentie.decisions.model import Measure
from gentie.decisions.queries import get as get_decision
from gentie.decisions.store import confirm
from gentie.decisions.tables import decisions, reversals
from gentie.demo.building import Wanted, build, make_drafts, make_secrets
from gentie.demo.cast import Keys, person_names
from gentie.demo.content import read_content
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.actor import ANYONE, OPERATOR, SERVICE, Actor, Kind
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId, ActorId, CommentId, CommentRef, SiteId, ThreadId
from gentie.ledger.keeping import Signer
from gentie.media.adapters.objects import PUBLIC, Objects, open_objects
from gentie.media.model import Kind as Media
from gentie.moving.file import lines_of, read_records
from gentie.moving.media import Unpacking
from gentie.moving.queries import records_of
from gentie.moving.records.format import Record
from gentie.pages.boundaries import load_bundle
from gentie.review.tables import items
from gentie.screening.model import RuleSet
from gentie.screening.pipeline import compile_rules
from gentie.screening.rules import BUILT_IN
from gentie.sites.model import SwitchKind, ThreadClass
from gentie.sites.queries import find_thread
from gentie.standing.model import Measure as OnAccount
from gentie.storage.db import Database
from gentie.visits.model import Door, Way
from gentie.visits.rules import challenge_of
from tests.danmaku.build import a_film, a_line
from tests.media.build import digest, uploaded
from tests.newsroom import a_draft
from tests.screening.build import a_list

NOW = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
DAILY = SiteId("daily")
MONTH = timedelta(days=30)
ORIGIN = "old.example/log"


async def a_newsroom(db: Database, signer: Signer, folder: Path) -> None:
    """The demo, some work under way, and a log that is signed but for the last few leaves."""
    content = read_content()
    wanted = Wanted(
        content=content,
        keys=Keys(
            factor=bytes(32),
            persons={who: f"PERSON-{who}" for who in person_names(content)},
            secrets=make_secrets(content),
        ),
        drafts=make_drafts(content, compile_rules(BUILT_IN, now=NOW)),
        archive=[],
        folder=folder,
        base_url="https://news.example",
    )
    await db.act(partial(build, wanted=wanted, tell=lambda _done, _of: None, now=NOW))
    await db.act(_approve_rules)
    await sequence_once(db, signer, now=NOW)
    await db.act(_work_under_way)
    await db.act(_post_picture)
    picture = folder / "picture"
    await asyncio.to_thread(picture.write_bytes, Media.PICTURE.encode())
    await store_of(signer).put(PUBLIC, digest(Media.PICTURE.encode()), picture)


async def written(db: Database, signer: Signer, site: SiteId = DAILY) -> bytes:
    """The whole export."""

    fetch = partial(store_of(signer).get_now, PUBLIC)

    def write(tx: sa.Connection) -> bytes:
        return b"".join(lines_of(records_of(tx, site, vkey=signer.key.vkey, fetch=fetch)))

    return await db.read(write)


def keep(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


async def restored(db: Database, content: bytes, signer: Signer) -> Restored:
    file = keep(signer.mark.path.with_name("moving.jsonl"), content)
    put = partial(store_of(signer).put_file_now, PUBLIC)
    unpacking = Unpacking(put, signer.mark.path.parent)

    def read() -> Iterator[Record]:
        return unpacking.without_bytes(read_records(file))

    return await db.act(
        partial(restore_site, read=read, vkey=signer.key.vkey, acting=MOVER, now=NOW)
    )


def store_of(signer: Signer) -> Objects:
    """Where the instance with this key keeps its files."""
    return open_objects("", signer.mark.path.parent / "media")


def _post_picture(tx: sa.Connection) -> None:
    """It waits for a person, as every picture does here."""
    wrote = sa.select(comments.c.author_id).where(comments.c.state == "published")
    me = actor_of_account(AccountId(str(tx.scalar(wrote.order_by(comments.c.id)))))
    picture = uploaded(tx, me, site=DAILY)
    submission = Submission(site=DAILY, key="post-7", draft=a_draft("Look"), media=(picture,))
    submit_comment(tx, submission, acting=me, now=NOW)


def _approve_rules(tx: sa.Connection) -> None:
    drafted = RuleSet(terms=(a_list("刷单", reason="trade in false orders"),))
    writer, approver = (_officer(name) for name in ("one", "two"))
    first = draft_screening_rules(tx, drafted, acting=writer, now=NOW)
    approve_screening_rules(tx, first.version, acting=approver, now=NOW)
    draft_screening_rules(tx, drafted, acting=writer, now=NOW)


def _officer(name: str) -> Actor:
    scopes = frozenset({"rules:draft", "rules:approve"})
    return Actor(id=ActorId(f"staff:{name}"), kind=Kind.STAFF, scopes=scopes, role="compliance")


def _work_under_way(tx: sa.Connection) -> None:
    """A refusal that can still be undone, a claim, a switch, an archive that waits, a new name."""
    _import(tx)
    _danmaku(tx)
    _review(tx)
    _switch(tx)
    _measure(tx)
    here = sa.select(comments.c.author_id).where(comments.c.site_id == DAILY)
    known = sa.select(passwords.c.account_id).where(passwords.c.account_id.in_(here))
    who = list(tx.scalars(known.order_by(passwords.c.account_id)))
    renamed, closed = (actor_of_account(AccountId(one)) for one in who[:2])
    give_consent(tx, Purpose.IDENTITY_CHECK, acting=renamed, now=NOW)
    _claim(tx, renamed)
    change_name(tx, "Somebody Else", acting=renamed, now=NOW)
    _attack(tx)
    close_account(tx, acting=closed, now=NOW)


def _danmaku(tx: sa.Connection) -> None:
    """A line over a film, and one over a broadcast of news, which waits for review."""
    a_film(tx, DAILY, "film")
    a_film(tx, DAILY, "report", kind=ThreadClass.NEWS)
    began = Stream(kind=StreamKind.LIVE, started_at=NOW, delay=timedelta(seconds=20))
    declare_stream(tx, DAILY, "report", began, acting=OPERATOR, now=NOW)
    film = find_thread(tx, DAILY, "film")
    assert film is not None
    note_sampling(tx, film.id, 8, acting=SERVICE, now=NOW)
    wrote = sa.select(comments.c.author_id).where(comments.c.state == "published")
    me = actor_of_account(AccountId(str(tx.scalar(wrote.order_by(comments.c.id)))))
    a_line(tx, me, site=DAILY, key="film", text="Here it comes", t_ms=0, now=NOW)
    a_line(tx, me, site=DAILY, key="report", text="And there it goes", t_ms=0, now=NOW)


def _attack(tx: sa.Connection) -> None:
    """Somebody keeps another away, saves what they wrote, reports it, and visits a page."""
    mine = comments.alias("mine")
    answers = sa.and_(comments.c.thread_id == mine.c.thread_id, comments.c.parent_id == mine.c.id)
    found = tx.execute(
        sa.select(
            comments.c.thread_id,
            comments.c.id,
            mine.c.id.label("to"),
            mine.c.author_id.label("me"),
        )
        .select_from(comments.join(mine, answers))
        .where(
            comments.c.site_id == DAILY,
            comments.c.state == "published",
            comments.c.author_id != mine.c.author_id,
        )
        .order_by(comments.c.id)
        .limit(1)
    ).one()
    me, thread = actor_of_account(AccountId(found.me)), ThreadId(found.thread_id)
    reply, own = CommentRef(thread, CommentId(found.id)), CommentRef(thread, CommentId(found.to))
    keep_away(tx, reply, Keep.BLOCKED, acting=me, now=NOW)
    limit_replies(tx, own, Replies.KNOWN, acting=me, now=NOW)
    bundle = load_bundle(tx, acting=me, now=NOW)
    made = protect_account(tx, bundle, term=timedelta(hours=1), acting=me, now=NOW)
    report = Report(subject=reply, class_id="abuse", statement="", evidence=made.evidence.id)
    file_report(tx, report, acting=me, now=NOW)
    _visit(tx, me)


def _visit(tx: sa.Connection, me: Actor) -> None:
    session = NewSession(
        token=new_secret(), holder=me.id, kind=SessionKind.COOKIE, expires_at=NOW + MONTH
    )
    add_session(tx, session, now=NOW)
    verifier = "v" * 43
    way = Way(
        site=DAILY,
        origin="https://news.example",
        door=Door.PAGE,
        challenge=challenge_of(verifier),
    )
    giving = partial(connect_site, way=way, service="https://comments.example")
    code = giving(tx, token=session.token, acting=me, now=NOW)
    exchange = partial(exchange_code, code=code, verifier=verifier, origin=way.origin)
    assert exchange(tx, door=Door.PAGE, acting=ANYONE, now=NOW)


def _measure(tx: sa.Connection) -> None:
    """Whoever had something removed on the site is warned; the removal was looked at again."""
    moderator = next(one for one in all_staff(tx) if one.role is Role.MODERATOR)
    removed = sa.select(decisions.c.id).where(
        decisions.c.measure == "remove",
        decisions.c.site_id == DAILY,
        decisions.c.id.not_in(sa.select(reversals.c.decision_id)),
    )
    on = tx.scalars(removed.order_by(decisions.c.id.desc())).all()[0]
    now = get_decision(tx, on).decision.decided_at + timedelta(hours=1)
    wanted = Wish(rests_on=on, measure=OnAccount.WARN, message="Please read the rules.")
    propose_measure(tx, wanted, acting=actor_of_staff(moderator), now=now)
    confirm(tx, on, by=ActorId("staff:another"), now=now)


def _import(tx: sa.Connection) -> None:
    page = ArchivePage(
        site=DAILY,
        source="wxr:https://old.example",
        key="old",
        title="Old",
        url="https://o.example",
    )
    first = Archived(
        source_id="1",
        author="Nobody",
        created_at=NOW - timedelta(days=4000),
        draft=a_draft("An **old** word & <more>."),
    )
    answer = msgspec.structs.replace(first, source_id="2", parent="1")
    mine = msgspec.structs.replace(first, source_id="3", author="Somebody", votes=7)
    import_archive(tx, page, [first, answer, mine], acting=OPERATOR, now=NOW)


def _claim(tx: sa.Connection, acting: Actor) -> None:
    """An imported name gets its owner back; another link stays unused."""
    key = bytes(32)
    named = sa.select(archive_authors.c.author).order_by(archive_authors.c.name)
    _, link = (
        make_claim_link(tx, AccountId(author), key=key, acting=OPERATOR, now=NOW)
        for author in tx.scalars(named).all()
    )
    claim_archive_name(tx, link.token, key=key, acting=acting, now=NOW)


def _review(tx: sa.Connection) -> None:
    moderator = next(one for one in all_staff(tx) if one.role is Role.MODERATOR)
    acting = actor_of_staff(moderator)
    waiting = sa.select(items.c.id).where(items.c.state == "open", items.c.site_id == DAILY)
    planned, claimed = list(tx.scalars(waiting.order_by(items.c.id).limit(2)))
    claim = claim_item(tx, planned, acting=acting, now=NOW)
    opinion = Opinion(
        measure=Measure.REFUSE,
        version=claim.version,
        class_id="spam",
        facts="It sells something.",
        message="No advertising, please.",
    )
    decide_item(tx, planned, opinion, acting=acting, now=NOW)
    claim_item(tx, claimed, acting=acting, now=NOW)


def _switch(tx: sa.Connection) -> None:
    chief = next(one for one in all_staff(tx) if one.role is Role.CHIEF_EDITOR)
    wanted = SwitchWanted(
        site=DAILY,
        thread=None,
        kind=SwitchKind.HOLD_ALL,
        reason="A busy evening",
        until=NOW + timedelta(hours=5),
    )
    set_switch(tx, wanted, acting=actor_of_staff(chief), now=NOW)


def pseudonyms(tx: sa.Connection) -> list[str]:
    return list(tx.scalars(sa.select(accounts.c.name)))
