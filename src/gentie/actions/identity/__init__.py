"""Acts on who somebody is: accounts, sessions, agreements, consents, verifications, seals."""
