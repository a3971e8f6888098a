"""Fetch a JSON document over HTTP: from allowed hosts only, encrypted, within limits of time and size."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from urllib.parse import urljoin

from okrctl.sources.policy import MAX_BYTES, AccessPolicy, Address, SourceError

REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
RETRY_STATUSES = (408, 425, 429, 500, 502, 503, 504)


def fetch_json(access: AccessPolicy, address: str, token: str | None = None) -> object:
    """The JSON document at an address; numbers are texts as they were sent. Raises SourceError."""

    def refuse(constant: str) -> object:
        raise SourceError(f"the response contains {constant}, expected a number")

    body = fetch(access, address, token)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise SourceError("the response is not valid JSON") from None


class JsonNumber(str):
    """A number in a JSON text, with all its digits."""

    __slots__ = ()


def fetch(access: AccessPolicy, address: str, token: str | None = None) -> bytes:
    """The bytes at an address. The token is sent to the host of the address only, not to others. Raises SourceError."""
    if token is not None and not (token.isascii() and token.isprintable()):
        raise SourceError("the token contains characters that a header cannot have")
    here = access.require_allowed(address)
    first = here.origin
    for _ in range(MAX_REDIRECTS + 1):
        found = _HttpCall(access, here, token if here.origin == first else None).send()
        if isinstance(found, bytes):
            return found
        here = access.require_allowed(urljoin(f"{here.scheme}://{_host_and_port(here)}{here.target}", found))
    raise SourceError(f"more than {MAX_REDIRECTS} redirects")


def _host_and_port(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


class _HttpCall:
    """One request that ends when its time is over, whatever the server does.

    The timeouts of `http.client` are per read, so a server that sends a byte now and then could keep a request open for
    ever. A timer closes the socket instead.
    """

    def __init__(self, access: AccessPolicy, address: Address, token: str | None) -> None:
        self.access, self.address, self.token = access, address, token
        self.is_late = False
        self.connection = self._connection()
        self.socket: socket.socket | None = None  # the connection drops it while the body is read

    def _connection(self) -> http.client.HTTPConnection:
        host, port, seconds = self.address.host, self.address.port, self.access.seconds
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=seconds)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())

    def send(self) -> bytes | str:
        """The body, or the address that a redirect names."""
        timer = threading.Timer(self.access.seconds, self._abort)
        timer.daemon = True
        timer.start()
        try:
            found = self._exchange()
        except SourceError:
            raise
        except ssl.SSLError as error:
            if self.is_late:
                raise self._timeout_error() from None
            raise SourceError(f"no trusted connection to {self.address.host}: {_describe_error(error)}") from None
        except TimeoutError:
            raise self._timeout_error() from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self.is_late:
                raise self._timeout_error() from None
            raise SourceError(
                f"no response from {_host_and_port(self.address)}: {_describe_error(error)}", is_retryable=True
            ) from None
        finally:
            timer.cancel()
            self.connection.close()
        if self.is_late:
            raise self._timeout_error()
        return found

    def _exchange(self) -> bytes | str:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "okrctl"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        self.connection.connect()
        self.socket = self.connection.sock
        self.connection.request("GET", self.address.target, headers=headers)
        response = self.connection.getresponse()
        if response.status in REDIRECTS:
            return response.getheader("Location") or self._refuse("the redirect has no Location header")
        if response.status != 200:
            message = f"{self.address.host} responded with {response.status} {response.reason}"
            raise SourceError(message[:120], response.status in RETRY_STATUSES)
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise SourceError("the response is compressed; only uncompressed responses are supported")
        return self._read_body(response)

    def _refuse(self, message: str) -> str:
        raise SourceError(message)

    def _read_body(self, response: http.client.HTTPResponse) -> bytes:
        body = response.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise SourceError(f"the response is larger than {MAX_BYTES // 1_000_000} MB")
        if response.length and not self.is_late:
            raise SourceError("the response ended early", is_retryable=True)
        return body

    def _abort(self) -> None:
        self.is_late = True
        sock = self.socket or self.connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _timeout_error(self) -> SourceError:
        return SourceError(f"{self.address.host} took longer than {self.access.seconds:g} seconds", is_retryable=True)


def _describe_error(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "the server does not support TLS").lower().replace("_", " ")
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "not an HTTP response"
