"""A run of the checks as a table on the terminal, as JSON, as a page and as an OSCAL document."""
