"""Moving in and out: what a site is made of, as lines of a file (docs/moving-out.md).

Start reading at `records`: the format. `queries` and `log` read it out of an instance, `person` the
part that belongs to one person; `file` writes and reads the lines; `rows` and `store` put them into
an empty instance (`actions.operations.restore_site`). `artrans` and `wxr` write for others.

Reads tables of all rooms, as `checks` does, because a site is spread over all of them.
"""
