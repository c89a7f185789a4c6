"""Acts of those who answer for the whole: holds, deletions, answers about personal data."""
