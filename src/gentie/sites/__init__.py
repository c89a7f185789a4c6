"""Sites that embed us, and their threads: regime, class, mode, switches with reason and expiry.

Obligations 2017-2.1, 2017-5.3. Start reading at `rules`.
"""
