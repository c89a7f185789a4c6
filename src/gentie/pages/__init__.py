"""Public pages, rendered once per change and kept in memory as ready answers.

`model` says what a page is and who renders it, `ready` makes answers of it, `cache` keeps them.
Nothing here depends on who is asking: what is personal is a request of its own.
"""
