"""The command that merges goals: in a conflicted work tree, and its installation as git's merge driver."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from okrctl.cli.options import FORMAT, DryRun, Force, Output
from okrctl.cli.session import Session
from okrctl.operations import merge as operation
from okrctl.operations.merge_install import ATTRIBUTES_PATH, install
from okrctl.outputs.views.merge import render, render_installation
from okrctl.values.errors import OkrctlError

FILES_OF_DRIVER = 3


def merge(
    context: typer.Context,
    versions: Annotated[
        list[Path] | None,
        typer.Argument(metavar="BASE OURS THEIRS", help="Three files, as git names them; OURS gets the result."),
    ] = None,
    path: Annotated[
        str | None, typer.Option("--path", metavar="PATH", help="The path of the merged file in the repository.")
    ] = None,
    marker_size: Annotated[
        int, typer.Option("--marker-size", metavar="N", help="The length of the conflict markers.")
    ] = 7,
    is_install: Annotated[
        bool, typer.Option("--install", help="Set up this clone so that git merges goals with okrctl.")
    ] = False,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
    force: Force = False,
    dry_run: DryRun = False,
) -> int:
    """Merge the goal files that git left in conflict; exit with 1 while conflicts are left."""
    session = Session.of(context)
    if versions or path:
        _refuse_driver(versions or ())
    if is_install:
        return _install(session, format, output, dry_run)
    result = operation.merge_work_tree(session, operation.MergeRequest(marker_size, force, dry_run))
    session.deliver(render(result, format, session.style), output)
    return int(not result.is_complete)


def _refuse_driver(versions: Sequence[Path]) -> NoReturn:
    """Say why this is no call of a merge driver, which never comes here."""
    usage = "use okrctl merge BASE OURS THEIRS [--path PATH] [--marker-size N]"
    if len(versions) == FILES_OF_DRIVER:
        raise OkrctlError("a merge driver takes no options but --path and --marker-size", usage)
    raise OkrctlError("a merge driver needs three files", usage)


def _install(session: Session, format: Literal["table", "json"], output: Path | None, dry_run: bool) -> int:
    result = install(session, dry_run=dry_run)
    if format == "json":
        text = render_installation(
            result.driver, ATTRIBUTES_PATH, result.attributes, is_changed=result.is_changed, is_dry_run=dry_run
        )
        session.deliver(text, output)
        return 0
    if dry_run:
        session.out(f"merge.okrctl.driver={result.driver}\n\n{result.attributes}")
        return 0
    session.notify("git now merges goals with okrctl in this clone")
    if result.is_changed:
        session.notify(f"wrote {ATTRIBUTES_PATH}; commit it")
    return 0
