"""The public log: append-only Merkle tree of what was decided, never about whom (C2SP tlog-tiles).

Obligations 2017-7.1a, 2017-8.c. `tree` is pure; start reading there.
"""
