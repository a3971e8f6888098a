"""Fetches one document over HTTP: listed hosts only, encrypted, within limits of time and size."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from urllib.parse import urljoin

from okrctl.sources.policy import MOST_BYTES, Access, Address, SourceError

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
LATER = (408, 425, 429, 500, 502, 503, 504)


def document(access: Access, address: str, token: str | None = None) -> object:
    """The JSON at an address; numbers are texts as they were sent. Raises SourceError."""

    def refuse(constant: str) -> object:
        raise SourceError(f"the answer has {constant} where a number is meant")

    body = fetch(access, address, token)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Number, parse_int=Number, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise SourceError("the answer is no JSON") from None


class Number(str):
    """A number of a JSON text, with all its digits."""

    __slots__ = ()


def fetch(access: Access, address: str, token: str | None = None) -> bytes:
    """The bytes at an address. A token goes to the host that was named, and to no other. Raises SourceError."""
    if token is not None and not (token.isascii() and token.isprintable()):
        raise SourceError("the token has characters that cannot be sent")
    here = access.allowed(address)
    first = here.origin
    for _ in range(MOST_REDIRECTS + 1):
        found = _Call(access, here, token if here.origin == first else None).answer()
        if isinstance(found, bytes):
            return found
        here = access.allowed(urljoin(f"{here.scheme}://{_named(here)}{here.target}", found))
    raise SourceError(f"more than {MOST_REDIRECTS} redirects")


def _named(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


class _Call:
    """One request; whatever the other side does, it ends when its time is over."""

    def __init__(self, access: Access, address: Address, token: str | None) -> None:
        self.access, self.address, self.token = access, address, token
        self.late = False
        self.connection = self._connection()
        self.socket: socket.socket | None = None  # the connection forgets it while the body is read

    def _connection(self) -> http.client.HTTPConnection:
        host, port, seconds = self.address.host, self.address.port, self.access.seconds
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=seconds)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())

    def answer(self) -> bytes | str:
        """The body, or where a redirect leads."""
        timer = threading.Timer(self.access.seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            found = self._exchange()
        except SourceError:
            raise
        except ssl.SSLError as error:
            if self.late:
                raise self._too_slow() from None
            raise SourceError(f"no trusted connection to {self.address.host}: {_reason(error)}") from None
        except TimeoutError:
            raise self._too_slow() from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self.late:
                raise self._too_slow() from None
            raise SourceError(f"no answer from {_named(self.address)}: {_reason(error)}", again=True) from None
        finally:
            timer.cancel()
            self.connection.close()
        if self.late:
            raise self._too_slow()
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
            return response.getheader("Location") or self._refused("it redirects to nowhere")
        if response.status != 200:
            raise SourceError(
                f"{self.address.host} answers {response.status} {response.reason}"[:120], response.status in LATER
            )
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise SourceError("the answer is compressed, which was not asked for")
        return self._body(response)

    def _refused(self, message: str) -> str:
        raise SourceError(message)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise SourceError(f"the answer is larger than {MOST_BYTES // 1_000_000} MB")
        if response.length and not self.late:
            raise SourceError("the answer ends too early", again=True)
        return body

    def _cut(self) -> None:
        self.late = True
        sock = self.socket or self.connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _too_slow(self) -> SourceError:
        return SourceError(f"{self.address.host} took longer than {self.access.seconds:g} seconds", again=True)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "it does not speak TLS").lower().replace("_", " ")
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "it does not speak HTTP"
