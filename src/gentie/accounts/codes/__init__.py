"""One-time codes: who can read what was sent to a phone, or to an organisation, has shown it."""
