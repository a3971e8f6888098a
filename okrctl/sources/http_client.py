"""Fetches one document over HTTP: listed hosts only, encrypted, within limits of time and size."""

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
    """The JSON at an address; numbers are texts as they were sent. Raises SourceError."""

    def refuse(constant: str) -> object:
        raise SourceError(f"the answer has {constant} where a number is meant")

    body = fetch(access, address, token)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise SourceError("the answer is no JSON") from None


class JsonNumber(str):
    """A number of a JSON text, with all its digits."""

    __slots__ = ()


def fetch(access: AccessPolicy, address: str, token: str | None = None) -> bytes:
    """The bytes at an address. A token goes to the host that was named, and to no other. Raises SourceError."""
    if token is not None and not (token.isascii() and token.isprintable()):
        raise SourceError("the token has characters that cannot be sent")
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
    """One request; whatever the other side does, it ends when its time is over."""

    def __init__(self, access: AccessPolicy, address: Address, token: str | None) -> None:
        self.access, self.address, self.token = access, address, token
        self.is_late = False
        self.connection = self._connection()
        self.socket: socket.socket | None = None  # the connection forgets it while the body is read

    def _connection(self) -> http.client.HTTPConnection:
        host, port, seconds = self.address.host, self.address.port, self.access.seconds
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=seconds)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())

    def send(self) -> bytes | str:
        """The body, or where a redirect leads."""
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
                f"no answer from {_host_and_port(self.address)}: {_describe_error(error)}", again=True
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
            return response.getheader("Location") or self._refuse("it redirects to nowhere")
        if response.status != 200:
            raise SourceError(
                f"{self.address.host} answers {response.status} {response.reason}"[:120],
                response.status in RETRY_STATUSES,
            )
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise SourceError("the answer is compressed, which was not asked for")
        return self._read_body(response)

    def _refuse(self, message: str) -> str:
        raise SourceError(message)

    def _read_body(self, response: http.client.HTTPResponse) -> bytes:
        body = response.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise SourceError(f"the answer is larger than {MAX_BYTES // 1_000_000} MB")
        if response.length and not self.is_late:
            raise SourceError("the answer ends too early", again=True)
        return body

    def _abort(self) -> None:
        self.is_late = True
        sock = self.socket or self.connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _timeout_error(self) -> SourceError:
        return SourceError(f"{self.address.host} took longer than {self.access.seconds:g} seconds", again=True)


def _describe_error(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "it does not speak TLS").lower().replace("_", " ")
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "it does not speak HTTP"
