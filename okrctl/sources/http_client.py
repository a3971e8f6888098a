"""Fetch JSON or CSV over HTTP with urllib3: from allowed hosts only, encrypted, within limits of time and size."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from okrctl.sources.optional import require_package
from okrctl.sources.policy import MAX_BYTES, AccessPolicy, Address, SourceError, is_loopback
from okrctl.values.readings import detect_delimiter

if TYPE_CHECKING:
    import urllib3

REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
RETRY_STATUSES = (408, 425, 429, 500, 502, 503, 504)
CHUNK = 65_536
_LINK = re.compile(r"<([^>]*)>([^<]*)")


class JsonNumber(str):
    """A number in a JSON text, with all its digits."""

    __slots__ = ()


class Answer(NamedTuple):
    """A document, the address that it is from, and the one that its Link header names as the next page.

    The rows of a CSV document are objects by the names of the columns, with None for an empty cell.
    """

    document: object
    address: str
    next_link: str | None


class HttpClient:
    """Fetches the documents of one source. What it sends besides goes to the origin of its address only.

    All requests together end when the time of the source is over, whatever the servers do.
    """

    def __init__(self, access: AccessPolicy, address: str, headers: Mapping[str, str]) -> None:
        self.access = access
        self.headers = headers
        self.home = access.require_allowed(address).origin
        self.deadline = time.monotonic() + access.seconds

    def fetch(self, address: str, body: bytes | None = None) -> Answer:
        """The document at an address, by POST where there is a body; numbers are texts as they were sent.

        Raises SourceError.
        """
        here = self.access.require_allowed(address)
        for _ in range(MAX_REDIRECTS + 1):
            found = self._send(here, body)
            if isinstance(found, _Body):
                return Answer(_parse(found), here.url, found.next_link)
            if body is not None:
                raise SourceError(f"{here.host} redirects a POST; write the address that it leads to")
            here = self.access.require_allowed(urljoin(here.url, found))
        raise SourceError(f"more than {MAX_REDIRECTS} redirects")

    def _send(self, address: Address, body: bytes | None) -> _Body | str:
        if body is not None and address.origin != self.home:
            raise SourceError(f"a query is sent to {self.home[1]} only, not to {address.host}")
        headers = {"Accept": "application/json, text/csv", "Accept-Encoding": "identity", "User-Agent": "okrctl"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if address.origin == self.home:
            headers |= self.headers
        return _HttpCall(self.access, address, self.deadline).send(headers, body)


def _parse(body: _Body) -> object:
    if body.media_type.partition(";")[0].strip().lower() == "text/csv":
        return _parse_csv(body.content)
    return _parse_json(body.content)


def _parse_csv(content: bytes) -> list[dict[str, str | None]]:
    try:
        text = content.decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=detect_delimiter(text), restval="")
        return [{str(name): str(cell or "").strip() or None for name, cell in row.items()} for row in rows]
    except (UnicodeDecodeError, csv.Error):
        raise SourceError("the response is not valid CSV") from None


def _parse_json(content: bytes) -> object:
    def refuse(constant: str) -> object:
        raise SourceError(f"the response contains {constant}, expected a number")

    try:
        return json.loads(
            content.decode("utf-8-sig"), parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=refuse
        )
    except (ValueError, RecursionError):
        raise SourceError("the response is not valid JSON") from None


def find_proxy(address: Address, environment: Mapping[str, str]) -> str | None:
    """The proxy that the environment names for an address, as curl reads it; never one for this machine itself.

    What is sent to this machine may be unencrypted, and must not leave it.
    """
    if is_loopback(address.host):
        return None
    names = (f"{address.scheme}_proxy", "all_proxy")
    proxy = next((value for name in names for value in _values(environment, name)), None)
    excluded = next(_values(environment, "no_proxy"), "")
    if proxy is None or any(_is_excluded(address, entry.strip()) for entry in excluded.lower().split(",")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_excluded(address: Address, entry: str) -> bool:
    """Whether an entry of NO_PROXY is an address's host, a domain above it, or everything."""
    domain = entry.removesuffix(f":{address.port}").lstrip(".")
    return domain == "*" or (domain != "" and f".{address.host}".endswith(f".{domain}"))


def _values(environment: Mapping[str, str], name: str) -> Iterator[str]:
    yield from (value for key in (name, name.upper()) if (value := environment.get(key, "").strip()))


class _Body(NamedTuple):
    content: bytes
    media_type: str
    next_link: str | None


