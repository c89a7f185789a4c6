"""Where somebody goes on after an account page: a path of ours and nothing else."""

from typing import Final

HOME: Final = "/account/me"
_LONGEST: Final = 4000
"""An address to return to in an address to return to: what is not ASCII takes nine characters."""


def safe_path(wanted: str) -> str:
    """`wanted` when it stays on this origin, else the page of one's own account.

    Two slashes, a backslash or control characters lead browsers elsewhere.
    """
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    plain = wanted.isascii() and wanted.isprintable() and " " not in wanted and "\\" not in wanted
    return wanted if inside and plain and len(wanted) <= _LONGEST else HOME
