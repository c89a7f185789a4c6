"""The desk on a real port, with a lively queue, real sign-in and a real clock."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import msgspec
import sqlalchemy as sa

from gentie.accounts import totp
from gentie.accounts.model import Role
from gentie.accounts.passwords import hash_password
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.operations.declare_thread import declare_thread
from gentie.actions.posting.routing import Submitted
from gentie.decisions.model import Measure
from gentie.kernel.actor import SERVICE, Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import SiteId
from gentie.media import store as files
from gentie.migrations.schema import metadata_of
from gentie.review.queries import find_on
from gentie.screening.model import Action, Finding, Outcome, Span, Verdict
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage.db import Database
from gentie.vault.keys import IndexKey, load_public_key, make_seal_keys
from gentie.vault.sealing import NetworkSealer
from gentie.web.access import Access
from gentie.web.account import pages as account_pages
from gentie.web.app import create_app
from gentie.web.console import api, pages
from gentie.web.people import People
from tests.actions.identity.build import ADMIN, FACTOR, PASSWORD
from tests.media.build import uploaded
from tests.newsroom import CLEO, DAILY, OPERATOR, a_person, a_site, post, ref_of, staff
from tests.web.build import a_services
from tests.web.serving import served

FERRY, MARKET = "article", "blog"
CHIEF = "Cleo Chief"
MODERATOR = "Ann Moderator"


class Live(msgspec.Struct, frozen=True):
    url: str
    published: str
    """Ref of a comment that is public."""
    removed: str


class LiveDesk:
    """Serves while it is entered, on a thread of its own: for browsers that wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready: SimpleQueue[Live | None] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Live:
        self._thread.start()
        live = self._ready.get()
        assert live is not None, "the desk did not start"
        return live

    def __exit__(self, *how: object) -> None:
        self._over.set()
        self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._run())
        finally:
            self._ready.put(None)

    async def _run(self) -> None:
        db, vault = (self._database(name) for name in ("main", "vault"))
        async with live_desk(db, vault, self._folder) as live:
            self._ready.put(live)
            await asyncio.to_thread(self._over.wait)
        await db.close()
        await vault.close()

    def _database(self, name: str) -> Database:
        made = Database(f"sqlite:///{self._folder}/{name}.db")
        metadata_of(name).create_all(made.engine.sql)
        return made


@asynccontextmanager
async def live_desk(db: Database, vault: Database, folder: Path) -> AsyncIterator[Live]:
    """A newsroom with a queue of seven; Ann and Cleo sign in with `PASSWORD` and `code_now`."""
    make_seal_keys(folder / "vault.pub", folder / "safe" / "vault.key")
    people = People(
        access=Access(db, clock=utc_now, base_url="http://127.0.0.1"),
        vault=vault,
        index_key=IndexKey(1, bytes(32)),
        sealer=NetworkSealer(load_public_key(folder / "vault.pub"), tenant="t1"),
        tenant="t1",
        providers={},
    )
    stored = hash_password(PASSWORD)
    for name, role in ((MODERATOR, Role.MODERATOR), (CHIEF, Role.CHIEF_EDITOR)):
        new = NewStaff(name=name, role=role, stored=stored, factor=FACTOR)
        opening = partial(open_staff, new=new, factor_key=people.factor_key, acting=ADMIN)
        await db.act(partial(opening, now=utc_now()))
    published, removed = await db.act(partial(fill, now=utc_now()))
    services = a_services(
        db, clock=utc_now, people=people, authenticate=people.access.identify, base_url="http://x"
    )
    app = create_app(services, (*account_pages.routes, *api.routes, *pages.routes))
    async with served(app) as url:
        yield Live(url, published, removed)


def code_now() -> str:
    return totp.code_of(FACTOR, totp.counter_at(utc_now()))


