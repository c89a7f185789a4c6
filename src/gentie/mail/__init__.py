"""Mail to people who asked for it: where to, what about, what became of each letter.

No letter leaves before its address has been confirmed, but the one that asks for that. Addresses
are sealed (docs/decisions/0010-addresses-for-mail.md). Start reading in `model` and `rules`.
"""
