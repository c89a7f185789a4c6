"""What the program can no longer do once it has put itself behind walls.

Limits of the system hold everywhere; the others need Linux, and are left out, and said to be
missing, where the kernel or a container does not allow them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from gentie.media.limits import Limits
from gentie.media.scrubbing.walls.calls import forbid_calls
from gentie.media.scrubbing.walls.files import forbid_files
from gentie.media.scrubbing.walls.network import leave_the_network
from gentie.media.scrubbing.walls.resources import limit_resources

_LINUX: Final[tuple[tuple[str, Callable[[Path], None]], ...]] = (
    ("network", lambda _: leave_the_network()),
    ("files", forbid_files),
    ("calls", lambda _: forbid_calls()),
)


def wall_in(out: Path, limits: Limits, *, cpu_seconds: int) -> tuple[str, ...]:
    """Give up what is not needed to read one file and write into `out`; what stands now.

    There is no way back. Files that are to be read are open already.
    """
    return tuple(_put_up(out, limits, cpu_seconds))


def _put_up(out: Path, limits: Limits, cpu_seconds: int) -> Iterator[str]:
    limit_resources(limits, cpu_seconds=cpu_seconds)
    yield "resources"
    for name, put_up in _LINUX:
        try:
            put_up(out)
        except (OSError, AttributeError):  # not this kernel, not in this container, no Linux
            continue
        yield name
