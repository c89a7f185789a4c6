"""The public log: an append-only Merkle tree of what was decided, never about whom.

Obligations 2017-7.1a, 2017-8.c. Acts append a leaf in their own transaction; a job gives leaves
their place and signs the tree (C2SP tlog-tiles); anyone can check that it only grows. Start
reading at `leaf` (what the world may see) and `tree` (pure); then `store`, `signer`, `verify`.
"""

from gentie.ledger.leaf import Kind, Leaf, commitment
from gentie.ledger.store import append

__all__ = ["Kind", "Leaf", "append", "commitment"]
