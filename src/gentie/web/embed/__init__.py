"""Doors of the comment API: what the widget and other people's clients use."""
