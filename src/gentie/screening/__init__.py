"""Screening: text -> views -> signals with spans -> verdict with class, clause and explanation.

Obligations 2017-5.5d, 2017-5.6*. We ship no word list: operators bring their own. A phase that
fails says "needs a person", never "clean". Start reading at `pipeline`.
"""
