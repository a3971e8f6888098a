"""Decides who may come in: codes for one use, the cookie of a session, the proxy's header, Host and Origin.

Nothing here answers a request; `app` asks `Access` and turns its answer into a response.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import os
import secrets
import stat
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from okrctl import files
from okrctl.schema.settings import Config
from okrctl.values.errors import DiskError

CODE_SECONDS = 60
CODE_PARAMETER = "code"
WRITES = ("checkin", "draft", "amend", "close", "fix")
OPEN_WRITES = ("checkin", "draft")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

Headers = Sequence[tuple[bytes, bytes]]


class Person(NamedTuple):
    """Who looks at a page: the id under `people:` (None where only git knows them), the name, the email address."""

    id: str | None
    name: str
    email: str


class Refusal(NamedTuple):
    """Why a request is not answered: the status of HTTP, and one sentence."""

    status: int
    message: str


class Codes:
    """Codes that open a session once. They are files that only this user can write, so another process can add one.

    The name of a file is the hash of the code; a code is used by deleting its file, which only one request can do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> str:
        """Return a new code, good for 60 seconds and one use."""
        code = secrets.token_urlsafe(32)
        _write_private(self._path(code), json.dumps({"until": time.time() + CODE_SECONDS}))
        return code

    def use(self, code: str) -> bool:
        """Whether a code is good; from then on it is not."""
        path = self._path(code)
        try:
            status = os.lstat(path)
            text = path.read_text("utf-8")
            path.unlink()
        except OSError:
            return False
        is_own = stat.S_ISREG(status.st_mode) and not status.st_mode & 0o077 and status.st_uid == _user_id(status)
        try:
            return is_own and 0 <= float(json.loads(text)["until"]) - time.time() <= CODE_SECONDS
        except (ValueError, TypeError, KeyError):
            return False

    def write_opening_page(self, url: str) -> Path:
        """Write a page that leads a browser to an address, so that no list of processes shows the code."""
        path = self.folder / "open.html"
        address = url.replace("&", "&amp;").replace('"', "&quot;")
        _write_private(
            path, f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={address}"><title>okrctl</title>\n'
        )
        return path

    def clear(self) -> None:
        """Remove all codes and the opening page."""
        for path in self.folder.glob("*"):
            path.unlink(missing_ok=True)

    def _path(self, code: str) -> Path:
        return self.folder / hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def _user_id(status: os.stat_result) -> int:
    return os.getuid() if hasattr(os, "getuid") else status.st_uid


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def code_folder(name: str) -> Path:
    """Return the folder for the codes of a server (its port, or a hash of its socket), which only this user can read.

    Raises DiskError where there is no such folder and none can be made.
    """
    cache = files.cache_dir()
    if cache is None:
        raise DiskError("no folder for the codes of the server", "set XDG_CACHE_HOME or HOME")
    folder = cache / "serve" / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise DiskError(f"cannot use {folder}: {error.strerror}", "check its permissions") from error
    return folder


@dataclass(frozen=True)
class ProxyRule:
    """Trust in a proxy that says who a person is: its header, and the address it connects from (None: a socket)."""

    header: str
    address: str | None = None


