"""Steps that bring a database to the tables of this version, shipped in the wheel.

Start reading at `steps`. There are two databases, each with its own line of steps under
`versions/`: `main`, and `vault` once that room has tables. While nothing has been released each
line is one step that `make migration` writes again from the tables.
"""
