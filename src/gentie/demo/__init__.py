"""A newsroom in a box: what a stranger sees after the first start.

All texts are our own and live as data in `content/`; `content.py` reads them. Whatever the demo
does with them it does through acts, as the people of its cast.
"""
