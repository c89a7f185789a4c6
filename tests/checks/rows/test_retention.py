"""The check on retention, as the command line runs it: with nothing loaded but what it names."""

import subprocess
import sys

ASK = "from gentie.checks.rows import retention; print(len(retention._records()))"


def test_knows_every_table_in_a_process_of_its_own() -> None:
    asked = [sys.executable, "-c", ASK]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 our own

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
