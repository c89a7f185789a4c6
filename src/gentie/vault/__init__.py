"""The vault: what could name a person, sealed. A database of its own.

Obligations 2017-5.1b, 2017-5.2*. The serving process seals and looks up keyed fingerprints;
it cannot open. Any act may seal; only identity acts open.
"""
