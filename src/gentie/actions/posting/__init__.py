"""Acts of commenters."""
