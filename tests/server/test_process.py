"""A server as a process: how it starts and stops, and what slow, large and many requests do to it."""

from __future__ import annotations

import contextlib
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from tests.repositories import Repo
from tests.server.processes import WAIT_SECONDS, Served, command_lines, environment_for, free_port, run_okrctl, serving
from tests.server.worlds import DAY

pytestmark = pytest.mark.slow  # each test starts a process of its own
VALUE = "value:2026-Q2/shop/retention.orders"


@pytest.fixture
def served(repo: Repo, tmp_path: Path) -> Iterator[Served]:
    with serving(repo.path, tmp_path) as found:
        found.enter()
        yield found


def test_a_code_of_another_terminal_opens_the_pages(served: Served) -> None:
    status, _, text = served.ask("GET", "/")
    assert status == 200 and "Acme" in text
    first = served.new_address()
    served.cookie = ""
    assert served.ask("GET", first.removeprefix(served.origin))[0] == 303
    assert served.ask("GET", first.removeprefix(served.origin))[0] == 401


def test_nothing_secret_is_in_the_list_of_processes_or_in_the_output(served: Served) -> None:
    secret = served.cookie.partition("=")[2]
    code = served.new_address().partition("code=")[2]
    assert secret not in command_lines(served.process.pid) and code not in command_lines(served.process.pid)
    served.ask("GET", f"/?code={code}")
    served.ask("GET", f"/nowhere?code={code}")
    served.process.terminate()
    output, _ = served.process.communicate(timeout=WAIT_SECONDS)
    assert secret not in output and code not in output


def test_it_stops_when_asked_and_forgets_its_codes(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(WAIT_SECONDS) in (0, 130)
    done = run_okrctl(served.root, served.environment, "serve", "--code", "--port", str(served.port))
    assert done.returncode == 2 and "no `okrctl serve` is running here" in done.stderr


def test_a_port_that_is_taken_is_said(served: Served) -> None:
    done = run_okrctl(served.root, served.environment, "serve", "--no-open", "--port", str(served.port))
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{served.port}" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--host", "0.0.0.0"),
        ("--host", "0.0.0.0", "--url", "https://goals.example.com"),
        ("--public",),
        ("--user-header", "X-User"),
        ("--port", "0"),
        ("--allow", "everything"),
        ("--host", "no such host"),
    ],
)
def test_options_that_let_too_many_in_are_refused(repo: Repo, tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run_okrctl(repo.path, environment_for(tmp_path, DAY), "serve", "--no-open", *options)
    assert done.returncode == 2 and done.stderr.startswith("error:") and "Traceback" not in done.stderr


def test_it_needs_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_okrctl(tmp_path / "empty", environment_for(tmp_path, DAY), "serve", "--no-open")
    assert done.returncode == 2 and "no workspace" in done.stderr


@pytest.mark.parametrize("way", ["declared", "chunked"])
def test_a_body_of_100_megabytes_is_refused(served: Served, way: str) -> None:
    with served.connect() as connection:
        head = f"POST /check-in HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {served.origin}\r\n"
        head += f"Cookie: {served.cookie}\r\n"
        head += "Content-Length: 104857600\r\n\r\n" if way == "declared" else "Transfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        chunk = b"a" * 65536
        try:
            for _ in range(1600):
                connection.sendall(b"10000\r\n" + chunk + b"\r\n" if way == "chunked" else chunk)
        except OSError:
            pass  # the server has closed the connection
        try:
            answer = connection.recv(4096)
        except OSError:
            answer = b""
    assert answer.startswith((b"HTTP/1.1 413", b"")) and not answer.startswith(b"HTTP/1.1 2")
    assert served.ask("GET", "/")[0] == 200


def test_500_connections_are_refused_or_served(served: Served) -> None:
    connections = []
    try:
        for _ in range(500):
            connections.append(served.connect())
    finally:
        status = served.ask("GET", "/assets/style.css")[0]
        for connection in connections:
            connection.close()
    assert status in (200, 503)
    for _ in range(50):
        if served.ask("GET", "/")[0] == 200:
            break
    else:
        pytest.fail("the server does not answer any more")


def test_nonsense_on_the_line_is_answered_or_closed(served: Served) -> None:
    for nonsense in (b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9\r\n\r\n", b"A" * 100_000, b"GET /\0 HTTP/1.1\r\n\r\n"):
        with served.connect() as connection:
            connection.sendall(nonsense + b"\r\n\r\n")
            with contextlib.suppress(OSError):  # it was closed
                assert not connection.recv(4096).startswith(b"HTTP/1.1 2")
    assert served.ask("GET", "/")[0] == 200


def test_a_socket_is_for_this_user_alone(repo: Repo, tmp_path: Path) -> None:
    path = tmp_path / "s"
    options = ("--unix-socket", str(path), "--url", "https://goals.example.com", "--user-header", "X-User")
    with serving(repo.path, tmp_path, *options) as served:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

        def ask(*headers: str) -> bytes:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(WAIT_SECONDS)
                connection.connect(str(path))
                lines = ["GET / HTTP/1.1", "Host: goals.example.com", "Connection: close", *headers, "", ""]
                connection.sendall("\r\n".join(lines).encode())
                return connection.recv(12)

        assert ask("X-User: tom") == b"HTTP/1.1 200"
        assert ask() == b"HTTP/1.1 403"
        assert ask("X-User: tom", "X-User: lea") == b"HTTP/1.1 403"
        second = run_okrctl(repo.path, served.environment, "serve", "--no-open", *options)
        assert second.returncode == 2 and "cannot listen" in second.stderr
    assert not path.exists()
    path_of_dead = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path_of_dead))
    with serving(repo.path, tmp_path, *options):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "post-commit"])
