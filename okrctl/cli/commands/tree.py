"""Shows who supports what, or what a KPI is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis.alignment import forest
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.kpis.series import Gauges
from okrctl.kpis.tree import anatomy
from okrctl.outputs import render
from okrctl.values import period, suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.period import selection
from okrctl.workspace import Kpi, Workspace


def tree(
    context: typer.Context,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[PERIOD]...|KPI", help="Periods, or a KPI with a formula.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show which objectives support which, with their scores, or a KPI's formula as a tree."""
    session = Session.of(context)
    opened, _ = load.asked(session, known_at)
    kpi = _kpi(opened, what or [], session)
    if kpi is not None:
        result = anatomy(Gauges(opened, as_of or session.today), kpi)
        session.deliver(render(result, format, session.look), output)
        return
    asked = load.periods_asked(opened, what, session, as_of)
    days = [as_of or scoring.day_asked(one, session.today, opened.config) for one in asked]
    cards = [scoring.scorecard(opened, one, day) for one, day in zip(asked, days, strict=True)]
    session.deliver(render(forest(opened, cards), format, session.look), output)


def _kpi(opened: Workspace, words: list[str], session: Session) -> Kpi | None:
    """The KPI that is meant; OkrctlError where a word is neither a KPI nor a period, or both."""
    if len(words) != 1:
        return None
    found = opened.kpis.get(words[0])
    try:
        span = selection.find(words[0], opened.periods, session.today, opened.config.fiscal)
    except period.PeriodError as error:
        if found is None and not period.looks_like_period(words[0]):
            guess = suggestions.meant(suggestions.closest(words[0], opened.kpis))
            raise OkrctlError(f"there is no KPI or period '{words[0]}'{guess}", error.hint) from error
        return found
    if found is not None and span.id != words[0]:
        raise OkrctlError(f"'{words[0]}' is a KPI and the period {span.id}", f"write {span.id} for the period")
    return found
