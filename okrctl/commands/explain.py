"""Explains a rule, or lists them all."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.commands import opening
from okrctl.commands.options import FORMAT, Output
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.outputs import render
from okrctl.outputs.terminal import safe
from okrctl.rules import page

ALL_RULES = "rules"


def explain(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="RULE|rules", help="A rule by code or name; rules for the list.")],
    format: Annotated[Literal["table", "json", "markdown"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Explain a rule of `okrctl check`, or list all rules."""
    session = Session.of(context)
    result = _of_rules(what, session)
    if result is None:
        meant = page.alike(what)
        raise OkrctlError(f"there is no rule '{safe(what)}'", f"did you mean '{meant}'?" if meant else page.HINT)
    session.deliver(render(result, format, session.look), output)


def _of_rules(what: str, session: Session) -> page.Listed | page.Rulebook | None:
    """The list of rules, or the rule of this code or name."""
    config, _ = opening.settings_of(session.root)
    if what.casefold() == ALL_RULES:
        return page.rulebook(config)
    rule = page.find(what)
    return page.listed(rule, config) if rule else None
