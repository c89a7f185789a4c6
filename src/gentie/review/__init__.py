"""The review desk: queue, leases, undo window.

Obligations 2017-5.3, 2017-5.5a. Start reading at `rules`.
"""
