"""The nouns of passkeys."""

from datetime import datetime

import msgspec

from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key. The private one never leaves its person's device."""

    account: AccountId
    credential: str
    """Which of the device's keys it is: base64url, chosen by the device."""
    public_key: bytes
    """COSE."""
    sign_count: int
    """How often it has signed, as it said last. 0: it does not count."""
    label: str
    """What its person calls it. Empty: nothing."""
    added_at: datetime
    used_at: datetime | None
    """When it last signed somebody in. None: never."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, as its device shows it for the first time."""

    challenge: str
    credential: str
    public_key: bytes
    sign_count: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a device has signed, checked."""

    passkey: Passkey
    challenge: str
    sign_count: int


class PasskeysNotOffered(Refusal):
    """Browsers tie passkeys to a domain and to https."""

    code, says = "passkeys-not-offered", "There are no passkeys here."


class PasskeyWrong(Refusal):
    """Whichever way: that is nobody's business but their own."""

    code, says = "passkey-wrong", "This passkey is not known here, or it took too long."


class NoSuchPasskey(Refusal):
    code, says = "no-such-passkey", "There is no such passkey."


class TooManyPasskeys(Refusal):
    code, says = "too-many-passkeys", "There are ten passkeys already. Remove one first."


class LastWayIn(Refusal):
    code, says = "last-way-in", "Without this passkey you could not sign in any more."
