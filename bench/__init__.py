"""What is measured, and against what: `make bench`. docs/bench.md says how to read it.

Each module is one part and runs alone as `python -m bench.PART [--quick]`. Nothing here asserts
speed: figures are printed beside their bars, and what could not be measured says so.
"""
