"""The register of leaks of personal data: found, measured, reported, told. Nothing of it changes.

Obligations 2017-5.2a, 2022-4.2a. Start reading at `rules`: what an entry needs, what is late.
"""
