"""Access policy of sources: allowed hosts, secrets, time and size; secrets are removed from all messages."""

from __future__ import annotations

import ipaddress
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

SECRET_NAME = re.compile(r"OKRCTL_[A-Za-z0-9_]+")
MAX_BYTES = 10_000_000
MAX_ROWS = 10_000
HIDDEN = "***"
_USER_INFO = re.compile(r"(://)[^/\s@]*@")


class SourceError(Exception):
    """The reason why fetching failed; `is_retryable` where another attempt may succeed."""

    def __init__(self, message: str, is_retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_retryable = is_retryable


class Address(NamedTuple):
    """The parts of a web address; `target` is the path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port


def parse_host(address: str) -> tuple[str, str] | None:
    """The host of an address, alone and with its port; None where the address is invalid."""
    parsed = parse_address(address)
    return None if parsed is None else (parsed.host, f"{parsed.host}:{parsed.port}")


def parse_address(address: str) -> Address | None:
    """The parts of an address; None for one with a user, a password, blanks or a host that is not ASCII.

    Programs disagree on the host of such an address, so that a check of the host would mean nothing.
    """
    address = address.strip()
    if re.search(r"[\s\\@\x00-\x1f\x7f]", address.partition("?")[0]) or not address.isascii():
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\x00-\x20\x7f]", address):
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), target)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class AccessPolicy:
    """What sources may use in one run. Secrets that were read are remembered, so that `redact` can remove them."""

    def __init__(
        self, root: Path, hosts: list[str], environment: Mapping[str, str], seconds: float = 30, attempts: int = 3
    ) -> None:
        self.root = root
        self.hosts = {host.strip().lower() for host in hosts}
        self.environment = environment
        self.seconds = seconds
        self.attempts = attempts
        self._secrets: set[str] = set()
        self._lock = threading.Lock()

    def read_secret(self, name: str) -> str:
        """The value of an environment variable; SourceError where it is not set or is not named OKRCTL_..."""
        if not SECRET_NAME.fullmatch(name):
            raise SourceError(f"'{name}' is not a valid name for a secret; use a variable that starts with OKRCTL_")
        value = self.environment.get(name, "")
        if not value:
            raise SourceError(f"the environment variable {name} is not set")
        self.hide(value)
        return value

    def hide(self, value: str) -> None:
        """Remember a secret in all its escaped forms, so that `redact` removes it."""
        forms = {value, quote(value, safe=""), quote(value), unquote(value), repr(value)[1:-1]}
        with self._lock:
            self._secrets |= {form for form in forms if len(form) > 2}

    def redact(self, text: str) -> str:
        """The text without secrets, and without the user and password of any address."""
        with self._lock:
            secrets = sorted(self._secrets, key=len, reverse=True)
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
        return _USER_INFO.sub(rf"\1{HIDDEN}@", text)

    def require_allowed(self, address: str) -> Address:
        """The parts of the address; SourceError where it is not allowed. Nothing is looked up or sent."""
        parsed = parse_address(address)
        if parsed is None:
            raise SourceError("the address is not valid; write https://HOST/PATH, without a user or a password")
        if self.hosts.isdisjoint({parsed.host, f"{parsed.host}:{parsed.port}"}):
            raise SourceError(f"the host '{parsed.host}' is not listed in okrctl.yaml under sources: {{hosts: [...]}}")
        if parsed.scheme != "https" and not is_loopback(parsed.host):
            raise SourceError(f"the address of '{parsed.host}' is not encrypted; write https://")
        return parsed
