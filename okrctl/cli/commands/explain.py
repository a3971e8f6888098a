"""The command that explains a score, a KPI, a rule or a topic of the manual."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from okrctl.analysis.explanation import Explanation
from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.check.title_explanation import TitleExplanation
from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.kpis.attribution import Attribution
from okrctl.operations.explain import ExplainRequest
from okrctl.operations.explain import explain as find_explanation
from okrctl.operations.project import parse_date
from okrctl.outputs.views import attribution as attribution_view
from okrctl.outputs.views import explanation as explanation_view
from okrctl.outputs.views import manual as manual_view
from okrctl.outputs.views import rules as rules_view
from okrctl.outputs.views import title as title_view

Since = Annotated[
    date | None,
    typer.Option("--since", metavar="DATE", parser=parse_date, help="Explain the change of a KPI since this day."),
]
Until = Annotated[
    date | None,
    typer.Option("--until", metavar="DATE", parser=parse_date, help="Explain the change of a KPI until this day."),
]
Title = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="Show how a title is read and what the wording rules find."),
]


def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI|RULE|TOPIC",
            autocompletion=completion.complete_explainable,
            help="An objective, key result, KPI, rule or topic; `rules` and `topics` list them.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    since: Since = None,
    until: Until = None,
    title: Title = None,
    format: Annotated[Literal["table", "json", "markdown"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Explain a score, why a KPI moved between two days, a rule or a topic; `rules` and `topics` list them."""
    session = Session.of(context)
    result = find_explanation(session, ExplainRequest(what, as_of, known_at, since, until, title))
    match result:
        case Explanation():
            text = explanation_view.render(result, format, session.style)
        case Attribution():
            text = attribution_view.render(result, format, session.style)
        case TitleExplanation():
            text = title_view.render(result, format, session.style)
        case RuleEntry() | Rulebook():
            text = rules_view.render(result, format, session.style)
        case _:
            text = manual_view.render(result, format, session.style)
    session.deliver(text, output)
