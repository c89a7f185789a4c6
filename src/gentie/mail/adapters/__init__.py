"""The way out: a mail server."""
