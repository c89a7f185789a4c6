"""Every contribution of any form (post, reply, message): life cycle, revisions, votes, listing.

Obligations 2017-2.2b, 2017-5.3, 2022-4.4b. Start reading at `rules` (the life cycle).
"""
