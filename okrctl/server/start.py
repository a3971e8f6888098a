"""Starts a server: what its options allow, the socket, and the code that opens the first page."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import stat
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from okrctl.server.access import (
    CODE_PARAMETER,
    OPEN_WRITES,
    WRITES,
    Access,
    Codes,
    ProxyRule,
    code_folder,
    hosts_of_url,
    is_loopback,
    loopback_hosts,
    parse_allowed,
)
from okrctl.server.visit import Options
from okrctl.server.workspace import ServedWorkspace
from okrctl.values.errors import DiskError, UsageError

if TYPE_CHECKING:
    import uvicorn

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class ServeRequest:
    """How to serve a workspace, as the options of `okrctl serve` say."""

    root: Path
    environment: dict[str, str]
    port: int = 8765
    host: str = "127.0.0.1"
    unix_socket: Path | None = None
    url: str | None = None
    opens: bool = True
    is_read_only: bool = False
    is_public: bool = False
    commits: bool = True
    syncs: bool = False
    user_header: str | None = None
    trusted_proxy: str | None = None
    allow: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What tells this server from others of the same user: its port, or its socket."""
        if self.unix_socket is None:
            return str(self.port)
        return hashlib.sha256(os.fsencode(self.unix_socket.absolute())).hexdigest()[:16]

    @property
    def origin(self) -> str:
        """What browsers know the server as."""
        if self.url is not None:
            parts = urlsplit(self.url)
            return f"{parts.scheme}://{parts.netloc}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def check_request(request: ServeRequest) -> None:
    """Raise UsageError for options that would let in more people than they say, or that contradict each other."""
    for is_wrong, message, hint in (*_contradictions(request), *_open_doors(request)):
        if is_wrong:
            raise UsageError(message, hint)
    for word in parse_allowed(request.allow):
        if word not in WRITES:
            raise UsageError(f"'{word}' is not a valid value for --allow", "use amend, close or fix")


def _contradictions(request: ServeRequest) -> Iterator[tuple[bool, str, str]]:
    """What options say that does not go together: whether they do, and what is said then."""
    is_read_only, has_header = request.is_read_only, request.user_header is not None
    has_peer = request.trusted_proxy is not None or request.unix_socket is not None
    yield request.is_public and not is_read_only, "--public needs --read-only", "add it, or leave out --public"
    yield has_header and not has_peer, "--user-header needs --trusted-proxy", "name the address of the proxy"
    yield (
        request.trusted_proxy is not None and not has_header,
        "--trusted-proxy needs --user-header", "name the header that the proxy sends",
    )  # fmt: skip
    yield (
        request.url is not None and not _is_plain_url(request.url),
        f"--url '{request.url}' is not an address", "write it without a path: https://goals.example.com",
    )  # fmt: skip
    yield bool(request.allow) and is_read_only, "--allow and --read-only contradict each other", "leave out one"
    yield request.syncs and is_read_only, "--sync and --read-only contradict each other", "leave out one"
    yield request.syncs and not request.commits, "--sync needs commits", "leave out --no-commit"


def _open_doors(request: ServeRequest) -> Iterator[tuple[bool, str, str]]:
    """What would let other machines in."""
    is_near = request.unix_socket is not None or is_loopback(request.host)
    yield (
        not is_near and request.user_header is None and not request.is_read_only,
        f"--host {request.host} lets other machines in",
        "put a proxy in front (--user-header, --trusted-proxy), or use --read-only",
    )  # fmt: skip
    yield (
        request.url is None and (not is_near or request.unix_socket is not None or request.user_header is not None),
        "browsers must know the address of the server", "pass it as --url https://goals.example.com",
    )  # fmt: skip


def _is_plain_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/") and not (
        parts.query or parts.fragment or parts.username
    )  # fmt: skip


def build_access(request: ServeRequest) -> Access:
    """Who may come in."""
    hosts = set() if request.url is None else set(hosts_of_url(request.url))
    if request.unix_socket is None and is_loopback(request.host) and request.user_header is None:
        hosts |= loopback_hosts(request.port)
    proxy = None if request.user_header is None else ProxyRule(request.user_header, request.trusted_proxy)
    needs_code = proxy is None and not request.is_public
    return Access(
        origin=request.origin, hosts=frozenset(hosts), cookie_name=f"okrctl_{request.name}",
        codes=Codes(code_folder(request.name)) if needs_code else None, proxy=proxy, is_public=request.is_public,
    )  # fmt: skip


