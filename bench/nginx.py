"""nginx as a yardstick: the same bytes as a file, and as a cache of a second in front of us."""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from bench.processes import Server, free_port, listening

MISSING = "needs nginx (apt-get install nginx-light)"

_CONFIG = Template("""
daemon off;
worker_processes 1;
$user
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type application/json;
  gzip_static on;
  open_file_cache max=10;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  proxy_cache_path $folder/cache keys_zone=pages:1m inactive=1m;
  server {
    listen 127.0.0.1:$port;
    $what
  }
}
""")
_CACHE = Template("""
    tcp_nopush off;
    location / {
      proxy_pass $upstream;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache pages;
      proxy_cache_lock on;
      proxy_cache_revalidate on;
      proxy_cache_use_stale updating;
      proxy_cache_background_update on;
    }
""")
"""`tcp_nopush` corks the last piece of a cached answer until the reader's delayed ACK, 40 ms
later: 800 answers a second instead of 20,000, and the idle cost of both servers counts for few."""


def is_here() -> bool:
    """Whether nginx can be used. As root on Debian it is installed when it is missing."""
    if _program() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "nginx-light"]
        subprocess.run(command, check=False, capture_output=True, timeout=120)  # noqa: S603 Debian's own
    return _program() is not None


@contextmanager
def static(folder: Path, files: dict[str, bytes]) -> Iterator[Server]:
    """Serve files by name; `page.json.gz` is what `page.json` is with gzip."""
    _make_readable(folder)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    with _nginx(folder, f"root {folder};") as server:
        yield server


@contextmanager
def caching(folder: Path, upstream: str) -> Iterator[Server]:
    """A shared cache in front of `upstream` that does as the answers' headers say."""
    _make_readable(folder)
    with _nginx(folder, _CACHE.substitute(upstream=upstream)) as server:
        yield server


@contextmanager
def _nginx(folder: Path, what: str) -> Iterator[Server]:
    port, config = free_port(), folder / "nginx.conf"
    user = f"user {_nobody()};" if os.geteuid() == 0 else ""
    config.write_text(_CONFIG.substitute(folder=folder, port=port, what=what, user=user))
    command = [str(_program()), "-c", str(config), "-e", str(folder / "error.log")]
    with listening(command, port, said=folder / "said.log") as server:
        yield server


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _nobody() -> str:
    """The unprivileged user and its group, as nginx wants them."""
    user = pwd.getpwnam("nobody")
    return f"nobody {grp.getgrgid(user.pw_gid).gr_name}"


def _make_readable(folder: Path) -> None:
    """For the worker, which is `nobody` when we are root: the folder and the one it is in."""
    folder.mkdir(exist_ok=True)
    for one in (folder, folder.parent):
        one.chmod(0o755)
