"""What the JSON doors for accounts take and give."""

from datetime import datetime
from typing import Annotated, Self

import msgspec

from gentie.accounts.model import (
    AgreementVersion,
    Consent,
    PosterFacts,
    Purpose,
    SessionKind,
    Verification,
)
from gentie.actions.identity.settling_names import Settled
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.ids import ActorId

Word = Annotated[str, msgspec.Meta(max_length=1000)]


class SignUp(msgspec.Struct, forbid_unknown_fields=True):
    name: Word
    """The pseudonym others see."""
    password: Word
    """At least 10 characters."""


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    name: Word
    password: Word
    code: Word = ""
    """For staff: six digits of the second factor. Whoever sends one signs in as staff."""
    kind: SessionKind = SessionKind.BEARER
    """cookie: the answer sets a session cookie. bearer: the answer holds a token."""


class Opened(msgspec.Struct, kw_only=True):
    """A session that has just been opened."""

    kind: SessionKind
    token: str | None
    """For the Authorization header, shown this once. Null for a cookie session."""
    csrf: str | None
    """For the X-CSRF-Token header of changes with the cookie. Null for a bearer token."""
    expires_at: datetime


class VerificationView(msgspec.Struct, kw_only=True):
    framework: str
    level: str
    method: str
    verified_at: datetime
    valid_until: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, verification: Verification) -> Self:
        """Without the person key, which is nobody's business."""
        return msgspec.convert(verification, cls, from_attributes=True)


class Me(msgspec.Struct, kw_only=True):
    """Who one is here."""

    kind: Kind
    id: ActorId | None
    name: str | None
    """The pseudonym. Null for staff, whose names are shown inside only."""
    role: str | None
    scopes: list[str]
    state: str | None
    verification: VerificationView | None
    unseen: int | None
    """Notices that were not marked as seen. Null for everybody but commenters."""
    csrf: str | None

    @classmethod
    def of(
        cls, acting: Actor, poster: PosterFacts | None, csrf: str, *, unseen: int | None
    ) -> Self:
        shown = poster.verification if poster else None
        return cls(
            kind=acting.kind,
            id=None if acting.kind is Kind.ANYONE else acting.id,
            name=poster.name if poster else None,
            role=acting.role or None,
            scopes=sorted(acting.scopes),
            state=poster.state.value if poster else None,
            verification=VerificationView.of(shown) if shown else None,
            unseen=unseen,
            csrf=csrf or None,
        )


class SectionView(msgspec.Struct, kw_only=True):
    number: str
    title: str
    paragraphs: dict[str, str]
    """By the number that decisions cite."""


class AgreementView(msgspec.Struct, kw_only=True):
    regime: str
    version: int
    policy: str
    in_force_from: datetime
    lang: str
    summary: list[str]
    sections: list[SectionView]

    @classmethod
    def of(cls, version: AgreementVersion, lang: str) -> Self:
        return cls(
            regime=version.regime,
            version=version.number,
            policy=version.policy,
            in_force_from=version.in_force_from,
            lang=lang,
            summary=[one.in_lang(lang) for one in version.text.summary],
            sections=[
                SectionView(
                    number=section.number,
                    title=section.title.in_lang(lang),
                    paragraphs={p.number: p.text.in_lang(lang) for p in section.paragraphs},
                )
                for section in version.text.sections
            ],
        )


class AcceptRequest(msgspec.Struct, forbid_unknown_fields=True):
    regime: Word
    version: int
    """The number of the version that was read."""


class Accepted(msgspec.Struct, kw_only=True):
    regime: str
    version: int
    at: datetime


class ConsentView(msgspec.Struct, kw_only=True):
    purpose: Purpose
    version: int
    given: bool
    at: datetime

    @classmethod
    def of(cls, consent: Consent) -> Self:
        return msgspec.convert(consent, cls, from_attributes=True)


class ConsentRequest(msgspec.Struct, forbid_unknown_fields=True):
    purpose: Purpose
    given: bool
    """False withdraws it."""


class VerifyRequest(msgspec.Struct, forbid_unknown_fields=True):
    provider: Word
    next: Word = ""
    """Path on this service to go on to afterwards."""


class WayOut(msgspec.Struct, kw_only=True):
    location: str
    """Where the browser goes now. The answer sets a cookie for the way back."""
    expires_at: datetime


class StatementRequest(msgspec.Struct, forbid_unknown_fields=True):
    statement: Annotated[str, msgspec.Meta(max_length=4000)]
    """A JWT of the old site: docs/site-developer.md says what stands in it."""


class ClaimLinkMade(msgspec.Struct, kw_only=True):
    token: str
    url: str
    """Where to send the person: there they choose. Works once, until `expires_at`."""
    name: str
    """Under which their comments are shown now."""
    site: str
    expires_at: datetime


class ImportedName(msgspec.Struct, kw_only=True):
    name: str
    site: str
    source: str
    """The archive."""
    comments: int


class Receipt(msgspec.Struct, kw_only=True):
    """What shows that the public log holds what was done. Shown once: keep it."""

    wish: str
    """"claim" or "erase"."""
    record: str
    """JSON of what was done, as the log commits to it."""
    salt: str
    """Hex."""
    commitment: str
    """Stands in the leaf as `record`: HMAC-SHA256 under `salt` of "NameClaim", a zero byte and
    `record`, hex."""

    @classmethod
    def of(cls, settled: Settled) -> Self:
        return cls(
            wish=settled.claim.wish,
            record=msgspec.json.encode(settled.claim, order="sorted").decode(),
            salt=settled.salt.hex(),
            commitment=settled.commitment,
        )
