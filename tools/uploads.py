"""A service that takes uploads, of canned answers: pieces arrive, and each file is checked once.

A drawing is refused, a file that begins with HOLD is held, everything else is ready. Pictures are
drawn here, so that there is something to see.
"""

from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image, ImageDraw

WHY = {"code": "media-drawing", "says": "Drawings that can carry programs are not taken."}
SIZES = {"1280": (1280, 853), "640": (640, 427), "320": (320, 213), "poster": (640, 360)}
TINTS = ("#0f6b62", "#34508c", "#7d5209")


def a_sight(name: str, number: int) -> bytes:
    """A landscape: a hill and a sun, in another colour for each number."""
    width, height = SIZES.get(name, SIZES["320"])
    picture = Image.new("RGB", (width, height), "#e9e4d4")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.68, height * 0.12, width * 0.82, height * 0.33), fill="#d8a13a")
    hill = [(0, height * 0.75), (width * 0.4, height * 0.35), (width, height * 0.8)]
    draw.polygon([*hill, (width, height), (0, height)], fill=TINTS[number % len(TINTS)])
    held = BytesIO()
    picture.save(held, "WEBP")
    return held.getvalue()


def files_of(id_: str, *names: str) -> list[dict[str, object]]:
    return [
        {"name": name, "url": f"/media/{id_}/{name}", "type": "image/webp"}
        | dict(zip(("width", "height"), SIZES[name], strict=True))
        for name in names
    ]


def a_part(id_: str, kind: str = "picture", **fields: Any) -> dict[str, Any]:
    files = files_of(id_, *(("poster",) if kind == "video" else ("1280", "640", "320")))
    if kind != "picture":
        here = f"/media/{id_}/{kind}"
        files = [{"name": kind, "url": here, "type": f"{kind}/webm"}, *files * (kind == "video")]
    if kind == "video":
        files[0] |= {"width": 640, "height": 360}
    return {"id": id_, "kind": kind, "alt": "", "files": files} | fields


class Uploads:
    def __init__(self) -> None:
        self.numbers = count(1)
        self.kept: dict[str, dict[str, Any]] = {}
        self.bytes: dict[str, bytes] = {}
        self.cut = 0
        """How many pieces are lost on their way, from now on."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any]:
        id_ = path.rpartition("/")[2]
        if method == "POST":
            return 201, self._begun(int(headers["upload-length"]))
        if id_ not in self.kept:
            return 404, {"type": "/problems/no-such-attachment", "detail": "gone"}
        if method == "DELETE":
            return 200, self.kept.pop(id_)
        if method == "PATCH" and "offset" in headers.get("content-type", ""):
            return self._piece(id_, int(headers["upload-offset"]), body)
        return 200, self._checked(id_)

    def _begun(self, size: int) -> dict[str, Any]:
        id_ = f"u{next(self.numbers)}"
        self.bytes[id_] = b""
        made: dict[str, Any] = {
            "id": id_,
            "site": "daily",
            "state": "receiving",
            "kind": None,
            "reason": None,
        }
        made |= {"bytes": size, "offset": 0, "alt": "", "transcript": "", "previews": []}
        self.kept[id_] = made
        return made

    def _piece(self, id_: str, offset: int, body: bytes) -> tuple[int, Any]:
        if self.cut:
            self.cut -= 1
            return 503, {"type": "/problems/busy", "detail": "lost"}
        if offset != len(self.bytes[id_]):
            return 409, {"type": "/problems/wrong-offset", "detail": "elsewhere"}
        self.bytes[id_] += body
        made = self.kept[id_]
        made["offset"] = len(self.bytes[id_])
        if made["offset"] == made["bytes"]:
            made["state"] = "checking"
        return 200, {}

    def _checked(self, id_: str) -> dict[str, Any]:
        """Told once that it is being checked, then what it is."""
        made, data = self.kept[id_], self.bytes[id_]
        before = dict(made)
        if made["state"] == "checking":
            if data.startswith(b"<svg"):
                made |= {"state": "refused", "reason": WHY}
            else:
                state = "held" if data.startswith(b"HOLD") else "ready"
                made |= {"state": state, **_seen(id_, data)}
        return before

    def file(self, id_: str, name: str) -> tuple[bytes, str]:
        """What was sent, where it plays; else a picture drawn for its id."""
        if name in ("audio", "video") and id_ in self.bytes:
            return self.bytes[id_], f"{name}/webm"
        return a_sight(name, len(id_) + ord(id_[-1])), "image/webp"


def _seen(id_: str, data: bytes) -> dict[str, Any]:
    """What kind it is, and what its owner may look at."""
    if not data.startswith(b"\x1a\x45\xdf\xa3"):
        return {"kind": "picture", "previews": files_of(id_, "320")}
    kind = "video" if b"V_VP" in data else "audio"
    line = [20, 60, 90, 40] * 20
    return {"kind": kind, "previews": a_part(id_, kind)["files"], "waveform": line}
