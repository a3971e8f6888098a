"""Web servers on this machine, inside the test's own process, that answer well or badly as they are told."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """What a server answers by path, and what it was asked: path and headers of each request, methods and bodies."""

    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
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
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            found.methods.append(self.command)
            found.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
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


@dataclass
class Proxy:
    """A proxy for HTTPS on this machine: which places it was to connect to, and with what credentials."""

    port: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def proxy(target: int, password: str | None = None) -> Iterator[Proxy]:
    """A proxy that leads every CONNECT to a port of this machine, as one that knows the names of a company does.

    With a password it refuses who does not give it.
    """
    found = Proxy()

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            given = self.headers.get("Proxy-Authorization")
            found.asked.append((self.path, given))
            if password is not None and given != "Basic " + base64.b64encode(password.encode()).decode():
                self.send_error(407)
                return
            with socket.create_connection(("127.0.0.1", target)) as there:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
                back.start()
                pump(self.connection, there)
                back.join()
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
        server.shutdown()
        server.server_close()
        thread.join()


def pump(one: socket.socket, other: socket.socket) -> None:
    """Hands on all that one side sends to the other, until it ends."""
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
