"""Accounts: registration under a pseudonym, sessions, agreements, consents, verification results.

Obligations 2017-5.1*, 2017-6.1a, 2022-4.1*. What a gate needs of a verification (result, level,
expiry) lives here; anything that could name a person lives in the vault. Start reading at `rules`.
"""
