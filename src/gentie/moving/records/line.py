"""What every line of an export is, and every part of one.

Additive only: a reader of format 1 has to understand whatever was written as format 1. There is no
field for an identity, an address, an e-mail, a password, a session or a secret.
"""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What stands inside a line."""


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One line of the file. `kind` says which."""
