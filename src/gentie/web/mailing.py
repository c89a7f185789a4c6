"""What the doors for mail are given."""

from dataclasses import dataclass

from gentie.mail.sealing import Addresses, Tickets


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """Made once in `gentie.main`. Seals addresses; nothing here can open one."""

    addresses: Addresses
    tickets: Tickets
