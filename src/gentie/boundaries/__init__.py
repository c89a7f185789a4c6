"""What people keep from each other: muting, blocking, who may reply to me, protection in an attack.

Quiet, private and reversible: nothing of it is public, nobody is told, and it decides nothing
about what others may read. Begin with `rules`.
"""
