"""Starts PostgreSQL, Prometheus and nginx on this machine for a test, each with a folder and a port of its own."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sources.loopback import closed_port

BIN = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)), "")
POSTGRES = bool(BIN) or shutil.which("initdb") is not None
PROMETHEUS = shutil.which("prometheus")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PASSWORD = "p4ss:w/rd@house"


@contextmanager
def folder() -> Iterator[tuple[Path, str | None]]:
    """An empty folder, and the user whose it is where we are root, which PostgreSQL refuses to run as."""
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="okrctl-", ignore_cleanup_errors=True) as name:
        if user:
            found = pwd.getpwnam(user)
            os.chown(name, found.pw_uid, found.pw_gid)
        yield Path(name), user


@contextmanager
def postgres() -> Iterator[tuple[int, Path]]:
    """The port of an empty database, which the user `postgres` enters with PASSWORD, and its folder."""
    with folder() as (place, user):
        secret = place / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)

        def run(*command: str) -> None:
            program = shutil.which(command[0], path=f"{BIN}:{os.environ.get('PATH', '')}")
            subprocess.run(
                [str(program), *command[1:]], check=True, user=user, cwd=place,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
            )  # fmt: skip

        port, data = closed_port(), str(place / "data")
        run("initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync")
        settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(place / "log"), "-o", settings, "start")
        try:
            yield port, place
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@contextmanager
def prometheus() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port of a server that scrapes nothing, and its process."""
    assert PROMETHEUS
    with tempfile.TemporaryDirectory(prefix="okrctl-", ignore_cleanup_errors=True) as name:
        Path(name, "prometheus.yml").write_text("global: {}\n")
        port = closed_port()
        command = [
            PROMETHEUS, f"--config.file={name}/prometheus.yml", f"--storage.tsdb.path={name}/data",
            f"--web.listen-address=127.0.0.1:{port}",
        ]  # fmt: skip
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
            assert process.stderr
            try:
                assert any("ready to receive" in line for line in process.stderr), "Prometheus has ended"
                yield port, process
            finally:
                process.send_signal(signal.SIGCONT)
                process.kill()


@contextmanager
def nginx(server: str) -> Iterator[tuple[int, int, Path]]:
    """The ports for HTTP and HTTPS, and the folder with the certificate; `server` is what stands in the blocks."""
    assert NGINX
    with tempfile.TemporaryDirectory(prefix="okrctl-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        certificate(place)
        plain, secure = closed_port(), closed_port()
        temporary = "".join(
            f"{kind}_temp_path {name}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (place / "nginx.conf").write_text(
            f"pid {name}/pid;\nerror_log {name}/log;\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + "events {}\nhttp {\naccess_log off;\n"
            + temporary
            + f"server {{ listen 127.0.0.1:{plain}; root {name}/www; {server} }}\n"
            + f"server {{ listen 127.0.0.1:{secure} ssl; root {name}/www; ssl_certificate {name}/cert.pem;\n"
            + f"ssl_certificate_key {name}/key.pem; {server} }}\n}}\n"
        )
        (place / "www").mkdir()
        command = [NGINX, "-c", f"{name}/nginx.conf", "-e", f"{name}/log"]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=60)  # ends when it listens
        try:
            yield plain, secure, place
        finally:
            subprocess.run([*command, "-s", "stop"], check=True, timeout=60)


def certificate(place: Path) -> None:
    """A certificate for `localhost` and `metrics.example`, which nobody has signed."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:metrics.example", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=place, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
