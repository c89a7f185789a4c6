"""The parent believes little of what the program says."""

import hashlib
import sys
from pathlib import Path

import pytest

from gentie.media.adapters.program import NotScrubbed
from gentie.media.adapters.scrubber import scrub
from gentie.media.limits import Limits

WEBP = "Path('320.webp').write_bytes(b'RIFF')"
ANSWER = '{"kind":"picture","variants":[{"name":"320","file":"%s","content_type":"%s"}],"facts":{}}'

LIES = {
    "ends without a word": ("sys.exit(0)", "media-unchecked"),
    "falls over": ("os.abort()", "media-broken"),
    "is ended by the system": ("os.kill(os.getpid(), 9)", "media-heavy"),
    "sleeps": ("time.sleep(60)", "media-heavy"),
    "never stops talking": ("while True: print('x' * 9999)", "media-broken"),
    "talks nonsense": ("print('[1, 2]')", "media-unchecked"),
    "names no reason of ours": ('print(\'{"refused":"because"}\')', "media-broken"),
    "names a file elsewhere": (
        f"print('{ANSWER % ('/etc/passwd', 'image/webp')}')",
        "media-broken",
    ),
    "names a file above": (f"print('{ANSWER % ('../upload', 'image/webp')}')", "media-broken"),
    "names a link": (
        f"Path('a').symlink_to('/etc/passwd'); print('{ANSWER % ('a', 'image/webp')}')",
        "media-broken",
    ),
    "names what is not there": (f"print('{ANSWER % ('a', 'image/webp')}')", "media-broken"),
    "says it is a page": (f"{WEBP}; print('{ANSWER % ('320.webp', 'text/html')}')", "media-broken"),
    "says it is a picture": (
        f"Path('a').write_bytes(b'<html>'); print('{ANSWER % ('a', 'image/webp')}')",
        "media-broken",
    ),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_program_that_lies_is_not_believed(
    lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, code = LIES[lie]
    pretend(work, tmp_path, monkeypatch)

    with pytest.raises(NotScrubbed) as refused:
        await scrub(tmp_path / "upload", tmp_path / "out", Limits(wall_seconds=2))

    assert refused.value.code == code


async def test_hash_and_size_are_found_out_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(f"{WEBP}; print('{ANSWER % ('320.webp', 'image/webp')}')", tmp_path, monkeypatch)

    done = await scrub(tmp_path / "upload", tmp_path / "out", Limits())

    assert done.variants[0].bytes == 4
    assert done.variants[0].sha256 == hashlib.sha256(b"RIFF").hexdigest()


async def test_a_program_that_cannot_be_run_is_not_the_file_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))

    with pytest.raises(NotScrubbed) as refused:
        await scrub(tmp_path / "upload", tmp_path, Limits())

    assert refused.value.code == "media-unchecked"


def pretend(work: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in the place of ours."""
    (folder / "out").mkdir()
    (folder / "upload").write_bytes(b"upload")
    program = folder / "program"
    lines = (
        f"#!{sys.executable}",
        "import os, sys, time",
        "from pathlib import Path",
        work,
    )
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
