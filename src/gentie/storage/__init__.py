"""Database handle, transactions, outbox, idempotency keys, worker numbers. Knows no room.

Start reading at `db`. SQL is the only truth: nothing is acknowledged before its commit, and
everything else (pages in memory, messages on a bus) can be lost and made again from it.
"""
