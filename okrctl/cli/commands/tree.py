"""Shows who supports what, or what a KPI is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis.alignment import build_alignment_tree
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import build_kpi_tree
from okrctl.outputs.views import alignment, kpi_tree
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
    opened, _ = load.load_at_revision(session, known_at)
    kpi = _requested_kpi(opened, what or [], session)
    if kpi is not None:
        result = build_kpi_tree(KpiValues(opened, as_of or session.today), kpi)
        session.deliver(kpi_tree.render(result, format, session.style), output)
        return
    asked = load.requested_periods(opened, what, session, as_of)
    days = [as_of or scoring.default_day(one, session.today, opened.config) for one in asked]
    cards = [scoring.build_scorecard(opened, one, day) for one, day in zip(asked, days, strict=True)]
    session.deliver(alignment.render(build_alignment_tree(opened, cards), format, session.style), output)


def _requested_kpi(opened: Workspace, words: list[str], session: Session) -> Kpi | None:
    """The KPI that is meant; OkrctlError where a word is neither a KPI nor a period, or both."""
    if len(words) != 1:
        return None
    found = opened.kpis.get(words[0])
    try:
        span = selection.find_period(words[0], opened.periods, session.today, opened.config.fiscal)
    except period.PeriodError as error:
        if found is None and not period.looks_like_period(words[0]):
            guess = suggestions.did_you_mean(suggestions.find_closest(words[0], opened.kpis))
            raise OkrctlError(f"there is no KPI or period '{words[0]}'{guess}", error.hint) from error
        return found
    if found is not None and span.id != words[0]:
        raise OkrctlError(f"'{words[0]}' is a KPI and the period {span.id}", f"write {span.id} for the period")
    return found
