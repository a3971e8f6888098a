"""Shows the hypotheses of a period and what came of them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis.hypotheses import evaluate_hypotheses as judged
from okrctl.analysis.hypotheses import newest_period_with_hypothesis
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.outputs.views.hypotheses import render


def impact(
    context: typer.Context,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[PERIOD]", help="A period; the newest that is over and had a hypothesis by default."),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show the hypotheses of a period with their verdicts: did the KPIs move as expected?"""
    session = Session.of(context)
    opened, _ = load.load_at_revision(session, known_at)
    asked = load.requested_periods(opened, [period] if period else None, session)[0]
    if period is None:
        asked = newest_period_with_hypothesis(opened, as_of or session.today) or asked
    day = as_of or scoring.default_day(asked, session.today, opened.config)
    result = judged(opened, scoring.build_scorecard(opened, asked, day))
    session.deliver(render(result, format, session.style), output)
