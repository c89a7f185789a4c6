"""The lines of an export, by what they are about."""
