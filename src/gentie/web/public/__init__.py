"""Doors that need no account: the log, figures, notices."""
