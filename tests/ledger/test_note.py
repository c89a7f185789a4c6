"""Checkpoints are read by others as we write them, and anything else is one kind of error."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as TheirCheckpoint

from gentie.ledger.key import SigningKey
from gentie.ledger.note import BadNote, Checkpoint, open_checkpoint, read_checkpoint

KEY = SigningKey("daily.example/log", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = SigningKey("daily.example/log", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
CHECKPOINT = Checkpoint("daily.example/log", 20_852, bytes(range(32)))
NOTE = KEY.sign(CHECKPOINT)


def test_what_is_signed_is_read_back() -> None:
    assert open_checkpoint(NOTE, KEY.vkey) == read_checkpoint(NOTE) == CHECKPOINT
    assert KEY.sign(CHECKPOINT) == NOTE


def test_an_independent_reader_agrees() -> None:
    theirs = TheirCheckpoint.from_text(NOTE)

    theirs.verify(Vkey.from_string(KEY.vkey))
    assert (theirs.origin, theirs.size, theirs.root_hash) == (
        CHECKPOINT.origin,
        CHECKPOINT.size,
        CHECKPOINT.root,
    )


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = OTHER.sign(CHECKPOINT).split("\n\n")[1]
    body, ours = NOTE.split("\n\n")

    assert open_checkpoint(f"{body}\n\n{stranger * 16}{ours}", KEY.vkey) == CHECKPOINT
    with pytest.raises(BadNote, match="no signature"):
        open_checkpoint(f"{body}\n\n{stranger}", KEY.vkey)


@pytest.mark.parametrize(
    "forged",
    [
        NOTE.replace("20852", "20853"),
        NOTE.replace("20852", "020852"),
        NOTE.replace("20852", "-1"),
        NOTE.replace("20852", "٢"),
        NOTE.replace("20852", "9" * 5000),
        NOTE.replace("daily.example/log\n", "other.example/log\n", 1),
        NOTE.replace("— ", "- "),
        NOTE.replace("\n\n", "\n"),
        NOTE.rstrip("\n"),
        NOTE.replace("AAEC", "AAE"),
        NOTE.replace("AAEC", "AAE\ud800"),
        NOTE + "\n",
        "\0" + NOTE,
        "",
        "\n\n",
    ],
)
def test_a_forged_or_malformed_note_is_refused(forged: str) -> None:
    with pytest.raises(BadNote):
        open_checkpoint(forged, KEY.vkey)


@pytest.mark.parametrize(
    "vkey", ["", "a+b+c", KEY.vkey[:-4], KEY.vkey.replace("daily", "weekly"), OTHER.vkey]
)
def test_a_wrong_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadNote):
        open_checkpoint(NOTE, vkey)


@given(st.text() | st.text(alphabet="\n—+= aA0"))
def test_rubbish_is_never_another_error(text: str) -> None:
    for note, vkey in ((text, KEY.vkey), (NOTE, text), (f"{text}\n\n{text}\n", KEY.vkey)):
        with pytest.raises(BadNote):
            open_checkpoint(note, vkey)


@given(st.integers(0, len(NOTE) - 1), st.characters())
def test_no_letter_of_it_can_be_changed(at: int, letter: str) -> None:
    changed = NOTE[:at] + letter + NOTE[at + 1 :]
    if changed != NOTE:
        with pytest.raises(BadNote):
            open_checkpoint(changed, KEY.vkey)
