"""The least a server can do here: one answer, always the same, on uvicorn set up like ours.

    python -m bench.constant BODY HEADERS

BODY is a file; HEADERS is a JSON file of [name, value] pairs.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
import uvloop


def app_of(body: bytes, headers: list[list[str]]) -> Any:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    start = {"type": "http.response.start", "status": 200, "headers": raw}
    rest = {"type": "http.response.body", "body": body}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(rest)

    return app


async def serve(app: Any, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,
        date_header=True,
        http="httptools",
        lifespan="off",
        log_config=None,
        proxy_headers=True,
        forwarded_allow_ips=["127.0.0.1"],
        server_header=False,
        timeout_keep_alive=65,
        ws="none",
    )
    print(f"constant bytes is ready on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    await uvicorn.Server(config).serve(sockets=[listener])


def main() -> None:
    body, headers = Path(sys.argv[1]).read_bytes(), json.loads(Path(sys.argv[2]).read_text())
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        uvloop.run(serve(app_of(body, headers), listener))


if __name__ == "__main__":
    main()
