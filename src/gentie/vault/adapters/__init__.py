"""Who keeps the key of the vault: people with phrases, a key store, a hardware token."""
