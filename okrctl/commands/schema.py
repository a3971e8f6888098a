"""Prints the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl import editors
from okrctl.commands import opening
from okrctl.commands.options import Output
from okrctl.commands.session import Session
from okrctl.editors import naming


def schema(
    context: typer.Context,
    kind: Annotated[editors.Kind, typer.Argument(help="Settings, objectives or KPIs.")],
    with_ids: Annotated[
        bool, typer.Option("--with-ids", help="Let editors propose owners, teams, KPIs and parents of this workspace.")
    ] = False,
    output: Output = None,
) -> None:
    """Print the JSON Schema of a kind of file, which tells editors its keys and values."""
    session = Session.of(context)
    names = naming.names(opening.from_disk(session)) if with_ids else None
    session.deliver(editors.text(kind, names), output)
