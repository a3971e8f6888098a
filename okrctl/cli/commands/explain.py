"""Explains a score with its arithmetic, why a KPI moved, or a rule; or lists all rules."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis import explanation
from okrctl.analysis.explanation import Explanation
from okrctl.check import rule_page
from okrctl.cli import completion, load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session, parse_date
from okrctl.history import blame
from okrctl.kpis import attribution
from okrctl.kpis.attribution import Drivers
from okrctl.kpis.series import Gauges
from okrctl.outputs import render
from okrctl.outputs.terminal import safe
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace, resolve

ALL_RULES = "rules"
Since = Annotated[
    date | None, typer.Option("--since", metavar="DATE", parser=parse_date, help="A KPI's change from this day on.")
]
Until = Annotated[
    date | None, typer.Option("--until", metavar="DATE", parser=parse_date, help="A KPI's change up to this day.")
]


def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI|RULE|rules",
            autocompletion=completion.explainable,
            help="An objective, key result, KPI or rule; or rules.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    since: Since = None,
    until: Until = None,
    format: Annotated[Literal["table", "json", "markdown"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Explain a score, why a KPI moved between two days, or a rule of `okrctl check`; `rules` lists all rules."""
    session = Session.of(context)
    result = _of_rules(what, session) or _of_thing(what, session, known_at, as_of, since, until)
    session.deliver(render(result, format, session.look), output)


def _of_thing(
    what: str, session: Session, known_at: str | None, as_of: date | None, since: date | None, until: date | None
) -> Explanation | Drivers:
    """The arithmetic of a score or of a KPI; OkrctlError where neither a rule nor a thing of the workspace is meant."""
    if _names_a_rule(what) and not session.in_workspace():
        raise _no_rule(what)
    opened, commit = load.asked(session, known_at)
    try:
        node = resolve.find(opened, what, session.today, (Objective, KeyResult, Kpi))
    except OkrctlError as error:
        raise (_no_rule(what) if _names_a_rule(what) else error) from error
    if isinstance(node, Kpi):
        return _of_kpi(opened, node, since, until or as_of or session.today)
    if since is not None or until is not None:
        raise OkrctlError(f"--since and --until are for KPIs, and {node.ref} is none", "see it on a day with --as-of")
    found = explanation.explain(opened, node, as_of or scoring.day_asked(node.period, session.today, opened.config))
    known = load.repository_if_any(session)
    if known is None:
        return found
    return explanation.with_commits(found, blame.commits(known, opened, explanation.places(found), commit))


def _of_kpi(opened: Workspace, kpi: Kpi, since: date | None, until: date) -> Drivers:
    """Why a KPI moved: by default since the day before the shortest period that runs on the day, else the newest."""
    start = since or attribution.usual_start(opened, until)
    if start >= until:
        raise OkrctlError(f"from {start} to {until} nothing can have moved", "name two days with --since and --until")
    return attribution.explain(Gauges(opened, until), kpi, start, until)


def _names_a_rule(what: str) -> bool:
    return bool(rule_page.alike(what) or re.fullmatch(r"(?i)okr[0-9]+", what))


def _no_rule(what: str) -> OkrctlError:
    meant = rule_page.alike(what)
    return OkrctlError(f"there is no rule '{safe(what)}'", f"did you mean '{meant}'?" if meant else rule_page.HINT)


def _of_rules(what: str, session: Session) -> rule_page.Listed | rule_page.Rulebook | None:
    """The list of rules, or the rule of this code or name."""
    config, _ = load.settings_of(session.root)
    if what.casefold() == ALL_RULES:
        return rule_page.rulebook(config)
    rule = rule_page.find(what)
    return rule_page.listed(rule, config) if rule else None
