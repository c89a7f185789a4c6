"""What may be sent, taken along and shown. Pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Media
from gentie.kernel.ids import AccountId, SiteId
from gentie.media.model import (
    LONGEST_ALT,
    LONGEST_TRANSCRIPT,
    OPEN,
    AltTooLong,
    Attachment,
    AttachmentNotReady,
    AttachmentTaken,
    NoSuchAttachment,
    PartNotOffered,
    QuotaUsed,
    TooManyAttachments,
    UploadEmpty,
    UploadTooLarge,
    Used,
    Variant,
)

DAY = timedelta(days=1)
_MEGABYTE = 1 << 20


@fulfils("2017-2.2b", "2022-2.2")
def require_parts(form: str, parts: Collection[str], offered: Collection[str]) -> None:
    """The pair of form and part is one that the regime enables.

    Raises:
        PartNotOffered: names the first that is not.
    """
    if strange := sorted(set(parts) - set(offered)):
        raise PartNotOffered(form=form, part=strange[0])


def require_size(size: int, *, largest: int) -> None:
    """Raises UploadEmpty or UploadTooLarge."""
    if size <= 0:
        raise UploadEmpty
    if size > largest:
        raise UploadTooLarge(largest=largest)


def require_quota(used: Used, media: Media, size: int, *, tier: int) -> None:
    """`tier` is how many a day the tier of somebody's credit leaves them; 0: as many as others.

    Raises:
        QuotaUsed: with how many and how many bytes there may be in a day.
    """
    most = min(tier, media.per_day) if tier else media.per_day
    room = media.megabytes_per_day * _MEGABYTE
    if used.count >= most or used.size + size > room:
        raise QuotaUsed(most=most, megabytes=media.megabytes_per_day)


def require_alt(alt: str, transcript: str) -> None:
    """Raises AltTooLong."""
    for text, longest in ((alt, LONGEST_ALT), (transcript, LONGEST_TRANSCRIPT)):
        if len(text) > longest:
            raise AltTooLong(longest=longest)


def require_owner(found: Attachment | None, account: AccountId) -> Attachment:
    """Raises NoSuchAttachment: also for somebody else's, so that nobody learns of it."""
    if found is None or found.account != account:
        raise NoSuchAttachment
    return found


def require_unattached(attachment: Attachment) -> None:
    """Raises AttachmentTaken."""
    if attachment.comment is not None:
        raise AttachmentTaken


@fulfils("2017-2.2b", "2022-2.2")
def require_attachable(
    found: Sequence[Attachment], ids: Sequence[str], *, account: AccountId, site: SiteId, most: int
) -> list[Attachment]:
    """Those that a contribution wants to take along, in its order: own, unattached, checked.

    Raises:
        TooManyAttachments, NoSuchAttachment, AttachmentTaken, AttachmentNotReady.
    """
    if len(ids) > most:
        raise TooManyAttachments(most=most)
    known = {one.id: one for one in found if one.site == site}
    wanted = [require_owner(known.get(one), account) for one in dict.fromkeys(ids)]
    for one in wanted:
        require_unattached(one)
        if one.state not in OPEN:
            raise AttachmentNotReady(id=one.id, state=one.state.value, reason=one.reason)
    return wanted


def is_for_the_desk(variant: Variant) -> bool:
    """Key frames of a video, which reviewers look at and nobody else."""
    return is_still(variant.name)


def is_still(name: str) -> bool:
    """Whether a form of this name is a key frame of a video."""
    return name.startswith("frame-")
