"""A network of its own in which there is nothing, not even the machine itself."""

import os

from gentie.media.scrubbing.walls.kernel import done, libc

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def leave_the_network() -> None:
    """Raises OSError where neither the user nor the machine allows it; `calls` is there then."""
    whose = 0 if os.geteuid() == 0 else _NEW_USER
    done(libc().unshare(whose | _NEW_NETWORK))
