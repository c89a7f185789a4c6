"""Pictures that want something else than to be looked at, each made here and named.

A second half that a browser, a shell or an unpacker would find says EVIL, so that a test can look
for it in what comes out.
"""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from struct import pack

from PIL import Image

from tests.media.scrubbing.build import (
    a_photo,
    a_picture,
    a_png,
    an_animation,
    chunk,
    written,
)

MIB = 1024 * 1024
EVIL = b"<script>EVIL()</script>"

HARMLESS = "picture"
"""Taken: and then nothing is left but the pixels."""


def an_enormous_png() -> bytes:
    return a_png(50_000, 50_000, rows=zlib.compress(bytes(MIB), 9))


def a_deflate_bomb() -> bytes:
    """64 by 64 pixels, and 200 MiB of more rows behind them."""
    return a_png(64, 64, rows=zlib.compress(bytes(200 * MIB), 9))


def a_text_bomb() -> bytes:
    text = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(300 * MIB), 9))
    return a_png(8, 8, text, rows=zlib.compress(bytes(9 * 8)))


def a_profile_bomb() -> bytes:
    profile = chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(300 * MIB), 9))
    return a_png(8, 8, profile, rows=zlib.compress(bytes(9 * 8)))


def a_profile_of_rubbish() -> bytes:
    return a_picture("JPEG", icc_profile=b"\xff" * 60_000)


def an_exif_bomb() -> bytes:
    """A directory of 60,000 entries, each of which points to itself."""
    entry = pack("<HHII", 0x8769, 4, 1, 8)
    body = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + pack("<H", 5000) + entry * 5000 + bytes(4)
    data = a_picture("JPEG")
    return data[:2] + b"\xff\xe1" + pack(">H", len(body) + 2) + body + data[2:]


def ten_thousand_frames_of_gif() -> bytes:
    data = written(Image.new("L", (8, 8)), "GIF")
    first = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    return data[:first] + data[first:-1] * 10_000 + b"\x3b"


def an_apng_of_many_frames() -> bytes:
    return an_animation("PNG", 400, (40, 40))


def an_apng_that_promises_a_thousand_million_frames() -> bytes:
    promise = chunk(b"acTL", pack(">II", 1_000_000_000, 0))
    return a_png(8, 8, promise, rows=zlib.compress(bytes(9 * 8)))


def a_webp_of_large_frames() -> bytes:
    """Each changes one pixel of nine million, and each is nine million to a reader."""
    side = (2999).to_bytes(3, "little")
    pixel = written(Image.new("RGB", (1, 1), "red"), "WEBP", lossless=True)[12:]
    frame = bytes(12) + b"\x32\x00\x00\x00" + pixel
    body = b"VP8X" + pack("<I", 10) + b"\x02\x00\x00\x00" + side * 2
    body += b"ANIM" + pack("<IIH", 6, 0, 0) + (b"ANMF" + pack("<I", len(frame)) + frame) * 30
    return b"RIFF" + pack("<I", len(body) + 4) + b"WEBP" + body


def a_webp_with_a_lying_canvas() -> bytes:
    body = b"VP8X" + pack("<I", 10) + b"\x02\x00\x00\x00" + b"\xff\xff\xff" * 2
    return b"RIFF" + pack("<I", len(body) + 4) + b"WEBP" + body


def a_tiff_of_many_folders() -> bytes:
    pages = [Image.new("L", (8, 8), number) for number in range(50)]
    return written(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def a_gif_that_is_a_program() -> bytes:
    """`GIF89a/*` opens a comment in JavaScript, and what follows the picture closes it."""
    return a_picture("GIF") + b"*/=1;" + EVIL


def a_jpeg_that_is_an_archive() -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("EVIL.html", EVIL)
    return a_picture("JPEG") + held.getvalue()


def a_png_that_is_a_page() -> bytes:
    page = chunk(b"tEXt", b"Comment\x00" + EVIL)
    return a_png(64, 64, page, rows=zlib.compress(bytes(65 * 64))) + b"<html>" + EVIL


def a_jpeg_that_is_a_page_in_its_comment() -> bytes:
    return a_picture("JPEG", comment=b"--><html>" + EVIL)


def a_document_that_is_a_picture() -> bytes:
    return b"%PDF-1.7\n" + a_picture("JPEG") + b"\n%%EOF"


def a_page_that_is_a_picture() -> bytes:
    return b"<!DOCTYPE html>" + EVIL + a_picture("PNG")


def a_drawing_with_a_program() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg">' + EVIL + b"</svg>"


def a_packed_drawing() -> bytes:
    return gzip.compress(a_drawing_with_a_program())


def entities_that_grow() -> bytes:
    lines = (f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + "".join(lines) + "]>").encode()


def a_picture_cut_short() -> bytes:
    data = a_picture("JPEG")
    return data[: len(data) // 2]


def a_png_whose_head_lies() -> bytes:
    """It says 4000 by 4000, and holds sixteen rows of sixteen."""
    return a_png(4000, 4000, rows=zlib.compress(bytes(17 * 16)))


def a_png_of_no_width() -> bytes:
    return a_png(0, 100, rows=zlib.compress(bytes(100)))


def a_jpeg_of_no_height() -> bytes:
    data = bytearray(a_picture("JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 2] = b"\x00\x00"
    return bytes(data)


def a_gif_of_no_size() -> bytes:
    return b"GIF89a" + bytes(4) + b"\x80\x00\x00" + bytes(6) + b"\x3b"


def a_post_script() -> bytes:
    """Pillow would hand it to Ghostscript."""
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(EVIL) print\n"


def a_picture_of_another_kind_by_its_name() -> bytes:
    return written(a_photo(), "BMP")


def nothing() -> bytes:
    return b""


def a_number_of_bytes() -> bytes:
    return bytes(range(256)) * 40


FILES: dict[Callable[[], bytes], str] = {
    an_enormous_png: "media-pixels",
    a_deflate_bomb: HARMLESS,
    a_text_bomb: "media-broken",
    a_profile_bomb: "media-broken",
    a_profile_of_rubbish: HARMLESS,
    an_exif_bomb: HARMLESS,
    ten_thousand_frames_of_gif: "media-frames",
    an_apng_of_many_frames: "media-frames",
    an_apng_that_promises_a_thousand_million_frames: "media-frames",
    a_webp_of_large_frames: "media-frames",
    a_webp_with_a_lying_canvas: "media-pixels",
    a_tiff_of_many_folders: "media-kind",
    a_gif_that_is_a_program: HARMLESS,
    a_jpeg_that_is_an_archive: HARMLESS,
    a_png_that_is_a_page: HARMLESS,
    a_jpeg_that_is_a_page_in_its_comment: HARMLESS,
    a_document_that_is_a_picture: "media-kind",
    a_page_that_is_a_picture: "media-drawing",
    a_drawing_with_a_program: "media-drawing",
    a_packed_drawing: "media-drawing",
    entities_that_grow: "media-drawing",
    a_picture_cut_short: "media-broken",
    a_png_whose_head_lies: "media-broken",
    a_png_of_no_width: "media-broken",
    a_jpeg_of_no_height: "media-broken",
    a_gif_of_no_size: "media-broken",
    a_post_script: "media-kind",
    a_picture_of_another_kind_by_its_name: "media-kind",
    nothing: "media-empty",
    a_number_of_bytes: "media-kind",
}
