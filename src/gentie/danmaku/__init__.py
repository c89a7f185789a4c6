"""Where and when a contribution shows over a video: placement, segments, sampling.

The contribution itself lives in `comments`, with form danmaku, and goes through the same gates,
screening, review, decisions and log as every other. Obligations 2017-5.4, 2022-2.2, 2022-4.3.
Start reading at `rules`.
"""
