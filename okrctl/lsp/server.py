"""The server: which requests of an editor it answers, and when it looks for findings."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, JsonRpcServerNotInitialized
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from okrctl import __version__
from okrctl.lsp.buffers import Buffer, OpenWorkspaces, View, path_of, root_of
from okrctl.lsp.code_actions import KINDS, list_code_actions
from okrctl.lsp.completion import TRIGGERS, list_completions
from okrctl.lsp.debounce import Debounce
from okrctl.lsp.diagnostics import DiagnosticWriter
from okrctl.lsp.edits import build_rename_edit, prepare_rename
from okrctl.lsp.hover import choose_markup, describe_place
from okrctl.lsp.navigation import find_definition, find_highlights, find_references
from okrctl.values.addresses import ISSUES
from okrctl.values.errors import OkrctlError

DEBOUNCE_SECONDS = 0.2  # without a further change, before findings are looked for
WATCHED = "**/*.{yaml,yml,csv}"
Published = dict[str, types.PublishDiagnosticsParams]
R = TypeVar("R")


class PlaceParams(Protocol):
    """The parameters of a request about a place in a file."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class OkrctlProtocol(LanguageServerProtocol):
    """The protocol of pygls, which takes a change of a text that is not open for a fault of the server."""

    client_capabilities = types.ClientCapabilities()  # until the editor says what it can do

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Iterator[Any]:
        """Change an open text; a change of any other is passed over."""
        if unquote(params.text_document.uri) in self.workspace.text_documents:
            yield from super().lsp_text_document__did_change(params)


class OkrctlServer(LanguageServer):
    """A server for one editor.

    Texts come whole with each change, since pygls also breaks lines at characters where editors do not, and would then
    apply a change of a part to another place.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(
            "okrctl",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=OkrctlProtocol,
        )
        self.is_shut_down = False
        self._workspaces = OpenWorkspaces(environment)
        self._worker = ThreadPoolExecutor(1, "okrctl")
        self._debounce: Debounce[str] | None = None
        self._check: asyncio.Future[None] | None = None
        self._published: dict[Path, Published] = {}  # what was published in each workspace, by address

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """Tell the editor of a fault of the server, and log what it sent that is no message of the protocol."""
        if issubclass(source, JsonRpcException):
            text = "ignored a message that is not valid in the Language Server Protocol"
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
        elif source is not FeatureRequestError:  # a request has an answer of its own
            text = f"a bug in okrctl: {error}. Please report it: {ISSUES}"
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))

    def note_changes(self, uris: Iterable[str]) -> None:
        """Look for findings in the workspaces of files, once no more changes come."""
        if self._debounce is None:
            call_later = asyncio.get_running_loop().call_later
            self._debounce = Debounce(call_later, DEBOUNCE_SECONDS, self._start_check)
        self._debounce.add(uris)

    def finish(self) -> None:
        """Drop the work that has not begun."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _buffers(self) -> list[Buffer]:
        """The open texts as they are now; raises JsonRpcException before the session has begun."""
        try:
            documents = self.workspace.text_documents.values()
        except RuntimeError:
            raise JsonRpcServerNotInitialized("the session has not begun: initialize comes first") from None
        paths = ((document, path_of(document.uri)) for document in documents)
        return [Buffer(each.uri, path, each.version, each.source) for each, path in paths if path is not None]

    def _start_check(self, uris: frozenset[str]) -> None:
        self._check = asyncio.ensure_future(self._publish_findings(uris))

    async def _publish_findings(self, uris: frozenset[str]) -> None:
        """Publish the findings in the workspaces of files, unless a text changed in the meantime."""
        try:
            found = await self._run(self._find, uris, self._buffers(), frozenset(self._published))
        except OkrctlError as error:
            self._log(error)
            return
        except Exception:  # a fault of ours, which is no reason to end
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, traceback.format_exc()))
            return
        if self._debounce is not None and self._debounce.is_waiting:
            self._debounce.add(uris)
            return
        for root, published in found.items():
            self._publish(root, published)

    def _find(self, uris: Iterable[str], buffers: list[Buffer], known: frozenset[Path]) -> dict[Path, Published]:
        """What is to be published in each workspace; nothing in those of the known ones that have no open file."""
        paths = [path for path in map(path_of, uris) if path is not None]
        changed, still_open = (set(map(root_of, some)) for some in (paths, [each.path for each in buffers]))
        found: dict[Path, Published] = {root: {} for root in known - still_open}
        for root in changed & still_open:
            if root is not None:
                found[root] = self._find_in(root, buffers)
        return found

    def _find_in(self, root: Path, buffers: list[Buffer]) -> Published:
        view = self._workspaces.view(root, buffers, self.workspace.position_encoding)
        by_path = DiagnosticWriter(view, view.check(), self.client_capabilities).by_path()
        return {
            view.uri(path): types.PublishDiagnosticsParams(view.uri(path), by_path.get(path, []), view.version(path))
            for path in sorted({*by_path, *view.buffers})
        }

    def _publish(self, root: Path, published: Published) -> None:
        """Publish what is new or open, and clear what no longer has findings."""
        before = self._published.pop(root, {})
        for uri in sorted(before.keys() - published.keys()):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for uri, params in published.items():
            if params.version is not None or before.get(uri) != params:
                self.text_document_publish_diagnostics(params)
        if published:
            self._published[root] = published

    async def answer(self, params: PlaceParams, work: Callable[[View, str, int], R]) -> R | None:
        """What the work gives for a place in an open file; None where no workspace reads it, or it could not be done.

        The texts are those of now, although other work may come first.
        """
        return await self.answer_for(params.text_document.uri, self._at(params, work))

    async def require(self, params: PlaceParams, work: Callable[[View, str, int], R]) -> R:
        """What the work gives for a place in an open file; where it could not be done, the request fails and says why.

        Raises JsonRpcException.
        """
        try:
            uri = params.text_document.uri
            found: R | None = await self._run(self._work_for, uri, self._buffers(), self._at(params, work))
        except OkrctlError as error:
            hint = f"; {error.hint}" if error.hint else ""
            raise _refusal(f"{error.message}{hint}") from error
        if found is None:
            raise _refusal("no workspace of okrctl reads this file")
        return found

    @staticmethod
    def _at(params: PlaceParams, work: Callable[[View, str, int], R]) -> Callable[[View, str], R]:
        """The work at the place of a request, which is an offset once the file is known."""
        place = params.position

        def work_at_offset(view: View, path: str) -> R:
            return work(view, path, view.positions(path, view.buffers[path].text).offset(place))

        return work_at_offset

    async def answer_for(self, uri: str, work: Callable[[View, str], R]) -> R | None:
        """What the work gives for an open file; None where no workspace reads it, or it could not be done."""
        try:
            return await self._run(self._work_for, uri, self._buffers(), work)
        except OkrctlError as error:
            self._log(error)
            return None

    def _log(self, error: OkrctlError) -> None:
        """Put into the log of the editor why something could not be done."""
        text = f"{error.message}; {error.hint}" if error.hint else error.message
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, text))

    def _work_for(self, uri: str, buffers: list[Buffer], work: Callable[[View, str], R]) -> R | None:
        path = path_of(uri)
        root = None if path is None else root_of(path)
        if root is None:
            return None
        view = self._workspaces.view(root, buffers, self.workspace.position_encoding)
        found = next((name for name, buffer in view.buffers.items() if buffer.path == path), None)
        return work(view, found) if found in view.project.texts and found is not None else None

    async def _run(self, work: Callable[..., R], *arguments: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._worker, partial(work, *arguments))


