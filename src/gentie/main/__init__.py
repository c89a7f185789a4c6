"""Composition: settings -> application, workers, command line. The one place that knows all."""


def run() -> None:
    """Entry point of the `gentie` command."""
    raise SystemExit("gentie: nothing to run yet")
