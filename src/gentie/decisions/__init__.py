"""Decisions with their statement of reasons and notice: what everything adverse hangs on.

Obligations 2017-7.1a, 2017-8.c, 2022-7.a, 2022-7.c. Start reading at `model.Decision`.
"""
