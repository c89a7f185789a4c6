"""Passkeys: a person signs in with a key that their device holds and only they can use."""
