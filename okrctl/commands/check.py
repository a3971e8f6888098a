"""Validates the files of a workspace."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import checking
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, Output
from okrctl.commands.session import Session
from okrctl.finding import Context
from okrctl.outputs import render


def check(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="Show only findings in these.")] = None,
    format: Annotated[Literal["full", "concise", "json"], FORMAT] = "full",
    output: Output = None,
) -> int:
    """Validate the OKR and KPI files of this workspace."""
    session = Session.of(context)
    opened = opening.from_disk(session)
    report = checking.report(opened, Context(opened.config, session.today))
    session.deliver(render(report, format, session.look), output)
    return int(report.failed)
