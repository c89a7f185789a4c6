"""The media that a contribution takes along: gates, what was found in it, and how it shows."""

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Place
from gentie.actions.posting.make_draft import Draft
from gentie.catalogue import fulfils
from gentie.comments.model import Form
from gentie.comments.parts import Part, PartFile
from gentie.kernel.ids import AccountId, CommentRef
from gentie.media import store
from gentie.media.model import Attachment, Variant
from gentie.media.rules import is_for_the_desk, require_attachable, require_parts
from gentie.screening.model import Action, Finding, Verdict
from gentie.screening.rules import combine

_verdict = msgspec.json.Decoder(Verdict)


@fulfils("2017-2.2b", "2022-2.2")
def pass_parts(draft: Draft, place: Place, form: Form) -> None:
    """Every part of it is one that this form may hold here.

    Raises:
        PartNotOffered: nothing was changed.
    """
    require_parts(form.value, draft.kinds, place.regime.parts_of(form.value))


@fulfils("2017-2.2b", "2022-2.2")
def with_media(
    tx: sa.Connection, draft: Draft, ids: Sequence[str], place: Place, *, account: AccountId
) -> Draft:
    """The draft together with what it takes along; a person looks where a machine cannot.

    Raises:
        TooManyAttachments, NoSuchAttachment, AttachmentTaken, AttachmentNotReady: nothing was
            changed.
    """
    if not ids:
        return draft
    found = require_attachable(
        store.find_many(tx, ids),
        ids,
        account=account,
        site=place.site.id,
        most=place.regime.media.each,
    )
    return _together(draft, found, place)


def again(draft: Draft, attached: Sequence[Attachment], place: Place, *, seen: bool) -> Draft:
    """An edited text together with the media it keeps. `seen`: these were public before."""
    if not attached:
        return draft
    both = _together(draft, attached, place)
    return msgspec.structs.replace(both, verdict=draft.verdict) if seen else both


def keep_media(tx: sa.Connection, ids: Sequence[str], comment: CommentRef) -> None:
    """From now on they are this contribution's."""
    store.attach(tx, list(dict.fromkeys(ids)), comment)


def part_of(attachment: Attachment) -> Part:
    """As the public gets it."""
    facts = attachment.facts
    return Part(
        id=attachment.id,
        kind=attachment.kind.value if attachment.kind else "",
        alt=attachment.alt,
        files=tuple(
            _file(attachment.id, one) for one in attachment.variants if not is_for_the_desk(one)
        ),
        transcript=attachment.transcript,
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
        animated=facts.animated,
        waveform=facts.waveform,
    )


def _together(draft: Draft, found: Sequence[Attachment], place: Place) -> Draft:
    parts = [part_of(one) for one in found]
    verdicts = [_verdict.decode(one.verdict) for one in found]
    more = dict.fromkeys(_findings(found, verdicts, draft, place))  # once, not for each file
    findings = [*draft.verdict.findings, *more]
    failed = [*draft.verdict.failed, *(name for one in verdicts for name in one.failed)]
    return msgspec.structs.replace(
        draft,
        kinds=draft.kinds | {one.kind for one in parts},
        parts=msgspec.json.encode(parts),
        verdict=combine(findings, failed=failed, rule=draft.verdict.rule),
    )


def _findings(
    found: Sequence[Attachment], verdicts: Sequence[Verdict], draft: Draft, place: Place
) -> Iterable[Finding]:
    """What was found in them, without places: those are not in the text of the contribution."""
    for one, verdict in zip(found, verdicts, strict=True):
        yield from (msgspec.structs.replace(each, spans=()) for each in verdict.findings)
        if verdict.rule != draft.verdict.rule:
            yield _look(draft, "earlier-rules", says="A file was checked under earlier rules")
        if one.kind and one.kind.value in place.regime.media.look_first:
            yield _look(draft, "look-first", says="A person looks at files like this first")


def _look(draft: Draft, why: str, *, says: str) -> Finding:
    return Finding(
        detector=f"media:{why}",
        version=draft.verdict.rule,
        class_id=None,
        action=Action.HOLD,
        spans=(),
        says=says,
    )


def _file(attachment: str, variant: Variant) -> PartFile:
    return PartFile(
        name=variant.name,
        url=f"/media/{attachment}/{variant.name}",
        type=variant.content_type,
        width=variant.width,
        height=variant.height,
    )
