"""Standing: the measures taken against an account, what they take away, and why.

Obligations 2017-8.*, 2017-9.1*, 2022-7.*, 2022-8.*. Start reading at `rules`.
"""