class _HttpCall:
    """One request. A timer closes its socket, since timeouts of sockets are per read and a server may drip for ever."""

    def __init__(self, access: AccessPolicy, address: Address, deadline: float) -> None:
        self.access, self.address = access, address
        self.seconds = deadline - time.monotonic()
        self.is_late = False
        self.connection: urllib3.connection.HTTPConnection | None = None
        self.socket: socket.socket | None = None  # the connection drops it while the body is read

    def send(self, headers: Mapping[str, str], body: bytes | None) -> _Body | str:
        """The body, or the address that a redirect names."""
        require_package("urllib3", "http", "a source on the web")
        if self.seconds <= 0:
            raise self._timeout_error()
        timer = threading.Timer(self.seconds, self._abort)
        timer.daemon = True
        timer.start()
        try:
            with self._translate_errors(), self._open(headers, body) as response:
                found = self._read(response)
        finally:
            timer.cancel()
        if self.is_late:
            raise self._timeout_error()
        return found

    @contextlib.contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Raise SourceError for what urllib3 raises, without any text of the server."""
        import urllib3

        try:
            yield
        except urllib3.exceptions.SSLError as error:
            self._require_in_time()
            raise SourceError(f"no trusted connection to {self.address.host}: {_describe_error(error)}") from None
        except urllib3.exceptions.NewConnectionError as error:  # which is a TimeoutError of urllib3, too
            raise self._connection_error(error) from None
        except urllib3.exceptions.TimeoutError:
            raise self._timeout_error() from None
        except urllib3.exceptions.ProxyError as error:
            self._require_in_time()
            message = f"cannot reach {self.address.host} through the proxy: {_describe_error(error)}"
            raise SourceError(message, is_retryable=True) from None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            self._require_in_time()
            if any(isinstance(cause, urllib3.exceptions.IncompleteRead) for cause in _causes(error)):
                raise SourceError("the response ended early", is_retryable=True) from None
            raise self._connection_error(error) from None

    @contextlib.contextmanager
    def _open(self, headers: Mapping[str, str], body: bytes | None) -> Iterator[urllib3.BaseHTTPResponse]:
        import urllib3

        with self._manager() as manager:
            response = manager.request(
                "GET" if body is None else "POST", self.address.url, headers=dict(headers), body=body,
                timeout=urllib3.Timeout(total=self.seconds), retries=False, redirect=False,
                preload_content=False, decode_content=False,
            )  # fmt: skip
            try:
                yield response
            finally:
                response.close()

    def _manager(self) -> urllib3.PoolManager:
        import urllib3

        context = ssl.create_default_context() if self.address.scheme == "https" else None
        proxy = find_proxy(self.address, self.access.environment)
        manager = urllib3.PoolManager(ssl_context=context) if proxy is None else self._proxy_manager(proxy, context)
        manager.pool_classes_by_scheme = _watched_pools(self._watch)
        return manager

    def _proxy_manager(self, proxy: str, context: ssl.SSLContext | None) -> urllib3.ProxyManager:
        import urllib3

        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https"):
            raise SourceError("the proxy in the environment is neither http nor https")
        headers = {}
        if parts.username is not None:
            account = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.access.hide(unquote(parts.password or ""))
            headers = urllib3.make_headers(proxy_basic_auth=account)
        return urllib3.ProxyManager(proxy, proxy_headers=headers, ssl_context=context)

    def _watch(self, connection: urllib3.connection.HTTPConnection) -> None:
        self.connection, self.socket = connection, connection.sock

    def _read(self, response: urllib3.BaseHTTPResponse) -> _Body | str:
        if response.status in REDIRECTS:
            return response.headers.get("Location") or self._refuse("the redirect has no Location header")
        if response.status != 200:
            raise self._status_error(response)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise SourceError("the response is compressed; only uncompressed responses are supported")
        body = b""
        while chunk := response.read(CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise SourceError(f"the response is larger than {MAX_BYTES // 1_000_000} MB")
            self._require_in_time()
        media_type = response.headers.get("Content-Type", "")
        return _Body(body, media_type, _next_link(response.headers.get("Link", "")))

    def _status_error(self, response: urllib3.BaseHTTPResponse) -> SourceError:
        """What a status means, and how long the server asks to wait before another attempt."""
        import urllib3

        wait = 0.0
        after = response.headers.get("Retry-After", "")
        with contextlib.suppress(urllib3.exceptions.InvalidHeader):
            wait = urllib3.Retry().parse_retry_after(after) if after else 0.0
        reason = http.client.responses.get(response.status, "")
        is_retryable = response.status in RETRY_STATUSES or (response.status == 403 and bool(after))
        message = f"{self.address.host} responded with {response.status} {reason}".rstrip()
        if is_retryable and wait > self.access.seconds:
            return SourceError(f"{message} and asks to wait {wait:.0f} seconds")
        return SourceError(message, is_retryable, wait)

    def _refuse(self, message: str) -> str:
        raise SourceError(message)

    def _abort(self) -> None:
        self.is_late = True
        sock = self.socket or (self.connection.sock if self.connection is not None else None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _require_in_time(self) -> None:
        if self.is_late:
            raise self._timeout_error()

    def _connection_error(self, error: BaseException) -> SourceError:
        place = f"{self.address.host_in_url}:{self.address.port}"
        return SourceError(f"no response from {place}: {_describe_error(error)}", is_retryable=True)

    def _timeout_error(self) -> SourceError:
        return SourceError(f"{self.address.host} took longer than {self.access.seconds:g} seconds", is_retryable=True)


def _watched_pools(watch: Callable[[urllib3.connection.HTTPConnection], None]) -> dict[str, type]:
    """Pools of urllib3 whose connections say when they are made and when they are connected."""
    import urllib3

    class Plain(urllib3.connection.HTTPConnection):
        def connect(self) -> None:
            watch(self)
            super().connect()
            watch(self)

    class Secure(urllib3.connection.HTTPSConnection):
        def connect(self) -> None:
            watch(self)
            super().connect()
            watch(self)

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _next_link(header: str) -> str | None:
    """The address that a Link header names with `rel="next"`."""
    for address, parameters in _LINK.findall(header):
        if any(part.strip().replace('"', "").lower() == "rel=next" for part in parameters.rstrip(", ").split(";")):
            return str(address)
    return None


def _describe_error(error: BaseException) -> str:
    """The deepest cause that the operating system or OpenSSL names, in lower case."""
    for cause in reversed(_causes(error)):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or "the server does not support TLS").lower().replace("_", " ")
        if isinstance(cause, OSError):
            return (cause.strerror or type(cause).__name__).lower()
    return "not an HTTP response"


def _causes(error: BaseException) -> list[BaseException]:
    """An error and those that it was made from, in order: urllib3 hands them on as arguments or as causes."""
    causes = [error]
    for cause in causes:
        inner = (*cause.args, cause.__cause__, cause.__context__)
        causes += [part for part in inner if isinstance(part, BaseException) and part not in causes]
    return causes
