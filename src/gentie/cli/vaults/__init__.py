"""Parts of `gentie vault`: who keeps the keys, and how an opened identity is shown."""
