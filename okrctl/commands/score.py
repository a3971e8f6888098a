"""Shows the scorecard of a period."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, Output, Periods
from okrctl.commands.session import Session
from okrctl.outputs import render
from okrctl.scoring.card import Scorecards


def score(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show the scorecard of a period: the running ones where none is named."""
    session = Session.of(context)
    opened = opening.whole(session)
    cards = []
    for period in opening.periods_asked(opened, periods, session):
        day = as_of or scoring.day_asked(period, session.today, opened.config)
        cards.append(scoring.scorecard(opened, period, day))
    result = Scorecards(cards, single=periods is not None and len(periods) == 1)
    session.deliver(render(result, format, session.look), output)
