"""Explains a score with its arithmetic, why a KPI moved, a rule, or a topic of the manual; or lists these."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import docs, scoring
from okrctl.analysis import explanation
from okrctl.analysis.explanation import Explanation
from okrctl.check import rule_page
from okrctl.cli import completion, load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session, parse_date
from okrctl.history import blame
from okrctl.kpis import attribution
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.series import KpiValues
from okrctl.outputs import render
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace, references

RULE_LIST = "rules"
TOPIC_LIST = "topics"
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
            metavar="REF|KPI|RULE|TOPIC",
            autocompletion=completion.complete_explainable,
            help="An objective, key result, KPI, rule or topic; or rules, topics.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    since: Since = None,
    until: Until = None,
    format: Annotated[Literal["table", "json", "markdown"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Explain a score, why a KPI moved between two days, a rule or a topic; `rules` and `topics` list them."""
    session = Session.of(context)
    result = (
        _explain_topic(what, session, known_at)
        or _explain_rule(what, session)
        or _explain_node(what, session, known_at, as_of, since, until)
    )
    session.deliver(render(result, format, session.style), output)


def _explain_node(
    what: str, session: Session, known_at: str | None, as_of: date | None, since: date | None, until: date | None
) -> Explanation | Attribution:
    """The arithmetic of a score or of a KPI; OkrctlError where neither a rule nor a thing of the workspace is meant."""
    if _looks_like_rule(what) and not session.in_workspace():
        raise _unknown_rule(what)
    opened, commit = load.load_at_revision(session, known_at)
    try:
        node = references.find_node(opened, what, session.today, (Objective, KeyResult, Kpi))
    except OkrctlError as error:
        raise (_unknown_rule(what) if _looks_like_rule(what) else error) from error
    if isinstance(node, Kpi):
        return _explain_kpi(opened, node, since, until or as_of or session.today)
    if since is not None or until is not None:
        raise OkrctlError(f"--since and --until are for KPIs, and {node.ref} is none", "see it on a day with --as-of")
    found = explanation.explain_score(
        opened, node, as_of or scoring.default_day(node.period, session.today, opened.config)
    )
    known = load.find_repository(session)
    if known is None:
        return found
    return explanation.with_commits(
        found, blame.find_line_commits(known, opened, explanation.input_places(found), commit)
    )


def _explain_kpi(opened: Workspace, kpi: Kpi, since: date | None, until: date) -> Attribution:
    """Why a KPI moved: by default since the day before the shortest period that runs on the day, else the newest."""
    if since is None:
        return attribution.attribute_period(KpiValues(opened, until), kpi)
    start = since
    if start >= until:
        raise OkrctlError(f"from {start} to {until} nothing can have moved", "name two days with --since and --until")
    return attribution.attribute_change(KpiValues(opened, until), kpi, start, until)


def _looks_like_rule(what: str) -> bool:
    return bool(rule_page.closest_rule_name(what) or re.fullmatch(r"(?i)okr[0-9]+", what))


def _unknown_rule(what: str) -> OkrctlError:
    meant = rule_page.closest_rule_name(what)
    return OkrctlError(
        f"there is no rule '{sanitize(what)}'", f"did you mean '{meant}'?" if meant else rule_page.LIST_HINT
    )


def _explain_rule(what: str, session: Session) -> rule_page.RuleEntry | rule_page.Rulebook | None:
    """The list of rules, or the rule of this code or name."""
    config, _ = load.read_settings(session.root)
    if what.casefold() == RULE_LIST:
        return rule_page.build_rulebook(config)
    rule = rule_page.find_rule(what)
    return rule_page.build_entry(rule, config) if rule else None


def _explain_topic(what: str, session: Session, known_at: str | None) -> docs.ManualPage | docs.ManualIndex | None:
    """A page or word of the manual, or the list of all; a goal or KPI of the workspace with the same name comes first.

    The manual needs no workspace and no valid settings. The list of rules is not its page: it has the severities here.
    """
    index = docs.build_index() if what.casefold() == TOPIC_LIST else None
    page = None if what.casefold() == RULE_LIST else docs.find_topic(what)
    if (index or page) and session.in_workspace():
        try:
            opened, _ = load.load_at_revision(session, known_at)
            references.find_node(opened, what, session.today, (Objective, KeyResult, Kpi))
        except OkrctlError:
            return index or page
        return None
    return index or page
