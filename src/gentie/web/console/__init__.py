"""The review desk: the moderation API and the console pages. Start with `queue.py`."""
