"""Doors to one's own account: JSON under /api/v1/account, pages without script under /account.

The pages are top-level pages of ours, never parts of another site. They take `next`, a path on
this service, and return there, so that a half-written comment is found again.
"""
