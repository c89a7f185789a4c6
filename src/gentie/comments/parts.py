"""Pictures, audio and video in a contribution, as the public gets them (2017-2.2b)."""

import msgspec


class PartFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One form in which a part can be fetched."""

    name: str
    """Its width in pixels for pictures; "poster", "audio", "video"."""
    url: str
    """Address within this service."""
    type: str
    """Media type, for example "image/webp"."""
    width: int = 0
    """Pixels. 0: it has none."""
    height: int = 0
    """Pixels. 0: it has none."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture, audio or video in a contribution, as the public gets it (2017-2.2b)."""

    id: str
    kind: str
    """`picture`, `audio` or `video`."""
    alt: str
    """What a person who cannot see it is told. Empty: its author wrote nothing."""
    files: tuple[PartFile, ...]
    """Largest first."""
    transcript: str = ""
    """What is said in it. Empty: its author wrote nothing."""
    width: int = 0
    """Pixels as it was sent. 0: it has none."""
    height: int = 0
    """Pixels as it was sent. 0: it has none."""
    seconds: float = 0.0
    """How long it plays. 0: it does not."""
    animated: bool = False
    """A picture that moves."""
    waveform: tuple[int, ...] = ()
    """Loudness over the time, 0 to 255."""


NO_PARTS = b"[]"
"""What a revision without any holds."""
