"""One module for each format. Each streams a file into records and decides nothing about them.

They follow the published schemas of the old services, and what is known of their exports.
"""
