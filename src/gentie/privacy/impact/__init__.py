"""What keeping data for a purpose does to people: assessed before it is kept, and again in time.

Obligations 2017-5.2a, 2022-4.2a. The inventory says which purposes need it and why.
"""
