"""Composition: settings -> application, jobs, command line. The one place that knows everything."""


def run() -> None:
    """Entry point of the `gentie` command."""
    from gentie.main.commands import main  # noqa: PLC0415 `import gentie.main` stays cheap

    main()
