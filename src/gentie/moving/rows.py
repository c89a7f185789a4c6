"""Records as rows. What readers are shown is rendered again: a file must not bring markup along."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.accounts import tables as accounts
from gentie.assessments.tables import features
from gentie.cases.tables import appeals_of, case_evidence, case_secrets, cases
from gentie.comments import tables as comments
from gentie.comments.markup import as_line, parse, render_html
from gentie.comments.model import Form, State
from gentie.comments.nodes import kinds_of
from gentie.comments.parts import Part, PartFile
from gentie.danmaku import tables as danmaku
from gentie.decisions import tables as decisions
from gentie.decisions.rows import columns_of
from gentie.kernel.ids import SiteId
from gentie.media import tables as media
from gentie.media.model import Kind
from gentie.moving.records.authors import ArchiveName, AuthorRecord, SourceRecord
from gentie.moving.records.format import Movable
from gentie.moving.records.media import MediaRecord
from gentie.moving.records.sites import Agreement, BatchRecord, RuleSet, SiteRecord
from gentie.moving.records.threads import (
    CaseRecord,
    CommentRecord,
    KeptDecision,
    RevisionRecord,
    ThreadRecord,
)
from gentie.moving.threads import PERSON
from gentie.privacy.tables import closures
from gentie.review.tables import items
from gentie.screening.model import Verdict
from gentie.screening.tables import rule_sets
from gentie.sites import tables as sites
from gentie.standing.tables import sanctions

Row = tuple[sa.Table, dict[str, Any]]
_MOVED_PERSON: Final = "moved:"
"""Stands for the person behind an account that moved: the tie to other accounts did not."""

_TYPE: Final = re.compile(r"(image|audio|video)/[a-z0-9.+-]{1,40}")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")

_encode = msgspec.json.encode
_verdict = msgspec.json.Decoder(Verdict)


def rows_of(record: Movable, site: SiteId) -> Iterator[Row]:
    """What to insert for one record, on a site."""
    match record:
        case SiteRecord():
            yield from _site(record)
        case AuthorRecord():
            yield from _author(record)
        case ThreadRecord():
            yield from _thread(record, site)
        case CommentRecord():
            yield from _comment(record, site)
        case CaseRecord():
            yield from _case(record, site)
        case MediaRecord():
            yield from _media(record, site)
        case _:
            yield _single(record, site)


def _single(
    record: Agreement | RuleSet | BatchRecord | ArchiveName | SourceRecord, site: SiteId
) -> Row:
    match record:
        case Agreement():
            return accounts.agreements, _plain(record) | {"text": _encode(record.text)}
        case RuleSet():
            return rule_sets, _rule_set(record)
        case BatchRecord():
            return comments.archive_batches, _batch(record, site)
        case ArchiveName():
            return comments.archive_authors, _archive_name(record, site)
        case SourceRecord():
            return comments.archive_sources, _source(record, site)


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(record)


def _rule_set(record: RuleSet) -> dict[str, Any]:
    salt, approval = record.salt, bytes(record.record)
    return _plain(record) | {
        "body": bytes(record.body),
        "record": None if approval == b"null" else approval,
        "salt": None if salt is None else bytes.fromhex(salt),
    }


def _site(record: SiteRecord) -> Iterator[Row]:
    row = _plain(record) | {"origins": list(record.origins), "token": ""}
    for name in ("regimes", "features", "switches"):
        del row[name]
    yield sites.sites, row
    for since in record.regimes:
        yield sites.site_regimes, _plain(since) | {"site_id": record.id}
    for one in record.features:
        row = {"site_id": record.id, "name": one.name, "assessment_id": one.assessment}
        yield features, row | {"online_at": one.online_at, "by": one.by}
    for switch in record.switches:
        row = _plain(switch) | {"kind": switch.switch.value, "salt": bytes.fromhex(switch.salt)}
        del row["switch"]
        yield sites.switches, row | {"site_id": record.id}


def _batch(record: BatchRecord, site: SiteId) -> dict[str, Any]:
    salt, refusal = record.salt, bytes(record.refusal)
    return _plain(record) | {
        "site_id": site,
        "refusal": None if refusal == b"null" else refusal,
        "salt": None if salt is None else bytes.fromhex(salt),
    }


def _author(record: AuthorRecord) -> Iterator[Row]:
    owner = {"account_id": record.id}
    row: dict[str, Any] = {"name": record.name, "avatar": record.avatar}
    row |= {"badges": list(record.badges), "state": record.state.value}
    row["opened_at"] = record.opened_at
    yield accounts.accounts, owner | row
    for name in record.names:
        yield accounts.names, owner | {"name_key": name.key, "taken_at": name.taken_at}
    for verified in record.verifications:
        person = {"person": f"{_MOVED_PERSON}{record.id}"}
        yield accounts.verifications, owner | _plain(verified) | person
    for accepted in record.acceptances:
        yield accounts.acceptances, owner | _plain(accepted)
    for consent in record.consents:
        said = _plain(consent.said) | {"purpose": consent.said.purpose.value}
        yield accounts.consents, owner | said | {"id": consent.id}
    for notice in record.notices:
        row = _plain(notice) | {"kind": notice.notice}
        del row["notice"]
        yield decisions.notices, owner | row
    for sanction in record.sanctions:
        row = _plain(sanction) | {"site_id": sanction.site, "measure": sanction.measure.value}
        del row["site"]
        row["confirmed_by"] = sanction.confirmed_by or None
        yield sanctions, owner | row
    if record.closing:
        row = _plain(record.closing) | {"comments": record.closing.comments.value}
        yield closures, owner | row


def _thread(record: ThreadRecord, site: SiteId) -> Iterator[Row]:
    for key in (record.key, *record.more_keys):
        yield sites.thread_keys, {"site_id": site, "key": key, "thread_id": record.id}
    yield (
        sites.threads,
        {
            "thread_id": record.id,
            "site_id": site,
            "key": record.key,
            "title": record.title,
            "url": record.url,
            "kind": record.class_.value,
            "mode": record.mode.value,
            "owner": record.owner,
            "declared": record.declared,
            "created_at": record.created_at,
        },
    )
    for change in record.changes:
        row = _plain(change) | {"kind": change.class_.value, "mode": change.mode.value}
        del row["class_"]
        row |= {"thread_id": record.id, "salt": bytes.fromhex(change.salt)}
        yield sites.class_changes, row
    if record.stream is not None:
        row = _plain(record.stream) | {"kind": record.stream.video.value, "thread_id": record.id}
        del row["video"]
        yield danmaku.streams, row
    for segment in record.segments:
        yield danmaku.segments, _plain(segment) | {"thread_id": record.id}
    for rate in record.sampled:
        yield danmaku.rates, _plain(rate) | {"thread_id": record.id}


def _comment(record: CommentRecord, site: SiteId) -> Iterator[Row]:
    shown: dict[str, Any] = {"nodes": None, "html": None, "plain": None, "parts": None}
    for revision in map(_with_parts, record.revisions):
        rendered = _rendered(revision.text, line=record.form is Form.DANMAKU)
        yield comments.revisions, _revision(record, revision, rendered)
        if revision.number == record.revision:
            parts = _encode(revision.parts) if revision.parts else None
            shown = {name: {**rendered, "parts": parts}[name] for name in shown}
    yield comments.comments, _contribution(record, site) | shown
    if record.danmaku is not None:
        where = {"thread_id": record.thread, "id": record.id, **_plain(record.danmaku)}
        public = int(record.state is State.PUBLISHED)
        yield danmaku.placed, where | {"mode": record.danmaku.mode.value, "shown": public}
    for decision in record.decisions:
        yield from _decision(decision)
    for vote in record.voters or ():
        person = vote.counted_by == "person"
        voter = f"{PERSON}{_MOVED_PERSON}{vote.account}" if person else f"account:{vote.account}"
        cast = {"thread_id": record.thread, "comment_id": record.id, "voter": voter}
        yield comments.votes, cast | {"account": vote.account, "at": vote.at}
    for review in record.reviews or ():
        row: dict[str, Any] = _plain(review)
        row |= {"site_id": site, "thread": record.thread, "comment": record.id}
        planned = None if review.planned is None else _encode(review.planned)
        row |= {"state": review.state.value, "planned": planned}
        yield items, row


def _with_parts(revision: RevisionRecord) -> RevisionRecord:
    """With addresses of our own making.

    Raises:
        ValueError: a kind that there is not, or a type that is none of media.
    """
    parts = tuple(
        msgspec.structs.replace(
            one, kind=Kind(one.kind).value, files=tuple(_file(one, file) for file in one.files)
        )
        for one in revision.parts
    )
    return msgspec.structs.replace(revision, parts=parts)


def _file(part: Part, file: PartFile) -> PartFile:
    if not _TYPE.fullmatch(file.type) or not _NAME.fullmatch(part.id + file.name):
        raise ValueError(file.type)
    return msgspec.structs.replace(file, url=f"/media/{part.id}/{file.name}")


def _media(record: MediaRecord, site: SiteId) -> Iterator[Row]:
    row = _plain(record) | {"kind": record.what.value, "state": record.state.value, "site": site}
    del row["what"]
    _verdict.decode(record.verdict)  # the desk must not stumble over it later
    row |= {"facts": _encode(record.facts), "variants": _encode(record.variants)}
    yield media.attachments, row | {"verdict": bytes(record.verdict), "reason": ""}
    for one in record.variants:
        kept = {"attachment": record.id, "name": one.name, "sha256": one.sha256}
        yield media.objects, kept


def _rendered(text: str, *, line: bool) -> dict[str, Any]:
    body = as_line(text) if line else parse(text)
    return {
        "nodes": _encode(body.nodes),
        "html": render_html(body.nodes),
        "plain": body.plain,
        "kinds": " ".join(sorted(kinds_of(body))),
    }


def _revision(
    record: CommentRecord, revision: RevisionRecord, rendered: dict[str, Any]
) -> dict[str, Any]:
    verdict = b"" if revision.verdict is msgspec.UNSET else bytes(revision.verdict)
    _verdict.decode(verdict)  # the desk must not stumble over it later
    return rendered | {
        "thread_id": record.thread,
        "comment_id": record.id,
        "number": revision.number,
        "state": revision.state.value,
        "source": revision.text,
        "created_at": revision.created_at,
        "published_at": revision.published_at,
        "verdict": verdict,
        "kinds": " ".join(
            sorted({*rendered["kinds"].split(), *(one.kind for one in revision.parts)})
        ),
        "parts": _encode(revision.parts),
    }


def _contribution(record: CommentRecord, site: SiteId) -> dict[str, Any]:
    row = _plain(record)
    for name in ("ref", "thread", "parent", "root", "decision"):
        del row[name]
    for name in ("revisions", "decisions", "voters", "reviews", "danmaku"):
        del row[name]
    return row | {
        "thread_id": record.thread,
        "site_id": site,
        "parent_id": record.parent,
        "root_id": record.root or "0",
        "form": record.form.value,
        "state": record.state.value,
        "shown": int(record.shown),
        "author_id": record.author.id,
        "author": _encode(record.author),
        "origin": record.origin.value,
        "decision_id": record.decision,
        "tombstone": None if record.tombstone is None else _encode(record.tombstone),
    }


def _decision(kept: KeptDecision) -> Iterator[Row]:
    decision = kept.record
    row = columns_of(decision) | {
        "decided_by": kept.decided_by,
        "decider_key": bytes.fromhex(kept.decider_key or ""),
        "seconded_by": kept.seconded_by or None,
        "record": _encode(decision),
        "salt": bytes.fromhex(kept.salt),
        "commitment": kept.commitment,
        "leaf": kept.leaf,
    }
    yield decisions.decisions, row
    if kept.reversed_by is not None:
        by = {"decision_id": decision.id, "by_decision": kept.reversed_by}
        yield decisions.reversals, by
    if kept.confirmed_by and kept.confirmed_at is not None:
        confirmed = {"confirmed_by": kept.confirmed_by, "at": kept.confirmed_at}
        yield decisions.confirmations, {"decision_id": decision.id} | confirmed


def _archive_name(record: ArchiveName, site: SiteId) -> dict[str, Any]:
    salt = record.salt
    kept = {"site_id": site, "salt": None if salt is None else bytes.fromhex(salt)}
    return _plain(record) | kept


def _source(record: SourceRecord, site: SiteId) -> dict[str, Any]:
    return {
        "site_id": site,
        "source": record.source,
        "source_id": record.source_id,
        "thread_id": record.thread,
        "comment_id": record.comment,
        "batch": record.batch,
        "waits": record.waits,
        "votes": record.votes,
    }


def _case(record: CaseRecord, site: SiteId) -> Iterator[Row]:
    row = _plain(record) | {"kind": record.case, "class_id": record.class_, "site_id": site}
    for name in ("case", "class_", "opens", "evidence"):
        del row[name]
    yield cases, row
    if record.evidence:
        body = record.evidence.encode()
        digest = hashlib.sha256(body).hexdigest()
        yield case_evidence, {"case_id": record.id, "sha256": digest, "body": body}
    if record.opens:
        yield case_secrets, {"digest": record.opens, "case_id": record.id}
    if record.decision is not None:
        yield appeals_of, {"decision_id": record.decision, "case_id": record.id}
