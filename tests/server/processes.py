"""Runs `okrctl serve` as a process of its own, and talks to it over a socket."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.repositories import clean_environment
from tests.server.client import Form, forms

WAIT_SECONDS = 60


class Served:
    """A running server; `cookie` opens its pages once `enter` was called."""

    def __init__(self, root: Path, process: subprocess.Popen[str], port: int, environment: Mapping[str, str]) -> None:
        self.root, self.process, self.port, self.environment = root, process, port, environment
        self.cookie = ""

    @property
    def origin(self) -> str:
        """What browsers know it as."""
        return f"http://127.0.0.1:{self.port}"

    def new_address(self) -> str:
        """An address with a code, as another terminal prints it."""
        done = run_okrctl(self.root, self.environment, "serve", "--code", "--port", str(self.port))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def enter(self) -> None:
        """Exchange a code for the cookie."""
        address = self.new_address()
        status, headers, _ = self.ask("GET", address.removeprefix(self.origin))
        assert status == 303
        self.cookie = headers["set-cookie"].partition(";")[0]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], str]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def post(self, form: Form, values: Mapping[str, str], action: str = "save") -> tuple[int, Mapping[str, str], str]:
        """Send a form."""
        body = urlencode([*form.with_values(values), ("action", action)]).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.ask("POST", form.action, body, kind)

    def form(self, path: str) -> Form:
        """The first form of a page that is sent by POST."""
        status, _, text = self.ask("GET", path)
        assert status == 200, text
        return forms(text)[0]

    def connect(self) -> socket.socket:
        """A connection without a request."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_SECONDS)


def run_okrctl(root: Path, environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    command = [sys.executable, "-m", "okrctl", *words]
    return subprocess.run(
        command, cwd=root, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=WAIT_SECONDS, check=False,
    )  # fmt: skip


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def environment_for(tmp_path: Path, day: str) -> dict[str, str]:
    """The environment of a server: a day, and a cache folder of its own."""
    cache = tmp_path / "cache-of-serve"
    cache.mkdir(exist_ok=True)
    source = str(Path(__file__).resolve().parents[2])
    return {**clean_environment(), "OKRCTL_TODAY": day, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": source}


@contextmanager
def serving(
    root: Path, tmp_path: Path, *options: str, day: str = "2026-05-20", port: int | None = None,
    wrap: Sequence[str] = (), **extra: str,
) -> Iterator[Served]:  # fmt: skip
    """Start a server and stop it at the end."""
    port = port or free_port()
    environment = environment_for(tmp_path, day) | extra
    command = [*wrap, sys.executable, "-m", "okrctl", "serve", "--no-open", "--port", str(port), *options]
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Serving"), line + process.stdout.read()
        yield Served(root, process, port, environment)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(WAIT_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def command_lines(pid: int) -> str:
    """What `ps` shows of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() if os.path.isdir("/proc") else ""
