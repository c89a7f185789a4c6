"""The command line: translates, decides nothing. One module for each command; `main` joins them."""
