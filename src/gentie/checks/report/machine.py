"""For scripts."""

from typing import Any

import msgspec

from gentie.checks.model import Report


def as_json(report: Report) -> bytes:
    """The whole report with `violated` and `counts` on top, indented."""
    summary: dict[str, Any] = {"violated": report.violated, "counts": report.counts}
    body = summary | msgspec.structs.asdict(report)
    return msgspec.json.format(msgspec.json.encode(body))
