"""Access policy of sources: allowed hosts, secrets, time and size; secrets are removed from all messages."""

from __future__ import annotations

import ipaddress
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from okrctl.values.nouns import count_noun

SECRET_NAME = re.compile(r"OKRCTL_[A-Za-z0-9_]+")
SECRET_KEYS = ("token_env", "basic_env", "url_env")
VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
USUAL_PORTS = {"http": 80, "https": 443}
MAX_BYTES = 10_000_000
MAX_ROWS = 10_000
HIDDEN = "***"
_USER_INFO = re.compile(r"(://)[^/\s@]*@")


class SourceError(Exception):
    """The reason why fetching failed; `is_retryable` where another attempt may succeed, after `wait` seconds."""

    def __init__(self, message: str, is_retryable: bool = False, wait: float = 0) -> None:
        super().__init__(message)
        self.message = message
        self.is_retryable = is_retryable
        self.wait = wait


class Address(NamedTuple):
    """The parts of a web address; `target` is the path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_in_url(self) -> str:
        """The host as an address has it: in brackets where it is an IPv6 address."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        """The whole address, with the port where it is not the usual one."""
        port = "" if self.port == USUAL_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host_in_url}{port}{self.target}"

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
    return Address(parts.scheme, host, port or USUAL_PORTS[parts.scheme], target)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def describe_value(raw: object) -> str:
    """What a source answered, by its type and length only: an error must not print what may be a secret."""
    if isinstance(raw, str):
        return f"a text of {count_noun(len(raw), 'character')}"
    if isinstance(raw, dict | list | tuple):
        kind = "an object" if isinstance(raw, dict) else "a list"
        return f"{kind} of {count_noun(len(raw), 'value')}"
    return "nothing" if raw is None else f"a value of the type {type(raw).__name__}"


def header_variables(value: str) -> list[str]:
    """The names of the environment variables in the value of a header: `$NAME` or `${NAME}`."""
    return [first or second for first, second in VARIABLE.findall(value)]


def secret_names(spec: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The environment variables that a `source:` names, each with the keys that lead to it."""
    for key in SECRET_KEYS:
        name = spec.get(key)
        if isinstance(name, str):
            yield (key,), name
    headers = spec.get("headers")
    for header, value in headers.items() if isinstance(headers, dict) else ():
        for name in header_variables(value) if isinstance(value, str) else ():
            yield ("headers", header), name


class AccessPolicy:
    """What sources may use in one run. Secrets that were read are remembered, so that `redact` can remove them.

    `trusted` are the digests of the sources that the person allows (see `trust`).
    """

    def __init__(
        self,
        root: Path,
        hosts: list[str],
        environment: Mapping[str, str],
        seconds: float = 30,
        attempts: int = 3,
        trusted: frozenset[str] = frozenset(),
    ) -> None:
        self.root = root
        self.trusted = trusted
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

    def fill_in(self, value: str) -> str:
        """The value of a header with the variables that it names; SourceError as for `read_secret`."""
        return VARIABLE.sub(lambda match: self.read_secret(match[1] or match[2]), value)

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
