"""Shows one KPI in full: its figures, what it is about, a chart of its readings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.analysis import arithmetic
from okrctl.kpis.detail import KpiDetail
from okrctl.kpis.overview import KpiStatus
from okrctl.outputs import json
from okrctl.outputs.documents import KpiDocument
from okrctl.outputs.grid import Fact, fact_lines, layout_row
from okrctl.outputs.plot import Plot, Shade, draw_plot
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.views.kpis import TREND_COLORS, data, title


def render(result: KpiDetail, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """A KPI in a format."""
    match format:
        case "table":
            lines = list(layout_row([title(result.status.kpi)], [style.width or 0], style))
            lines += fact_lines(kpi_facts(result), style)
            chart = _chart(result.status, style)
            return "\n".join([*lines, "", *chart] if chart else lines) + "\n"
        case "json":
            return json.document(document(result))


def document(result: KpiDetail) -> KpiDocument:
    """The figures of a KPI with its formula, its uses and its readings."""
    series = result.status.series
    return {
        "as_of": result.as_of,
        **data(result.status),
        "formula": result.status.kpi.model.formula,
        "used_in": [*result.used_in],
        "named_in": [{"ref": each.ref, "state": each.model.state} for each in result.objectives],
        "readings": [{"date": each.day, "value": each.value, "computed": each.is_computed} for each in series],
    }


def _chart(status: KpiStatus, style: TerminalStyle) -> list[str]:
    """All values as a chart: with the usual limits and their baseline, else with the bounds that are watched."""
    watch, drawn = status.kpi.model.watch, status.judged.drawn
    bounds = [bound.number for bound in (watch.below, watch.above) if bound] if watch else []
    if drawn:
        bounds = [drawn.low, drawn.mean, drawn.high]
    points = status.judged.readings if drawn else status.series
    values = [(point.day, point.value) for point in points]
    if len(values) < 2:
        return []
    baseline = Shade(drawn.first, drawn.last, drawn.low, drawn.high) if drawn else None
    name = "mean and usual limits" if drawn else "alarm"
    unit = status.kpi.unit
    caption = sanitize(f"value in {unit}" if unit else "value")
    plot = Plot(values[0][0], values[-1][0], values, (), bounds, (), caption, wording.bare_amount, baseline, name)
    return draw_plot(plot, style)


def kpi_facts(result: KpiDetail) -> Iterator[Fact]:
    """The facts of a KPI, the figures first; those without a text say nothing."""
    yield from _figure_facts(result)
    status, kpi, model = result.status, result.status.kpi, result.status.kpi.model
    yield Fact("direction", ", ".join(filter(None, (wording.direction(kpi), model.indicator))))
    yield Fact("owner", sanitize(", ".join(filter(None, (model.owner, model.team)))))
    yield Fact("formula", sanitize(model.formula or ""))
    yield Fact("used in", ", ".join(result.used_in))
    yield Fact("why", sanitize(model.why or ""))
    yield Fact("about", sanitize(model.description or ""))
    addressing = ", ".join(sanitize(each.ref) for each in status.objectives)
    yield Fact("addressed by", addressing or "no active objective")
    others = [objective for objective in result.objectives if objective not in status.objectives]
    yield Fact("also in", ", ".join(sanitize(each.ref) for each in others))
    for link in model.links:
        yield Fact("link", sanitize(link))


def _signal_fact(status: KpiStatus) -> Fact:
    """The signal; with too few readings for one, how the newest stands among them."""
    signal = wording.signal_words(status)
    if signal:
        return Fact("signal", signal, "yellow")
    return Fact("readings", wording.youth_text(status), "yellow" if status.judged.worst else "dim")


def _figure_facts(result: KpiDetail) -> Iterator[Fact]:
    status, kpi = result.status, result.status.kpi
    on = f" on {status.value_date}" if status.value_date else ""
    of_period = f" of {result.period.id}" if result.period and kpi.aggregate != "latest" else ""
    yield Fact("value", f"{wording.value(status)}{of_period}{on}, {wording.reading_age_in_words(status)}", "bold")
    yield Fact("", sanitize(status.missing_reason or ""), "yellow")
    yield Fact("alarm", sanitize(status.alarm or ""), "red")
    yield _signal_fact(status)
    yield Fact("usual limits", sanitize(arithmetic.describe_limits(status.judged, kpi)))
    if status.previous is not None:
        change = wording.change_with_trend(status.change, status.trend)
        color = TREND_COLORS.get(status.trend or "", "")
        yield Fact("change", f"{change}, from {wording.amount(status.previous, kpi)}", color)
    if status.period_change is not None:
        change = wording.change_with_trend(status.period_change, status.period_trend)
        yield Fact("", f"{change} {wording.since_label(result.period)}")
