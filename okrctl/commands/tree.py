"""Shows who supports what."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, Output, Periods
from okrctl.commands.session import Session
from okrctl.outputs import render
from okrctl.scoring.alignment import forest


def tree(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show which objectives support which, with their scores; no score is made of them."""
    session = Session.of(context)
    opened = opening.whole(session)
    asked = opening.periods_asked(opened, periods, session)
    days = [as_of or scoring.day_asked(one, session.today, opened.config) for one in asked]
    cards = [scoring.scorecard(opened, one, day) for one, day in zip(asked, days, strict=True)]
    session.deliver(render(forest(opened, cards), format, session.look), output)
