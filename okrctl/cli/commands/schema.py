"""The command that prints the JSON Schema of a kind of file."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli.options import FORMAT, Output
from okrctl.cli.session import Session
from okrctl.operations.schema import output_schema
from okrctl.operations.schema import schema as render_schema
from okrctl.values.errors import UsageError

KIND_HELP = "config, okr or kpi for a file; output for the JSON of a command."
NAME_HELP = "With `output`, the command, such as score."
WITH_IDS_HELP = "Add the owners, teams, KPIs and parents of this workspace for completion in editors."


def schema(
    context: typer.Context,
    kind: Annotated[Literal["config", "okr", "kpi", "output"], typer.Argument(metavar="KIND", help=KIND_HELP)],
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=NAME_HELP)] = None,
    with_ids: Annotated[bool, typer.Option("--with-ids", help=WITH_IDS_HELP)] = False,
    format: Annotated[Literal["json"], FORMAT] = "json",
    output: Output = None,
) -> None:
    """Print the JSON Schema of a file, for editors, or of a command's JSON output, for programs."""
    session = Session.of(context)
    if kind == "output":
        if with_ids:
            raise UsageError("--with-ids cannot be used with `schema output`", "leave it out")
        session.deliver(output_schema(name), output)
        return
    if name is not None:
        raise UsageError(f"schema {kind} takes no name: '{name}'", f"okrctl schema output {name}")
    session.deliver(render_schema(session, kind, with_ids=with_ids), output)
