"""Web servers on this machine, inside the test's own process, that answer well or badly as they are told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """What a server answers by path, and what it was asked: path and headers of each request."""

    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def host(self) -> str:
        """What okrctl.yaml lists."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def gives(self, path: str, data: Any, status: int = 200, reason: str | None = None, **headers: str) -> None:
        """Answer with JSON, or with bytes."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            request.send_response(status, reason)
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            for name, value in ({"Content-Length": str(len(body))} | said).items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer


@contextmanager
def site() -> Iterator[Site]:
    """A server on a port of its own."""
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            answer = found.answers.get(self.path.partition("?")[0])
            try:
                answer(self) if answer else self.send_error(404)
            except OSError:
                self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
