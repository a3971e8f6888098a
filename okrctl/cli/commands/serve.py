"""The command that serves pages to a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from okrctl.cli.options import Strings
from okrctl.cli.session import Session
from okrctl.operations import workspaces
from okrctl.sources.optional import require_package
from okrctl.values.errors import NotFoundError

HOST_HELP = "The address to listen on; one that other machines can reach needs a proxy or --read-only."
URL_HELP = "The address that browsers use, such as https://goals.example.com."
HEADER_HELP = "The header in which a proxy says who a person is."


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="The port.")] = 8765,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help=HOST_HELP)] = "127.0.0.1",
    unix_socket: Annotated[
        Path | None, typer.Option("--unix-socket", metavar="PATH", help="Listen on a socket instead of a port.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help=URL_HELP)] = None,
    open: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    code: Annotated[bool, typer.Option("--code", help="Print a new one-time address for a running server.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Offer no forms.")] = False,
    public: Annotated[bool, typer.Option("--public", help="With --read-only, let everybody in.")] = False,
    commit: Annotated[bool, typer.Option("--commit/--no-commit", help="Commit what is saved.")] = True,
    sync: Annotated[bool, typer.Option("--sync", help="Keep the clone in sync with its upstream branch.")] = False,
    user_header: Annotated[str | None, typer.Option("--user-header", metavar="NAME", help=HEADER_HELP)] = None,
    trusted_proxy: Annotated[
        str | None, typer.Option("--trusted-proxy", metavar="ADDRESS", help="The proxy that may connect.")
    ] = None,
    allow: Annotated[
        Strings,
        typer.Option("--allow", metavar="ACTION", help="With --user-header, also allow amend, close or fix."),
    ] = None,
) -> None:
    """Serve pages for people who do not write YAML, to view, check in, draft, amend and close goals."""
    session = Session.of(context)
    if not session.has_workspace():
        hint = workspaces.hint_to_start(session.directory)
        raise NotFoundError(f"no workspace at or above {session.directory}", hint)
    for package in ("starlette", "uvicorn", "watchfiles"):
        require_package(package, "serve", "okrctl serve")
    from okrctl.server.start import ServeRequest, print_new_address, run

    request = ServeRequest(
        root=session.root, environment=dict(session.environment), port=port, host=host, unix_socket=unix_socket,
        url=url, opens=open, is_read_only=read_only, is_public=public, commits=commit, syncs=sync,
        user_header=user_header, trusted_proxy=trusted_proxy, allow=tuple(allow or ()),
    )  # fmt: skip
    if code:
        print_new_address(request, session.out)
    else:
        run(request, session.say)
