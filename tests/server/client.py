"""Asks the application as a browser would, without a network, and reads the forms of its pages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from okrctl.server.access import WRITES, Access, Codes, ProxyRule
from okrctl.server.app import Server, build_app
from okrctl.server.live import ChangeFeed
from okrctl.server.visit import Options
from okrctl.server.workspace import ServedWorkspace

ORIGIN = "http://127.0.0.1:8765"
HOST = "127.0.0.1:8765"
Pairs = Sequence[tuple[str, str]]


@dataclass
class Answer:
    """What the application answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def header(self, name: str) -> str:
        """The value of a header, empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Form:
    """A form of a page: where it is sent, its fields with their values, and the names of its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The fields with other values; unknown names are refused, since a browser could not send them."""
        return self.with_values(values)

    def with_values(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """The fields with other values, by their names."""
        known = {name for name, _ in self.fields}
        assert set(values) <= known, set(values) - known
        return [(name, values.get(name, value)) for name, value in self.fields]


class Client:
    """A browser with a session, unless `cookie` is empty."""

    def __init__(self, server: Server, *, cookie: str | None = None) -> None:
        self.server = server
        self.app = build_app(server)
        self.peer: tuple[str, int] | None = ("127.0.0.1", 50000)
        self.cookie = f"{server.access.cookie_name}={server.access.session}" if cookie is None else cookie

    def get(self, address: str, headers: Pairs = ()) -> Answer:
        """Ask for a page."""
        return self.send("GET", address, [("host", HOST), ("cookie", self.cookie), *headers])

    def post(self, address: str, fields: Pairs, headers: Pairs | None = None) -> Answer:
        """Send a form, from a page of this server unless other headers are given."""
        body = urlencode(fields).encode()
        own = [("origin", self.server.access.origin), ("sec-fetch-site", "same-origin")] if headers is None else headers
        kind = ("content-type", "application/x-www-form-urlencoded")
        return self.send("POST", address, [("host", HOST), ("cookie", self.cookie), kind, *own], body)

    def submit(self, form: Form, fields: Pairs, action: str) -> Answer:
        """Send a form by one of its buttons."""
        return self.post(form.action, [*fields, ("action", action)])

    def form(self, address: str, number: int = 0) -> Form:
        """A form that is sent by POST on a page."""
        answer = self.get(address)
        assert answer.status == 200, answer.text[:500]
        return forms(answer.text)[number]

    def save(self, address: str, **values: str) -> Answer:
        """Fill in the form of a page and save it; returns the answer to that."""
        form = self.form(address)
        return self.submit(form, form.with_values(values), "save")

    def send(self, method: str, address: str, headers: Pairs, body: bytes = b"") -> Answer:
        """Send any request."""
        path, _, query = address.partition("?")
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": raw, "client": self.peer, "server": ("127.0.0.1", 8765), "state": {},
        }  # fmt: skip
        return asyncio.run(self._send(scope, body))

    async def _send(self, scope: dict[str, Any], body: bytes) -> Answer:
        messages: list[dict[str, Any]] = []
        is_sent = False

        async def receive() -> dict[str, Any]:
            nonlocal is_sent
            if is_sent:
                await asyncio.Event().wait()
            is_sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(dict(message))

        await self.app(scope, receive, send)
        start = messages[0]
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in messages[1:]))


def start(
    root: Path, *, today: str = "2026-05-20", options: Options | None = None, access: Access | None = None, **env: str
) -> Client:
    """A client of a server of a workspace, on a day, with every write allowed."""
    environment = {**os.environ, "OKRCTL_TODAY": today, **env}
    served = ServedWorkspace(root, environment)
    access = access or local_access(root.parent / f"{root.name}-codes")
    options = options or Options(frozenset(WRITES), None, commits=served.has_repository())
    return Client(Server(served, access, options, ChangeFeed()))


def local_access(codes: Path) -> Access:
    """Who may come in on this machine."""
    codes.mkdir(exist_ok=True, mode=0o700)
    return Access(ORIGIN, frozenset({HOST, "localhost:8765"}), "okrctl_8765", Codes(codes))


def proxy_access(address: str | None = "127.0.0.1") -> Access:
    """Who may come in behind a proxy."""
    return Access(
        ORIGIN, frozenset({HOST}), "okrctl_8765", None, ProxyRule("X-User", address)
    )  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.is_in_form = False
        self.select: tuple[str, list[str], list[str]] | None = None
        self.textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
            self.is_in_form = True
        elif not self.is_in_form:
            return
        elif tag == "input" and found.get("name"):
            is_box = found.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in found:
                self.forms[-1].fields.append((found["name"], found.get("value", "on" if is_box else "")))
        elif tag == "button":
            self.forms[-1].buttons.append(found.get("value", ""))
        elif tag == "select":
            self.select = (found.get("name", ""), [], [])
        elif tag == "option" and self.select is not None:
            _, options, chosen = self.select
            options.append(found.get("value", "\0"))
            if "selected" in found:
                chosen.append(found.get("value", "\0"))
        elif tag == "textarea":
            self.textarea = (found.get("name", ""), [])

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea[1].append(data)
        if self.select is not None and self.select[1] and self.select[1][-1] == "\0":
            self.select[1][-1] = data.strip()
            if self.select[2] and self.select[2][-1] == "\0":
                self.select[2][-1] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_in_form = False
        elif tag == "select" and self.select is not None:
            name, options, chosen = self.select
            if options:
                self.forms[-1].fields.append((name, (chosen or options)[-1] if chosen else options[0]))
            self.select = None
        elif tag == "textarea" and self.textarea is not None:
            self.forms[-1].fields.append((self.textarea[0], "".join(self.textarea[1]).removeprefix("\n")))
            self.textarea = None


def forms(text: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Reader()
    reader.feed(text)
    return [form for form in reader.forms if form.method == "post"]