def fill(tx: sa.Connection, *, now: datetime) -> tuple[str, str]:
    """Comments that wait, that are public and that were removed. Returns refs of the last two."""
    a_site(tx)
    a_site(tx, SiteId("notebook"), regime="neutral")
    for key, title, kind in (
        (FERRY, "夜班公交回来以后", ThreadClass.NEWS),
        (MARKET, "The ferry timetable", ThreadClass.NEWS),
    ):
        declaration = Declaration(
            title=title, url=f"https://page.example/{key}", kind=kind, mode=Mode.PRE, owner=""
        )
        declare_thread(tx, DAILY, key, declaration, acting=OPERATOR, now=now)
    (chief,) = staff(tx, msgspec.structs.replace(CLEO, id="77"))
    shore, tea = a_person(tx, "岸上的人"), a_person(tx, "阿茶不加糖")
    parent = _post(
        tx, tea, "我就是车上背琴的那个。司机会等一下跑着来的人，这比时刻表要紧。", 40, now=now
    )
    _decide(tx, parent, chief, Measure.PUBLISH, now=now)
    gone = _post(tx, shore, "低价代购演唱会门票，加群细聊。", 38, now=now)
    _decide(tx, gone, chief, Measure.PUBLISH, now=now)
    removal = Removal(class_id="spam", facts="涉及内容：“低价代购”。", message="已删除，可申诉。")
    remove_comment(tx, ref_of(gone), removal, acting=chief, now=now - timedelta(minutes=30))
    refused = _post(tx, shore, "她家就在码头后巷 12 号。", 35, now=now)
    _decide(tx, refused, chief, Measure.REFUSE, now=now)
    text = "司机工号 4471 家住老码头二号楼 302，大家去问问他为什么不停。"
    found = [("privacy", "Address pattern", "家住老码头二号楼 302", 0.88)]
    _post(tx, shore, text, 3.7, now=now, found=found, to=parent)
    ads = [("spam", "Contact bait", "加我详聊", 0.91)]
    _post(tx, tea, "代购限量票，加我详聊，先到先得，比现场便宜一半。", 3, now=now, found=ads)
    _post(tx, tea, "Does anyone know if bikes are allowed on the 7am crossing now?", 2.5, now=now)
    _post(tx, shore, "建议摊位按原来的顺序排，老顾客找得到。二楼的坡道别忘了。", 1.4, now=now)
    _post(tx, tea, "同意楼上，另外停车那段写得含糊。", 0.8, now=now, to=parent)
    sign = _post(tx, shore, "站牌换成这样了，字太小，老人看不清。", 0.5, now=now)
    files.attach(tx, [uploaded(tx, shore, site=DAILY, text="渡口 6:40")], ref_of(sign))
    _post(tx, tea, "这个镜头绝了", 0.2, now=now)
    return parent.id, gone.id


def _post(
    tx: sa.Connection,
    by: Actor,
    text: str,
    minutes: float,
    *,
    now: datetime,
    found: list[tuple[str, str, str, float]] | None = None,
    to: Submitted | None = None,
) -> Submitted:
    findings = tuple(
        Finding(
            detector="patterns",
            version="1",
            class_id=class_id,
            action=Action.HOLD,
            spans=(Span(text.index(quote), text.index(quote) + len(quote)),),
            says=says,
            score=score,
        )
        for class_id, says, quote, score in found or []
    )
    outcome = Outcome.HOLD if findings else Outcome.PASS
    verdict = Verdict(outcome=outcome, findings=findings, rule="screening/1", failed=())
    key = MARKET if text.isascii() else FERRY
    at = now - timedelta(minutes=minutes)
    return post(tx, by, text=text, site=DAILY, key=key, verdict=verdict, to=to, now=at)


def _decide(
    tx: sa.Connection, made: Submitted, by: Actor, measure: Measure, *, now: datetime
) -> None:
    item = find_on(tx, ref_of(made))
    assert item is not None
    at = now - timedelta(minutes=32)
    version = claim_item(tx, item.id, acting=by, now=at).version
    opinion = Opinion(
        measure=measure,
        version=version,
        class_id="privacy",
        facts="涉及内容：“码头后巷 12 号”。",
        message="未能发布，可申诉。",
    )
    decide_item(tx, item.id, opinion, acting=by, now=at)
    take_effect(tx, item.id, acting=SERVICE, now=now)
