"""Signing in on other people's sites: one-time codes, short-lived tokens, and what they may do.

A visit hangs on the person's own session here and ends with it; a site never learns that session.
Decision page 0012. Begin with `rules`.
"""