def test_a_server_that_is_killed_while_it_writes_leaves_old_or_new(repo: Repo, tmp_path: Path, hook: str) -> None:
    goals = repo.path / "okrs/2026-Q2/shop.yaml"
    before, head = goals.read_bytes(), repo.head
    pid_file = tmp_path / "pid"
    repo.write(f".git/hooks/{hook}", f"#!/bin/sh\nkill -9 $(cat '{pid_file}')\n").chmod(0o755)
    with serving(repo.path, tmp_path) as served:
        served.enter()
        form = served.form("/check-in?who=all")
        pid_file.write_text(str(served.process.pid))
        with pytest.raises(OSError):
            served.post(form, {VALUE: "150"})
        assert served.process.wait(WAIT_SECONDS) == -signal.SIGKILL
    (repo.path / f".git/hooks/{hook}").unlink()
    with serving(repo.path, tmp_path) as served:
        served.enter()
        assert served.ask("GET", "/check-in?who=all")[0] == 200
        is_committed = repo.head != head
        assert (goals.read_bytes() == before) is not is_committed
        assert repo.git("status", "--short") == ""
        if not is_committed:
            assert served.post(served.form("/check-in?who=all"), {VALUE: "150"})[0] == 303
    assert b"2026-05-20: 150" in goals.read_bytes()


def test_a_slow_request_is_cut_off(repo: Repo, tmp_path: Path) -> None:
    """The real limit is 30 seconds; here it is shorter, so that nobody waits."""
    starter = tmp_path / "starter.py"
    starter.write_text(
        "import sys\nfrom okrctl.server import limits\nlimits.REQUEST_SECONDS = 0.2\n"
        "from okrctl.cli.main import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    port = free_port()
    command = [sys.executable, str(starter), "serve", "--no-open", "--port", str(port)]
    environment = environment_for(tmp_path, DAY)
    process = subprocess.Popen(
        command, cwd=repo.path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None and process.stderr.readline().startswith(b"Serving")
        served = Served(repo.path, process, port, environment)  # type: ignore[arg-type]
        with served.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: ")  # and nothing more
            assert connection.recv(100) == b""
        served.enter()
        with served.connect() as connection:
            head = f"POST /check-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {served.origin}\r\n"
            connection.sendall(f"{head}Cookie: {served.cookie}\r\nContent-Length: 100\r\n\r\nabc".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 408")
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)
        assert process.stderr is not None
        process.stderr.close()
