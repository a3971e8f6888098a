"""The command that prints the JSON Schema of a kind of file."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl.cli.options import Output
from okrctl.cli.session import Session
from okrctl.json_schema import Kind
from okrctl.operations.schema import schema as render_schema

WITH_IDS_HELP = "Add the owners, teams, KPIs and parents of this workspace for completion in editors."


def schema(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="One of config, okr, kpi.")],
    with_ids: Annotated[bool, typer.Option("--with-ids", help=WITH_IDS_HELP)] = False,
    output: Output = None,
) -> None:
    """Print the JSON Schema of a kind of file, which tells editors its keys and values."""
    session = Session.of(context)
    session.deliver(render_schema(session, kind, with_ids=with_ids), output)
