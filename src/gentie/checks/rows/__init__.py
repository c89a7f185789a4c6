"""The checks, grouped by subject. Every module here is found by `gentie.checks.registry`.

A check gets a read-only transaction, the site, its regime and `now`; it says how much it examined
and which rows break the duty. Each has a test that plants a violation and sees it caught.
"""
