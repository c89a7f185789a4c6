"""A site's own users: keys of its server, introductions, and which account is whose."""