@dataclass
class Access:
    """Who may come in. `origin` is what browsers know the server as, such as `http://127.0.0.1:8765`.

    `hosts` are the names that requests may be for. Without a proxy and unless `is_public`, a cookie is needed, which
    a code gives; `cookie_name` differs by port, since browsers send the cookies of one port to all others.
    """

    origin: str
    hosts: frozenset[str]
    cookie_name: str
    codes: Codes | None = None
    proxy: ProxyRule | None = None
    is_public: bool = False
    session: str = field(default_factory=lambda: secrets.token_hex(32))
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the server by https."""
        return self.origin.startswith("https:")

    def refuse_host(self, headers: Headers) -> Refusal | None:
        """Refuse a request for a name that nobody gave the server, as after DNS rebinding."""
        hosts = _values(headers, b"host")
        if len(hosts) == 1 and hosts[0].lower() in self.hosts:
            return None
        return Refusal(403, "This server is not known by this name.")

    def refuse_peer(self, peer: str | None) -> Refusal | None:
        """Refuse a connection that does not come from the proxy, where there is one."""
        if self.proxy is None or self.proxy.address is None:
            return None
        if peer is not None and _is_same_address(peer, self.proxy.address):
            return None
        return Refusal(403, "Only the proxy may connect to this server.")

    def has_session(self, headers: Headers) -> bool:
        """Whether a request has the cookie of this server."""
        wanted = f"{self.cookie_name}="
        parts = (part.strip() for value in _values(headers, b"cookie") for part in value.split(";"))
        found = [part.removeprefix(wanted) for part in parts if part.startswith(wanted)]
        return any(hmac.compare_digest(value.encode(), self.session.encode()) for value in found)

    def cookie(self) -> str:
        """The header that gives a browser the session, for as long as the process lives."""
        secure = "; Secure" if self.is_secure else ""
        return f"{self.cookie_name}={self.session}; HttpOnly; SameSite=Lax; Path=/{secure}"

    def refuse_write(self, headers: Headers) -> Refusal | None:
        """Refuse a write that no page of this server sent."""
        origins = _values(headers, b"origin")
        sites = _values(headers, b"sec-fetch-site")
        if origins != [self.origin] or any(site != "same-origin" for site in sites):
            return Refusal(403, "This form was not sent by a page of this server.")
        return None

    def form_token(self, person: Person | None) -> str:
        """What a form must carry, so that only a page of this process can have made it for this person."""
        name = "" if person is None else f"{person.id}\0{person.name}\0{person.email}"
        return hmac.new(self._key, name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_form_token(self, person: Person | None, token: str) -> bool:
        """Whether a form carries what it must."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.form_token(person).encode())


def proxied_person(proxy: ProxyRule, headers: Headers, config: Config, today: str) -> Person | Refusal:
    """Return the person that a proxy names: exactly one header, for exactly one of `people:` who has not left."""
    name = _only_name([value for key, value in headers if key.lower() == proxy.header.lower().encode()])
    if name is None:
        return Refusal(403, "The proxy does not say who you are.")
    found = _people_named(name.casefold(), config)
    if len(found) != 1 or str(config.last_day(found[0].id or "") or today) < today:
        return Refusal(403, "You are not one of the people in okrctl.yaml.")
    return found[0]


def _people_named(name: str, config: Config) -> list[Person]:
    """The people whose id or email a name is, which is in lower case."""
    return [
        Person(id, settings.name or id, settings.email or f"{id}@invalid")
        for id, settings in (config.people or {}).items()
        if name in (id.casefold(), (settings.email or "").strip().casefold())
    ]


def _only_name(values: Sequence[bytes]) -> str | None:
    """The name in exactly one header; None where there are several, or where it could not be written into a commit."""
    try:
        names = [value.decode("utf-8").strip() for value in values]
    except UnicodeDecodeError:
        return None
    is_plain = len(names) == 1 and not any(character in names[0] for character in "\r\n\0<>")
    return names[0] if is_plain and names[0] else None


def loopback_hosts(port: int) -> frozenset[str]:
    """The names that requests of this machine may be for."""
    return frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES)


def hosts_of_url(url: str) -> frozenset[str]:
    """The values of Host that browsers send for an address."""
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = parts.port or default
    return frozenset({f"{name}:{port}", *({name} if port == default else ())})


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_same_address(peer: str, wanted: str) -> bool:
    try:
        return _plain_address(peer) == _plain_address(wanted)
    except ValueError:
        return False


def _plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _values(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in headers if key.lower() == name]


def parse_allowed(texts: Iterable[str]) -> list[str]:
    """The writes that `--allow` names, separated by commas."""
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]
