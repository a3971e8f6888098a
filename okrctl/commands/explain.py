"""Explains a score with its arithmetic, or a rule, or lists all rules."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import explaining, referring, scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, Output
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.explaining import Explanation
from okrctl.outputs import render
from okrctl.outputs.terminal import safe
from okrctl.rules import page
from okrctl.workspace import KeyResult, Objective

ALL_RULES = "rules"


def explain(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="REF|RULE|rules", help="An objective, a key result, or a rule; rules lists them.")
    ],
    as_of: AsOf = None,
    format: Annotated[Literal["table", "json", "markdown"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Explain the score of an objective or key result, or a rule of `okrctl check`; `rules` lists all rules."""
    session = Session.of(context)
    result = _of_rules(what, session) or _of_score(what, session, as_of)
    session.deliver(render(result, format, session.look), output)


def _of_score(what: str, session: Session, as_of: date | None) -> Explanation:
    """The arithmetic of a score; OkrctlError where neither a rule nor a thing of the workspace is meant."""
    if page.alike(what) and not session.in_workspace():
        raise _no_rule(what)
    opened = opening.whole(session)
    try:
        node = referring.find(opened, what, session.today, (Objective, KeyResult))
    except OkrctlError as error:
        raise (_no_rule(what) if page.alike(what) else error) from error
    assert isinstance(node, Objective | KeyResult)
    return explaining.explain(opened, node, as_of or scoring.day_asked(node.period, session.today, opened.config))


def _no_rule(what: str) -> OkrctlError:
    meant = page.alike(what)
    return OkrctlError(f"there is no rule '{safe(what)}'", f"did you mean '{meant}'?" if meant else page.HINT)


def _of_rules(what: str, session: Session) -> page.Listed | page.Rulebook | None:
    """The list of rules, or the rule of this code or name."""
    config, _ = opening.settings_of(session.root)
    if what.casefold() == ALL_RULES:
        return page.rulebook(config)
    rule = page.find(what)
    return page.listed(rule, config) if rule else None
