"""The command that serves assistants."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl.cli.session import Session
from okrctl.operations import workspaces
from okrctl.sources.optional import require_package
from okrctl.values.errors import NotFoundError

WRITE_HELP = "Add tools that write; each shows its diff and asks for confirmation."


def mcp(
    context: typer.Context,
    write: Annotated[bool, typer.Option("--write", help=WRITE_HELP)] = False,
) -> None:
    """Serve the workspace to AI assistants over standard input and output, using the Model Context Protocol."""
    session = Session.of(context)
    if not session.has_workspace():
        hint = workspaces.hint_to_start(session.directory)
        raise NotFoundError(f"no workspace at or above {session.directory}", hint)
    require_package("mcp", "mcp", "okrctl mcp")
    from okrctl.mcp.documents import Origin
    from okrctl.mcp.server import build_server

    build_server(Origin(session.root, dict(session.environment)), can_write=write).run("stdio")
