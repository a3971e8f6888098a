"""A client for the YAML language server that editors use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

WHERE = "OKRCTL_TEST_YAMLLS"
"""The folder that holds `node_modules/yaml-language-server`, as `npm install --prefix` makes it."""
PATIENCE = 120.0  # seconds in which all of one conversation must be over
CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "publishDiagnostics": {},
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
    },
}
WHERE_ASKED = os.environ.get(WHERE)  # before the tests clear the variables of okrctl


def found() -> tuple[str, Path] | None:
    """Node.js and the server's program, None where one of them is missing."""
    node = shutil.which("node")
    script = Path(WHERE_ASKED or "node_modules") / "node_modules/yaml-language-server/bin/yaml-language-server"
    return (node, script) if node and WHERE_ASKED and script.is_file() else None


class LanguageServer:
    """One server in one folder, with settings as an editor sends them (the section `yaml`)."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        program = found()
        assert program, f"no Node.js, or no server below {WHERE}"
        self.folder, self.settings = folder, settings
        self.process = subprocess.Popen(
            [program[0], program[1], "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.watch = threading.Timer(PATIENCE, self.process.kill)
        self.number = 0

    def __enter__(self) -> LanguageServer:
        self.watch.start()
        root = self.folder.as_uri()
        self.ask("initialize", processId=os.getpid(), rootUri=root, capabilities=CAPABILITIES,
                 workspaceFolders=[{"uri": root, "name": "here"}])  # fmt: skip
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings={"yaml": self.settings})
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.watch.cancel()
        self.process.kill()
        self.process.communicate()

    def open(self, path: str, text: str) -> list[dict[str, Any]]:
        """What the server says of a text that is opened as the file `path` of the folder."""
        uri = self._uri(path)
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        said = self._until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri)
        diagnostics: list[dict[str, Any]] = said["params"]["diagnostics"]
        return diagnostics

    def complete(self, path: str, line: int, column: int) -> list[dict[str, Any]]:
        """What the server proposes at a place, from 0."""
        answer = self._at("completion", path, line, column)
        items: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer or []
        return items

    def hover(self, path: str, line: int, column: int) -> str:
        """What the server shows for a place, from 0."""
        answer = self._at("hover", path, line, column)
        return str(answer["contents"]["value"]) if answer else ""

    def _at(self, what: str, path: str, line: int, column: int) -> Any:
        place = {"line": line, "character": column}
        return self.ask(f"textDocument/{what}", textDocument={"uri": self._uri(path)}, position=place)

    def _uri(self, path: str) -> str:
        return (self.folder / path).as_uri()

    def ask(self, method: str, **parameters: Any) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": parameters})
        answer = self._until(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _until(self, meant: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is meant; what the server asks on the way is answered."""
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})
            if meant(message):
                return message

    def _answer(self, question: dict[str, Any]) -> Any:
        if question["method"] != "workspace/configuration":
            return None
        return [self.settings if item.get("section") == "yaml" else {} for item in question["params"]["items"]]

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has gone"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message
