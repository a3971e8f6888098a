"""An editor in front of a server that really runs: it opens files, types, and waits for what the server says."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities

from tests.repositories import clean_environment

TODAY = "2026-05-20"
PATIENCE = 120.0  # seconds in which all of one conversation must be over
EDITORS = ("visual-studio-code", "neovim@v0.11", "emacs")
GOALS = """\
period: 2026-Q2
team: web
objectives:
  - id: fast
    title: Pages load before people lose patience
    owner: ana
    kpis: [visits]
    key_results:
      - id: share
        title: Pages below a second
        from: 0
        to: 100
        unit: "%"
        readings:
          2026-04-20: 20
          2026-05-11: 30
      - id: errors
        title: Pages that fail
        at_most: 4
        guards: [share]
"""
KPIS = """\
kpis:
  - {id: visits, title: Visits, owner: ana, better: higher, readings: {2026-04-20: 7, 2026-05-04: 9}}
"""
SETTINGS = "teams: {web: {name: Web}, shop: {name: Shop}}\npeople: {ana: {name: Ana}, tom: {name: Tom}}\n"
WEB, KPI, CONFIG = "okrs/2026-Q2/web.yaml", "kpis/a.yaml", "okrctl.yaml"
SHOP = "okrs/2026-Q2/shop.yaml"  # that tests write
FILES = {WEB: GOALS, KPI: KPIS, CONFIG: SETTINGS}
Diagnostics = list[types.Diagnostic]
R = TypeVar("R")


def codes(diagnostics: Diagnostics) -> set[str]:
    """The codes of findings."""
    return {str(each.code) for each in diagnostics}


class Editor:
    """One editor with a server, in the workspace `root`. What the server publishes is kept by address."""

    server_capabilities: types.ServerCapabilities
    root: Path

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.publications: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self._add_features()

    def _add_features(self) -> None:
        client = self.client

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.publications.append(params)
            self._news.set()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations
            self._news.set()

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def log(params: types.LogMessageParams) -> None:
            client.log_messages.append(params)
            self._news.set()

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            client.messages.append(params)
            self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what the server says until something is so."""
        while not is_so():
            self._news.clear()
            await self._news.wait()

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    async def open(self, path: str, text: str | None = None) -> Diagnostics:
        """The findings in a file that is opened, with the text on the disk or another one."""
        uri = self.uri(path)
        text = (self.root / path).read_bytes().decode() if text is None else text
        self.begin(uri, text)
        return await self.findings(uri)

    def begin(self, uri: str, text: str) -> None:
        """Open a text without waiting."""
        self.texts[uri], self.versions[uri] = text, 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text))
        )

    async def change(self, path: str, text: str) -> Diagnostics:
        """The findings in an open file whose text becomes another one."""
        self.type(self.uri(path), text)
        return await self.findings(self.uri(path))

    async def replace(self, path: str, old: str, new: str) -> Diagnostics:
        """The findings in an open file in which a piece of text is replaced."""
        text = self.texts[self.uri(path)]
        assert old in text
        return await self.change(path, text.replace(old, new))

    def type(self, uri: str, text: str) -> None:
        """Change a text without waiting."""
        self.texts[uri] = text
        self.versions[uri] = version = self.versions.get(uri, 0) + 1
        change = types.TextDocumentContentChangeWholeDocument(text)
        document = types.VersionedTextDocumentIdentifier(version, uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def findings(self, uri: str) -> Diagnostics:
        """The findings of the newest version of an open text."""
        await self.until(lambda: uri in self.published and self.published[uri].version == self.versions[uri])
        return list(self.published[uri].diagnostics)

    def shown(self, path: str) -> Diagnostics:
        """The findings that the editor shows now for a file."""
        params = self.published.get(self.uri(path))
        return list(params.diagnostics) if params else []

    def close(self, path: str) -> None:
        """Close a file."""
        uri = self.uri(path)
        del self.texts[uri], self.versions[uri]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def ask_whether_it_lives(self) -> None:
        """Ask something that every server answers."""
        request = types.HoverParams(types.TextDocumentIdentifier("untitled:life"), types.Position(0, 0))
        assert await self.client.text_document_hover_async(request) is None

    def forget(self) -> None:
        """Close what is open, and forget what was said."""
        for uri in list(self.texts):
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        for kept in (self.texts, self.versions, self.published):
            kept.clear()
        self.publications.clear()
        self.client.messages.clear()
        self.client.log_messages.clear()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def place(self, path: str, marked: str, offset: int = 0) -> types.Position:
        """The position of the first piece of text in an open file, in units of UTF-16, moved by some units."""
        text = self.texts[self.uri(path)]
        return position(text, text.index(marked)) if not offset else move(position(text, text.index(marked)), offset)


def position(text: str, index: int) -> types.Position:
    """The position of an index in a text, in units of UTF-16; written apart from the code that is tested."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rpartition("\n")[2]
    return types.Position(before.count("\n"), sum(2 if ord(letter) > 0xFFFF else 1 for letter in line))


def move(place: types.Position, units: int) -> types.Position:
    return types.Position(place.line, place.character + units)


def at(text: str, place: types.Position) -> int:
    """The index of a position in units of UTF-16."""
    breaks = [found.end() for found in re.finditer(r"\r\n|[\r\n]", text)]
    index = breaks[place.line - 1] if place.line else 0
    units = 0
    while units < place.character:
        units += 2 if ord(text[index]) > 0xFFFF else 1
        index += 1
    return index


def marked(text: str, range: types.Range) -> str:
    """The text in a range."""
    return text[at(text, range.start) : at(text, range.end)]


class Connection:
    """A server with one editor in front of it, on an event loop of its own; all conversations of a test run share it.

    So the server has to survive every one of them.
    """

    def __init__(self, capabilities: types.ClientCapabilities) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.editor: Editor = self.run(self._start(capabilities))

    async def _start(self, capabilities: types.ClientCapabilities) -> Editor:
        client = LanguageClient(converter_factory=default_converter)
        editor = Editor(client)
        environment = clean_environment() | {"OKRCTL_TODAY": TODAY, "PYTHONPATH": str(Path(__file__).parents[2])}
        await client.start_io(sys.executable, "-m", "okrctl", "lsp", env=environment, limit=2**26)
        result = await client.initialize_session(types.InitializeParams(capabilities))
        editor.server_capabilities = result.capabilities
        return editor

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, PATIENCE), self.loop).result()

    def close(self) -> int | None:
        """End the session in order; the exit status of the server."""

        async def close() -> int | None:
            client = self.editor.client
            await client.shutdown_session()
            await client.stop()
            return client._server.returncode if client._server else None

        status = self.run(close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        return status


_connections: dict[str, Connection] = {}


def talk(
    root: Path, work: Callable[[Editor], Coroutine[Any, Any, R]], *, editor: str = EDITORS[0], encoding: str = ""
) -> R:
    """What the work gives that an editor does in a workspace. The server has no fault meanwhile."""
    key = f"{editor} {encoding}"
    if key not in _connections:
        capabilities = client_capabilities(editor)
        if encoding:
            capabilities.general = types.GeneralClientCapabilities(position_encodings=[encoding])
        _connections[key] = Connection(capabilities)
    connection = _connections[key]
    own = connection.editor
    own.root = root
    try:
        result = connection.run(work(own))
        connection.run(own.ask_whether_it_lives())
        assert own.client.messages == [] and own.client.log_messages == []
        return result
    finally:
        own.forget()


def close_connections() -> list[int | None]:
    """End all sessions; the exit status of each server."""
    return [_connections.pop(key).close() for key in list(_connections)]


async def refusal(request: Awaitable[Any]) -> str:
    """The message with which the server refuses a request."""
    try:
        await request
    except JsonRpcException as error:
        assert error.data is None, error.data
        return error.message
    raise AssertionError("the request was answered")