def build_options(request: ServeRequest, served: ServedWorkspace, access: Access) -> Options:
    """What pages may do."""
    why = "this server is read-only (--read-only)" if request.is_read_only else None
    if why is None and access.proxy is None and served.has_repository() and served.git_person() is None:
        why = "git does not know your name and address (git config user.name, user.email)"
    writes = WRITES if access.proxy is None else (*OPEN_WRITES, *parse_allowed(request.allow))
    return Options(frozenset(writes), why, request.commits)


def print_new_address(request: ServeRequest, out: Say) -> None:
    """Print an address with a new code for a server that runs."""
    folder = code_folder(request.name)
    if not (folder / "running").exists():
        raise UsageError(f"no `okrctl serve` is running here as {request.name}", "start it, or pass its --port")
    out(_address(request, Codes(folder).create()))


def _address(request: ServeRequest, code: str) -> str:
    return f"{request.origin}/?{CODE_PARAMETER}={code}"


def run(request: ServeRequest, say: Say) -> None:
    """Serve until interrupted."""
    import uvicorn

    from okrctl.server.app import Server, build_app
    from okrctl.server.limits import MAX_CONNECTIONS, MAX_HEAD, REQUEST_SECONDS, TimedProtocol
    from okrctl.server.live import ChangeFeed
    from okrctl.server.upstream import UpstreamSync

    check_request(request)
    served = ServedWorkspace(request.root, request.environment)
    access = build_access(request)
    options = build_options(request, served, access)
    sync = UpstreamSync(served) if request.syncs else None
    app = build_app(Server(served, access, options, ChangeFeed(), sync))
    config = uvicorn.Config(
        app, proxy_headers=False, server_header=False, access_log=False, log_level="warning", http=TimedProtocol,
        ws="none", timeout_keep_alive=REQUEST_SECONDS, limit_concurrency=MAX_CONNECTIONS,
        h11_max_incomplete_event_size=MAX_HEAD, timeout_graceful_shutdown=2,
    )  # fmt: skip
    listener = _listen(request)
    try:
        _announce(request, access, options, say)
        _serve(uvicorn.Server(config), listener)
    finally:
        listener.close()
        if request.unix_socket is not None:
            request.unix_socket.unlink(missing_ok=True)
        if access.codes is not None:
            access.codes.clear()


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until a signal; SIGTERM, which uvicorn raises again at the end, must not skip the cleaning up."""
    signal.signal(signal.SIGTERM, _end)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve(sockets=[listener]))


def _end(number: int, frame: object) -> None:
    raise SystemExit(0)


def _listen(request: ServeRequest) -> socket.socket:
    """The socket; raises DiskError or UsageError where there cannot be one."""
    if request.unix_socket is not None:
        return _listen_on_path(request.unix_socket)
    family = socket.AF_INET6 if ":" in request.host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once instead of waiting for more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((request.host, request.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on {request.host}:{request.port}: {error.strerror or error}", "pass another --port"
        ) from error
    return listener


def _listen_on_path(path: Path) -> socket.socket:
    if path.is_socket() and not _is_answering(path):
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise DiskError(f"cannot listen on {path}: {error.strerror or error}", "pass another --unix-socket") from error
    finally:
        os.umask(before)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return listener


def _is_answering(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _announce(request: ServeRequest, access: Access, options: Options, say: Say) -> None:
    """Say where the server is, open a browser, and give a new code for each Enter in the terminal."""
    say(f"Serving {request.root} at {request.origin or request.unix_socket}; Ctrl-C stops.")
    if options.why_read_only is not None:
        say(f"Nothing can be changed on the pages: {options.why_read_only}.")
    codes = access.codes
    if codes is None:
        return
    (codes.folder / "running").write_text(f"{os.getpid()}\n", "utf-8")
    if request.opens:
        page = codes.write_opening_page(_address(request, codes.create()))
        webbrowser.open(page.as_uri())
    if sys.stdin is not None and sys.stdin.isatty():
        say(f"Open {_address(request, codes.create())} (once, within a minute; Enter gives a new one).")
        threading.Thread(target=_print_codes, args=(request, codes, say), daemon=True).start()
    elif not request.opens:
        say("`okrctl serve --code` prints an address that opens it.")


def _print_codes(request: ServeRequest, codes: Codes, say: Say) -> None:
    for _ in sys.stdin:
        say(f"Open {_address(request, codes.create())} (once, within a minute).")
