"""The demo's film, drawn by numbers: `python -m tools.film` (needs PyAV: `pip install av`).

Lantern boats drift down a river at night. Nothing of it was filmed, so nobody is in it. The file is
part of the package, and is made again only when the film is to change.
"""

import math
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

FILM: Final = Path(__file__).parent.parent / "src/gentie/demo/templates/film-7.webm"
WIDTH, HEIGHT = 320, 180
RATE, SECONDS = 5, 96
SHORE = 84
BOATS = 14
MOON = (244, 34, 14)

Plane = list[bytearray]


def rows(width: int, height: int, value: int) -> Plane:
    return [bytearray([value]) * width for _ in range(height)]


def disc(plane: Plane, x: float, y: float, radius: float, value: int) -> None:
    """Fill a circle; what is outside the plane is left out."""
    for row in range(max(0, math.ceil(y - radius)), min(len(plane), math.floor(y + radius) + 1)):
        half = math.sqrt(max(0.0, radius * radius - (row - y) ** 2))
        left, right = max(0, round(x - half)), min(len(plane[row]), round(x + half))
        if right > left:
            plane[row][left:right] = bytes([value]) * (right - left)


def background() -> tuple[Plane, Plane, Plane]:
    """Sky, far shore, water: light, blue and red."""
    light = rows(WIDTH, HEIGHT, 0)
    blue, red = (rows(WIDTH // 2, HEIGHT // 2, value) for value in (142, 118))
    for y in range(HEIGHT):
        value = 34 + y // 5 if y < SHORE else 26 + (HEIGHT - y) // 6
        light[y][:] = bytes([value]) * WIDTH
    for x in range(WIDTH):
        roof = SHORE - 8 - int(6 * abs(math.sin(x / 17)) + 4 * abs(math.sin(x / 5.3)))
        for y in range(roof, SHORE):
            light[y][x] = 22
    return light, blue, red


def frame_at(second: float) -> tuple[Plane, Plane, Plane]:
    light, blue, red = background()
    disc(light, *MOON, 190)
    disc(red, MOON[0] / 2, MOON[1] / 2, MOON[2] / 2, 132)
    for boat in range(BOATS):
        pace = 3.0 + boat % 5
        x = (boat * 47 + second * pace) % (WIDTH + 60) - 30
        y = SHORE + 14 + (boat * 29) % 70 + 1.5 * math.sin(second * 1.3 + boat)
        size = 2.5 + (y - SHORE) / 16
        disc(light, x, y + size * 2.2, size * 0.8, 70)
        disc(light, x, y, size, 168)
        disc(blue, x / 2, y / 2, size / 2 + 1, 78)
        disc(red, x / 2, y / 2, size / 2 + 1, 176)
    return light, blue, red


def main() -> int:
    av: Any = import_module("av")
    with av.open(str(FILM), "w") as out:
        stream = out.add_stream("libvpx-vp9", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"crf": "56", "b": "0", "g": "40", "deadline": "good", "cpu-used": "4"}
        for number in range(RATE * SECONDS):
            picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for plane, drawn in zip(picture.planes, frame_at(number / RATE), strict=True):
                pad = bytes(plane.line_size - len(drawn[0]))
                plane.update(b"".join(bytes(row) + pad for row in drawn))
            picture.pts = number
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    sys.stdout.write(f"{FILM.name}: {FILM.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
