"""Prints the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl import json_schema
from okrctl.cli import load
from okrctl.cli.options import Output
from okrctl.cli.session import Session
from okrctl.json_schema import enums


def schema(
    context: typer.Context,
    kind: Annotated[json_schema.Kind, typer.Argument(help="Settings, objectives or KPIs.")],
    with_ids: Annotated[
        bool, typer.Option("--with-ids", help="Let editors propose owners, teams, KPIs and parents of this workspace.")
    ] = False,
    output: Output = None,
) -> None:
    """Print the JSON Schema of a kind of file, which tells editors its keys and values."""
    session = Session.of(context)
    names = enums.workspace_names(load.load_from_disk(session)) if with_ids else None
    session.deliver(json_schema.render_schema(kind, names), output)