def _refusal(message: str) -> JsonRpcException:
    """The answer to a request that cannot be done, for a reason that a person can understand."""
    return JsonRpcException(message, types.LSPErrorCodes.RequestFailed.value)


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether a record is worth a traceback in the log of the editor, which a refusal is not."""
    error = record.exc_info[1] if record.exc_info else None
    is_refusal = isinstance(error, JsonRpcException) and error.code == types.LSPErrorCodes.RequestFailed.value
    return not is_refusal and not isinstance(error, JsonRpcServerNotInitialized)


def build_server(environment: Mapping[str, str]) -> OkrctlServer:
    """The server with all that it answers."""
    server = OkrctlServer(environment)
    _add_lifecycle(server)
    _add_synchronization(server)
    _add_requests(server)
    _add_renames(server)
    return server


def _add_lifecycle(server: OkrctlServer) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        """Ask for word of files that change on the disk, where the editor can give it."""
        workspace = server.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("okrctl-files", method, options)
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.is_shut_down = True


def _add_synchronization(server: OkrctlServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.note_changes([params.text_document.uri])

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.note_changes([params.text_document.uri])

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.note_changes([params.text_document.uri])

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.note_changes([params.text_document.uri])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.note_changes(change.uri for change in params.changes)


def _add_requests(server: OkrctlServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        text_document = server.client_capabilities.text_document
        showing = text_document.hover if text_document is not None else None
        markup = choose_markup(showing.content_format if showing is not None else None)
        return await server.answer(params, lambda view, path, offset: describe_place(view, path, offset, markup))

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    async def completion(params: types.CompletionParams) -> types.CompletionList | None:
        return await server.answer(params, list_completions)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=KINDS))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        capabilities = server.client_capabilities
        return await server.answer_for(
            params.text_document.uri, lambda view, path: list_code_actions(view, path, params, capabilities)
        )

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> types.Location | None:
        return await server.answer(params, find_definition)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location] | None:
        find = partial(find_references, with_declaration=params.context.include_declaration)
        return await server.answer(params, find)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlight(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
        return await server.answer(params, find_highlights)


def _add_renames(server: OkrctlServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit:
        capabilities = server.client_capabilities

        def work(view: View, path: str, offset: int) -> types.WorkspaceEdit:
            return build_rename_edit(view, path, offset, params.new_name, capabilities)

        return await server.require(params, work)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
        return await server.require(params, prepare_rename)


def serve(environment: Mapping[str, str]) -> bool:
    """Serve one editor until it ends the session; whether it did so in order.

    What else is printed goes to standard error, since standard output belongs to the protocol.
    """
    server = build_server(environment)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_fault)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, output)
    server.finish()
    return server.is_shut_down
