"""Shows an error to programs: a document with a stable code in place of the result."""

from __future__ import annotations

from typing import Literal

from okrctl.outputs import json
from okrctl.outputs.ci.json import diagnostic_data
from okrctl.outputs.documents import ErrorDocument
from okrctl.values.errors import OkrctlError


def document(error: OkrctlError) -> ErrorDocument:
    """The document of an error."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "hint": error.hint or "see okrctl --help",
            "path": error.path,
            "line": error.line,
            "diagnostics": [diagnostic_data(each) for each in error.diagnostics],
        }
    }


def render(error: OkrctlError, format: Literal["json"]) -> str:
    """The document of an error as text; for people the terminal prints two lines."""
    return json.document(document(error))


def render_fault(error: Exception, hint: str) -> str:
    """The document of a fault of okrctl itself as text."""
    return json.document(document(_Fault(f"{type(error).__name__}: {error}", hint)))


def render_interrupt() -> str:
    """The document of a run that a person ended with Ctrl-C."""
    return json.document(document(_Interrupt("interrupted", "run the command again")))


class _Interrupt(OkrctlError):
    """The end that a person asked for."""

    code = "interrupted"


class _Fault(OkrctlError):
    """An exception that okrctl should not have raised."""

    code = "internal"
