"""The command that serves editors."""

from __future__ import annotations

import sys

import typer

from okrctl.cli.session import Session
from okrctl.sources.optional import require_package
from okrctl.values.errors import UsageError


def lsp(context: typer.Context) -> int:
    """Serve editors over standard input and output, using the Language Server Protocol. Nothing is written."""
    session = Session.of(context)
    require_package("pygls", "lsp", "okrctl lsp")
    if sys.stdin is None or sys.stdout is None or sys.stdin.isatty():
        raise UsageError(
            "okrctl lsp does not run on a terminal: an editor starts it",
            "`okrctl explain editors` says how",
        )
    from okrctl.lsp.server import serve

    return 0 if serve(dict(session.environment)) else 1
