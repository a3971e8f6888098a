"""Shows who supports what, or what a KPI is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import period, scoring, suggestion
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, KnownAt, Output
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.kpis.anatomy import anatomy
from okrctl.kpis.series import Gauges
from okrctl.outputs import render
from okrctl.period import choosing
from okrctl.scoring.alignment import forest
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
    opened, _ = opening.asked(session, known_at)
    kpi = _kpi(opened, what or [], session)
    if kpi is not None:
        result = anatomy(Gauges(opened, as_of or session.today), kpi)
        session.deliver(render(result, format, session.look), output)
        return
    asked = opening.periods_asked(opened, what, session, as_of)
    days = [as_of or scoring.day_asked(one, session.today, opened.config) for one in asked]
    cards = [scoring.scorecard(opened, one, day) for one, day in zip(asked, days, strict=True)]
    session.deliver(render(forest(opened, cards), format, session.look), output)


def _kpi(opened: Workspace, words: list[str], session: Session) -> Kpi | None:
    """The KPI that is meant; OkrctlError where a word is neither a KPI nor a period, or both."""
    if len(words) != 1:
        return None
    found = opened.kpis.get(words[0])
    try:
        span = choosing.find(words[0], opened.periods, session.today, opened.config.fiscal)
    except period.PeriodError as error:
        if found is None and not period.looks_like_period(words[0]):
            guess = suggestion.meant(suggestion.closest(words[0], opened.kpis))
            raise OkrctlError(f"there is no KPI or period '{words[0]}'{guess}", error.hint) from error
        return found
    if found is not None and span.id != words[0]:
        raise OkrctlError(f"'{words[0]}' is a KPI and the period {span.id}", f"write {span.id} for the period")
    return found
