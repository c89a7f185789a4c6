"""What gets into a log file: no text of a person, no address, no secret."""

import subprocess
import sys

import msgspec

from gentie.main.logs import keep_listed, keep_places

LOGGING = """
import logging, structlog
from gentie.main.logs import set_up_logs
set_up_logs("info")
log = structlog.get_logger()
log.debug("quiet")
log.info("request", route="/a/{b}", status=200, body="SECRET", address="SECRET")
try:
    try:
        raise KeyError("SECRET")
    except KeyError as cause:
        raise ValueError("SECRET") from cause
except ValueError:
    log.exception("task.failed", task="t")
    logging.getLogger("some.library").error("value %s is wrong", "SECRET", exc_info=True)
logging.getLogger("some.library").info("chatter")
"""


def test_only_listed_fields_reach_the_file_and_no_values_of_errors() -> None:
    told = subprocess.run(  # noqa: S603 our own script
        [sys.executable, "-c", LOGGING], capture_output=True, text=True, check=True
    )

    lines = [msgspec.json.decode(line) for line in told.stderr.splitlines()]
    assert "SECRET" not in told.stderr
    assert [line["event"] for line in lines] == ["request", "task.failed", "value %s is wrong"]
    assert lines[0]["left_out"] == ["address", "body"]
    kinds = [one for one in lines[1]["failure"] if not one.startswith(" ")]
    assert kinds == ["builtins.ValueError", "builtins.KeyError"]
    assert lines[2]["logger"] == "some.library"
    assert lines[2]["failure"] == lines[1]["failure"]


def test_a_line_without_an_error_stays_as_it_is() -> None:
    assert keep_places(None, "", {"event": "a"}) == {"event": "a"}
    assert keep_listed(None, "", {"event": "a", "ms": 1}) == {"event": "a", "ms": 1}
    assert "failure" not in keep_places(None, "", {"event": "a", "exc_info": None})
