"""Pictures, sound and video: limits, scrubbing, hashes, storage keys.

What people upload is parsed only in `scrubbing`, a program of its own behind walls; this process
never looks inside. Obligations 2017-2.2b, 2022-2.2. Start reading at `limits`, then
`adapters.scrubber`.
"""
