"""Readers of other services' exports. Each turns a file into pages of comments, oldest first.

A reader decides nothing about what it has read: that is `actions.posting.import_archive`.
"""
