"""Children and guardians: how old somebody is, as a check has said, and who answers for them.

Rests on the law that a child under fourteen takes part only with the consent of a guardian.
"""
