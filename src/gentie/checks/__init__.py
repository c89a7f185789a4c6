"""Live checks: one or more for each duty, run against what is stored, per site under its regime.

A check may read every table and changes none. It never trusts a constant or another check: it
recounts. *holds*, *violated* and *no data* are its outcomes; what was not examined is not held.
Start reading at `registry`; a new check is a function in a module of `rows`.
"""
