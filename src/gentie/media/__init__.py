"""Pictures, sound and video: limits, scrubbing, hashes, and where their bytes lie.

An attachment begins as an upload of one account, is checked by a job outside any transaction, and
then waits to be taken along by a contribution. What people upload is parsed only in `scrubbing`, a
program of its own behind walls; this process never looks inside. Obligations 2017-2.2b, 2022-2.2.
Start reading at `model` and `rules`; for the program at `limits`, then `adapters.scrubber`.
"""
